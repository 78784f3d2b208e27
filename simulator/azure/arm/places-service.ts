import type { Site } from "../../../shared/domain/group.ts";
import { isOn } from "../world/instance-health.ts";
import { displayNameOf } from "../world/region-names.ts";
import type { Vantage, World } from "../world/world.ts";
import { ownObjectId } from "./activity-service.ts";
import { type ArmResponse, failed, invalidRequest } from "./arm-responses.ts";
import { json, throughArm, type WireReply, type WireRequest } from "./wire-reply.ts";

const GROUP = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)$/i;
const RESOURCES = /^\/subscriptions\/([^/]+)\/resources$/i;
const FILTER = /^resourceType eq '([^']+)' and name eq '([^']+)'$/;

const APP = "Microsoft.Web/sites";
const STORE = "Microsoft.Storage/storageAccounts";
const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** Is this a question about where something lies? */
export function asksPlace({ url }: WireRequest): boolean {
  return GROUP.test(url.pathname) || RESOURCES.test(url.pathname);
}

/** Where the resource groups of the instances lie, and what the sites stand on: all in the same subscriptions. */
export function answerPlace(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  return throughArm(world, vantage, request, () => {
    const path = decodeURIComponent(request.url.pathname);
    const [, subscriptionId = "", resourceGroup] = GROUP.exec(path) ?? RESOURCES.exec(path) ?? [];
    if (resourceGroup !== undefined) return groupBody(world, subscriptionId, resourceGroup);
    const [, type, name] = FILTER.exec(request.url.searchParams.get("$filter") ?? "") ?? [];
    if (type === undefined || name === undefined) {
      return invalidRequest("InvalidFilterInQueryString", "The filter is not supported.");
    }
    const resources = world.sites.flatMap((site) => resourcesOf(world, site, subscriptionId));
    const wanted = resources.filter(
      (each) =>
        each.type.toLowerCase() === type.toLowerCase() &&
        each.name.toLowerCase() === name.toLowerCase(),
    );
    return json(200, { value: wanted });
  });
}

function groupBody(world: World, subscriptionId: string, resourceGroup: string): ArmResponse {
  for (const group of world.groups.values()) {
    for (const side of ["home", "partner"] as const) {
      const instance = group.group[side];
      if (instance.resourceGroup.toLowerCase() !== resourceGroup.toLowerCase()) continue;
      const moved = world.faults("resource-group-in").find((fault) => isOn(fault, group, side));
      return json(200, {
        id: `/subscriptions/${subscriptionId}/resourceGroups/${instance.resourceGroup}`,
        name: instance.resourceGroup,
        type: "Microsoft.Resources/resourceGroups",
        location: moved?.region ?? instance.region,
        properties: { provisioningState: "Succeeded" },
      });
    }
  }
  return failed({
    status: 404,
    code: "ResourceGroupNotFound",
    message: `Resource group '${resourceGroup}' could not be found.`,
    failureCause: "gateway",
    retryAfterSeconds: null,
  });
}

interface Resource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
}

function resourcesOf(world: World, site: Site, subscriptionId: string): readonly Resource[] {
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/geo-failover-${site.name}/providers`;
  const resource = (what: "app" | "store" | "identity", type: string, name: string): Resource => {
    const moved = world
      .faults("site-resource-in")
      .find((fault) => fault.site === site.name && fault.what === what);
    const location = displayNameOf(moved?.region ?? site.region);
    return { id: `${scope}/${type}/${name}`, name, type, location };
  };
  const identity = resource("identity", IDENTITY, `id-geo-failover-${site.name}`);
  const ids = { principalId: ownObjectId(world), clientId: ownObjectId(world) };
  const app = resource("app", APP, labelOf(site.url));
  const store = site.store === null ? [] : [resource("store", STORE, labelOf(site.store))];
  return [
    {
      ...app,
      ...{ identity: { type: "UserAssigned", userAssignedIdentities: { [identity.id]: ids } } },
    },
    ...store,
    identity,
  ];
}

function labelOf(url: string): string {
  return new URL(url).hostname.split(".")[0] ?? "";
}
