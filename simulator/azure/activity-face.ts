import { invalidRequest } from "./arm-responses.ts";
import { drawGuid } from "./draw.ts";
import type { ActivityRecord, GroupWorld } from "./group-world.ts";
import { json, throughArm, type WireReply, type WireRequest } from "./wire-reply.ts";
import { groupOf, type Vantage, type World } from "./world.ts";

const PATH =
  /^\/subscriptions\/([^/]+)\/providers\/microsoft\.insights\/eventtypes\/management\/values$/i;
const FILTER =
  /^eventTimestamp ge '([^']+)' and eventTimestamp le '([^']+)' and resourceGroupName eq '([^']+)'$/;
const OID = "http://schemas.microsoft.com/identity/claims/objectidentifier";

/** Our own identity in this world, by its object id: every site has the same one. */
export function ownObjectId(world: World): string {
  return drawGuid(world.seed, "own-identity", 0);
}

/** Is this a question to the activity log? */
export function asksActivity({ url }: WireRequest): boolean {
  return PATH.test(url.pathname);
}

/** The activity log of one resource group, newest first and late. */
export function answerActivity(
  world: World,
  vantage: Vantage,
  request: WireRequest,
): Promise<WireReply> {
  return throughArm(world, vantage, request, () => {
    const { searchParams, pathname } = request.url;
    const [, from, until, resourceGroup] = FILTER.exec(searchParams.get("$filter") ?? "") ?? [];
    if (from === undefined || until === undefined || resourceGroup === undefined) {
      return invalidRequest("BadRequest", "The filter is not one of those that are allowed.");
    }
    const subscription = PATH.exec(pathname)?.[1] ?? "";
    const shownAt = world.at - world.settings.activityDelayMs;
    const value = world.activity
      .filter(({ at }) => at >= Date.parse(from) && at <= Math.min(shownAt, Date.parse(until)))
      .map((record, number) => ({ record, number, group: groupOf(world, record.group) }))
      .filter(({ record, group }) => isIn(recordedAt(record, group), subscription, resourceGroup))
      .map(({ record, group, number }) => recordBody(world, record, group, number))
      .reverse();
    return json(200, { value });
  });
}

/** Where a record belongs: failovers to the side that takes over, changes to the side that was changed. */
function recordedAt(record: ActivityRecord, group: GroupWorld): GroupWorld["group"]["home"] {
  return group.group[record.side];
}

function isIn(
  place: { readonly subscriptionId: string; readonly resourceGroup: string },
  subscription: string,
  resourceGroup: string,
): boolean {
  return (
    place.subscriptionId.toLowerCase() === subscription.toLowerCase() &&
    place.resourceGroup.toLowerCase() === resourceGroup.toLowerCase()
  );
}

const OPERATIONS: Readonly<Record<ActivityRecord["what"], string>> = {
  failover: "Microsoft.Sql/locations/instanceFailoverGroups/failover/action",
  network: "Microsoft.Network/networkSecurityGroups/securityRules/write",
  key: "Microsoft.KeyVault/vaults/accessPolicies/write",
  scale: "Microsoft.Sql/managedInstances/write",
  update: "Microsoft.Sql/managedInstances/write",
  other: "Microsoft.Sql/managedInstances/administrators/write",
};

const STATUSES = { begun: "Started", "ended-well": "Succeeded", "ended-badly": "Failed" } as const;

/** A fault may name the operation, or leave it to what was done. */
export function operationOf({ operation, what }: ActivityRecord): string {
  return operation.includes("/") ? operation : OPERATIONS[what];
}

function recordBody(
  world: World,
  record: ActivityRecord,
  group: GroupWorld,
  number: number,
): object {
  const place = recordedAt(record, group);
  const operation = operationOf(record);
  const status = STATUSES[record.step];
  const scope = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
  const caller = record.ours ? ownObjectId(world) : record.by;
  return {
    channels: "Operation",
    correlationId: record.request,
    description: "",
    eventDataId: drawGuid(world.seed, "activity-event", number),
    category: { value: "Administrative", localizedValue: "Administrative" },
    eventTimestamp: new Date(record.at).toISOString(),
    level: status === "Failed" ? "Error" : "Informational",
    operationName: { value: operation, localizedValue: operation },
    resourceGroupName: place.resourceGroup,
    resourceId: /instanceFailoverGroups/i.test(operation)
      ? `${scope}/providers/Microsoft.Sql/locations/${place.region}/instanceFailoverGroups/${record.group}`
      : resourceOf(operation, place, scope),
    status: { value: status, localizedValue: status },
    subStatus: { value: "", localizedValue: "" },
    submissionTimestamp: new Date(record.at + world.settings.activityDelayMs).toISOString(),
    subscriptionId: place.subscriptionId,
    caller,
    claims: record.ours ? { [OID]: caller } : { name: caller },
  };
}

function resourceOf(operation: string, place: GroupWorld["group"]["home"], scope: string): string {
  if (/^microsoft\.sql\//i.test(operation)) return place.id;
  const [provider, type] = operation.split("/");
  return `${scope}/providers/${provider}/${type}/of-${place.name}`;
}
