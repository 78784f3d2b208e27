import { drawGuid } from "../world/draw.ts";
import { isOn } from "../world/instance-health.ts";
import type { Vantage, World } from "../world/world.ts";
import { ownObjectId } from "./activity-service.ts";
import { type ArmResponse, failed, invalidRequest, notFoundByGateway } from "./arm-responses.ts";
import type { ArmRoute } from "./arm-routes.ts";
import { json, throughArm, type WireReply, type WireRequest } from "./wire-reply.ts";

const PATH =
  /^(\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?)\/providers\/microsoft\.authorization\/(permissions|roleassignments|roledefinitions)(?:\/([^/]+))?$/i;
const FILTER = /^atScope\(\) and assignedTo\('([^']+)'\)$/;
const API_VERSION = "2022-04-01";

/** What the published roles grant on the resource group of an instance. */
const ON_RESOURCE_GROUPS = [
  "Microsoft.Sql/managedInstances/read",
  "Microsoft.Sql/managedInstances/encryptionProtector/read",
  "Microsoft.Sql/managedInstances/operations/read",
  "Microsoft.Sql/managedInstances/inaccessibleManagedDatabases/read",
  "Microsoft.Sql/managedInstances/validateAzureKeyVaultEncryptionKey/action",
  "Microsoft.Sql/locations/instanceFailoverGroups/read",
  "Microsoft.Sql/locations/instanceFailoverGroups/failover/action",
  "Microsoft.Sql/locations/instanceFailoverGroups/forceFailoverAllowDataLoss/action",
  "Microsoft.ResourceHealth/availabilityStatuses/read",
  "Microsoft.Insights/eventtypes/values/read",
];
const ON_SUBSCRIPTIONS = ["Microsoft.Sql/locations/*/read"];

interface Scope {
  readonly subscriptionId: string;
  /** Null: the subscription itself. */
  readonly resourceGroup: string | null;
}

/** Is this a question about rights? */
export function asksAccess({ url }: WireRequest): boolean {
  return PATH.test(url.pathname);
}

/** Rights: the sites' identity has the published roles, whoever else asks may do everything. */
export function answerAccess(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  return throughArm(world, vantage, request, () => {
    const { searchParams, pathname } = request.url;
    if (searchParams.get("api-version") !== API_VERSION) {
      return invalidRequest("InvalidApiVersionParameter", "The api-version is not supported.");
    }
    const [, scopeId = "", subscriptionId = "", group, what = "", id = ""] =
      PATH.exec(decodeURIComponent(pathname)) ?? [];
    const scope = { subscriptionId, resourceGroup: group ?? null };
    switch (what.toLowerCase()) {
      case "permissions":
        return json(200, { value: permissionsOf(world, vantage, scope) });
      case "roleassignments":
        return assignments(world, scopeId, scope, searchParams.get("$filter") ?? "");
      default:
        return definition(world, subscriptionId, id);
    }
  });
}

