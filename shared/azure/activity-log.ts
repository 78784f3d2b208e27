import type { ChangeScope } from "../domain/group.ts";
import type { Clock } from "../ports/clock.ts";
import type { Signals } from "../ports/signals.ts";
import { activityRecord } from "./activity-log/activity-entry.ts";
import { foldRecords } from "./activity-log/fold-records.ts";
import { type Pages, readPages } from "./arm-pages.ts";
import { type AzureOptions, createArmRequests } from "./arm-requests.ts";

const API_VERSION = "2015-04-01";
const FIELDS = "eventTimestamp,operationName,status,caller,claims,resourceId,correlationId";

/**
 * What was done lately to either instance, the group, or what lies in its scopes of change, oldest first. `ownIds` are the object id and the
 * client id of our own identity. Ends within `timeoutMs`, never throws; unknown where nothing was told and a place could not be read.
 */
export function createActivityLog(
  options: AzureOptions & { readonly clock: Clock; readonly ownIds: readonly string[] },
): Signals["activity"] {
  const { clock } = options;
  const ownIds = new Set(options.ownIds.map((id) => id.toLowerCase()));
  const halfMs = Math.ceil(options.timeoutMs / 2);
  const arm = createArmRequests({ ...options, timeoutMs: halfMs });

  function recordsAt({ subscriptionId, resourceGroup }: Place, sinceMs: number): Promise<Pages> {
    const now = clock.now();
    const filter = [
      `eventTimestamp ge '${new Date(now - sinceMs).toISOString()}'`,
      `eventTimestamp le '${new Date(now).toISOString()}'`,
      `resourceGroupName eq '${resourceGroup}'`,
    ].join(" and ");
    const query = `api-version=${API_VERSION}&$filter=${encoded(filter)}&$select=${FIELDS}`;
    const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.Insights/eventtypes/management/values`;
    // The newest come first: a list cut short lacks what is oldest.
    return readPages(arm, {
      subscriptionId,
      url: `${arm.endpoint}${path}?${query}`,
      beginUntilAt: now + halfMs,
    });
  }

  return async (group, sinceMs) => {
    const places = new Map(
      [group.home, group.partner, ...group.changeScopes].map((at) => [placeOf(at), at] as const),
    );
    const pages = await Promise.all([...places.values()].map((place) => recordsAt(place, sinceMs)));
    const [unread] = pages.filter((page) => page.kind === "unknown");
    // What one of the places tells is worth having, whatever the others do.
    const records = pages.flatMap((page) => (page.kind === "read" ? page.items : []));
    if (unread !== undefined && records.length === 0) return unread;
    const ofGroup = records.map((record) => activityRecord(record, group, ownIds));
    return { kind: "read", entries: foldRecords(ofGroup.filter((record) => record !== null)) };
  };
}

type Place = Pick<ChangeScope, "subscriptionId" | "resourceGroup">;

function placeOf({ subscriptionId, resourceGroup }: Place): string {
  return `${subscriptionId}/${resourceGroup}`.toLowerCase();
}

/** Also the quotes, which Node would otherwise rewrite on the way. */
function encoded(filter: string): string {
  return encodeURIComponent(filter).replaceAll("'", "%27");
}