/** What Resource Manager says to our own identity where a right is missing; null where none is. */
export function refusedFor(world: World, vantage: Vantage, route: ArmRoute): ArmResponse | null {
  const action = actionOf(route);
  if (action === null || !isOurs(world, vantage) || !("resourceGroup" in route)) return null;
  const { subscriptionId, resourceGroup } = route;
  const held = actionsAt(world, { subscriptionId, resourceGroup });
  if (held.includes(action)) return null;
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return failed({
    status: 403,
    code: "AuthorizationFailed",
    message: `The client with object id '${ownObjectId(world)}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
    failureCause: "gateway",
    retryAfterSeconds: null,
  });
}

function actionOf(route: ArmRoute): string | null {
  switch (route.kind) {
    case "group":
    case "groups":
      return "Microsoft.Sql/locations/instanceFailoverGroups/read";
    case "failover":
      return route.failover === "planned"
        ? "Microsoft.Sql/locations/instanceFailoverGroups/failover/action"
        : "Microsoft.Sql/locations/instanceFailoverGroups/forceFailoverAllowDataLoss/action";
    case "instance":
      return "Microsoft.Sql/managedInstances/read";
    case "operations":
      return "Microsoft.Sql/managedInstances/operations/read";
    case "inaccessible-databases":
      return "Microsoft.Sql/managedInstances/inaccessibleManagedDatabases/read";
    case "keys":
      return "Microsoft.Sql/managedInstances/keys/read";
    case "protector":
      return "Microsoft.Sql/managedInstances/encryptionProtector/read";
    case "validate-key":
      return "Microsoft.Sql/managedInstances/validateAzureKeyVaultEncryptionKey/action";
    case "poll":
    case "nothing":
      return null;
    default:
      return route satisfies never;
  }
}

function permissionsOf(world: World, vantage: Vantage, scope: Scope): readonly object[] {
  if (!isOurs(world, vantage)) return [permission(["*"])];
  return rolesAt(scope).map((at) => permission(actionsAt(world, at)));
}

function assignments(world: World, scopeId: string, scope: Scope, filter: string): ArmResponse {
  const principalId = FILTER.exec(filter)?.[1];
  if (principalId === undefined) {
    return invalidRequest("InvalidFilter", "The filter is not supported.");
  }
  const held = principalId === ownObjectId(world) ? rolesAt(scope) : [];
  const value = held.map((at) => {
    const assigned = at.resourceGroup === null ? `/subscriptions/${at.subscriptionId}` : scopeId;
    const id = roleId(world, at);
    return {
      properties: {
        roleDefinitionId: `/subscriptions/${at.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
        principalId,
        principalType: "ServicePrincipal",
        scope: assigned,
      },
      id: `${assigned}/providers/Microsoft.Authorization/roleAssignments/${id}`,
      type: "Microsoft.Authorization/roleAssignments",
      name: id,
    };
  });
  return json(200, { value });
}

function definition(world: World, subscriptionId: string, id: string): ArmResponse {
  const found = [{ subscriptionId, resourceGroup: null }, ...placesIn(world, subscriptionId)].find(
    (at) => roleId(world, at) === id,
  );
  if (found === undefined) {
    return notFoundByGateway(`Microsoft.Authorization/roleDefinitions/${id}`, "none");
  }
  return json(200, {
    properties: {
      roleName: found.resourceGroup === null ? "geo-failover-poller" : "geo-failover-operator",
      type: "CustomRole",
      permissions: [permission(actionsAt(world, found))],
    },
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name: id,
  });
}

function permission(actions: readonly string[]): object {
  return { actions, notActions: [], dataActions: [], notDataActions: [] };
}

function isOurs(world: World, vantage: Vantage): boolean {
  return world.sites.some(({ name }) => name === vantage.name);
}

/** Roles are assigned on the subscription, and on each resource group of an instance. */
function rolesAt(scope: Scope): readonly Scope[] {
  const whole = { ...scope, resourceGroup: null };
  return scope.resourceGroup === null ? [whole] : [scope, whole];
}

function actionsAt(world: World, scope: Scope): readonly string[] {
  const granted = scope.resourceGroup === null ? ON_SUBSCRIPTIONS : ON_RESOURCE_GROUPS;
  return granted.filter((action) => !isMissing(world, action, scope));
}

function isMissing(world: World, action: string, scope: Scope): boolean {
  return world.faults("right-missing").some((fault) => {
    if (fault.action.toLowerCase() !== action.toLowerCase()) return false;
    const { on } = fault;
    if (on === undefined) return true;
    return [...world.groups.values()].some((group) =>
      (["home", "partner"] as const).some(
        (side) => isOn({ on }, group, side) && same(group.group[side].resourceGroup, scope),
      ),
    );
  });
}

function same(resourceGroup: string, scope: Scope): boolean {
  return resourceGroup.toLowerCase() === scope.resourceGroup?.toLowerCase();
}

function placesIn(world: World, subscriptionId: string): readonly Scope[] {
  return [...world.groups.values()].flatMap(({ group }) =>
    [group.home, group.partner].map(({ resourceGroup }) => ({ subscriptionId, resourceGroup })),
  );
}

function roleId(world: World, { subscriptionId, resourceGroup }: Scope): string {
  const place = `${subscriptionId}/${resourceGroup ?? ""}`.toLowerCase();
  return drawGuid(world.seed, `role-${place}`, 0);
}
