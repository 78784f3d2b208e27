import * as z from "zod";
import type { ActivityEntry } from "../../domain/facts.ts";
import type { Group, Side } from "../../domain/group.ts";
import { azureWord, presentable } from "../presentable.ts";

const Text = z.string().nullable().catch(null);
const Named = z.object({ value: Text, localizedValue: Text }).catch({
  value: null,
  localizedValue: null,
});
const Entry = z.object({
  operationName: Named,
  status: Named,
  caller: Text,
  claims: z.record(z.string(), z.unknown()).catch({}),
  eventTimestamp: z.string(),
  resourceId: Text,
  correlationId: Text,
});
type Entry = z.infer<typeof Entry>;

const IDENTITY_CLAIMS = [
  "http://schemas.microsoft.com/identity/claims/objectidentifier",
  "oid",
  "appid",
];
const CHANGES = "(write|delete|action)$";
const FAILOVER =
  /^microsoft\.sql\/locations\/instancefailovergroups\/(failover|forcefailoverallowdataloss)\/action$/i;
/** What Microsoft's own policy does is logged under this name, by nobody. */
const FAILOVER_BY_PLATFORM = /^failover azure sql failover group$/i;
const NETWORK = new RegExp(`^microsoft\\.network/.+/${CHANGES}`, "i");
const VAULT = new RegExp(`^microsoft\\.keyvault/.+/${CHANGES}`, "i");
const KEY = new RegExp(
  `^microsoft\\.sql/managedinstances/(encryptionprotector|keys)/.*${CHANGES}`,
  "i",
);
const SCALE = /^microsoft\.sql\/managedinstances\/(write|delete|(start|stop)\/action)$/i;
const ENDED_WELL: ReadonlySet<string> = new Set(["succeeded"]);
const ENDED_BADLY: ReadonlySet<string> = new Set(["failed", "canceled", "cancelled"]);

/** One record of the activity log in our words; null for what is not about this group. */
export function activityEntry(
  record: unknown,
  group: Group,
  ownIds: ReadonlySet<string>,
): (ActivityEntry & { readonly correlationId: string | null }) | null {
  const parsed = Entry.safeParse(record);
  if (!parsed.success) return null;
  const entry = parsed.data;
  const at = Date.parse(entry.eventTimestamp);
  const operation = entry.operationName.value || entry.operationName.localizedValue || "";
  if (!Number.isFinite(at) || operation === "" || !concerns(entry, operation, group)) return null;
  return {
    what: whatOf(operation, (entry.status.value ?? "").toLowerCase()),
    operation: presentable(operation),
    by: presentable(entry.caller || "unknown"),
    ours: isOurs(entry, ownIds),
    side: sideOf(entry, group),
    at,
    correlationId: azureWord(entry.correlationId),
  };
}

function whatOf(operation: string, status: string): ActivityEntry["what"] {
  const badly = ENDED_BADLY.has(status);
  if (FAILOVER.test(operation) || FAILOVER_BY_PLATFORM.test(operation)) {
    if (badly) return "failover-failed";
    return ENDED_WELL.has(status) ? "failover-succeeded" : "failover-started";
  }
  // What did not come to pass cannot have broken anything.
  if (badly) return "other";
  if (NETWORK.test(operation)) return "network-change";
  if (VAULT.test(operation) || KEY.test(operation)) return "key-change";
  return SCALE.test(operation) ? "scale" : "other";
}

/** The log is read by resource group: other groups and instances in it are none of our business. */
function concerns({ resourceId }: Entry, operation: string, group: Group): boolean {
  const id = (resourceId ?? "").toLowerCase();
  const failoverGroup = /\/instancefailovergroups\/([^/]+)/.exec(id)?.[1];
  if (failoverGroup !== undefined) return failoverGroup === group.name.toLowerCase();
  const instance = /\/managedinstances\/([^/]+)/.exec(id)?.[1];
  if (instance !== undefined) {
    return [group.home.name, group.partner.name].some((name) => name.toLowerCase() === instance);
  }
  return whatOf(operation, "succeeded") !== "other";
}

/** Whose it is: by the instance, the location or the resource group it names; null where both sides fit. */
function sideOf({ resourceId }: Entry, group: Group): Side | null {
  const id = (resourceId ?? "").toLowerCase();
  const instance = /^.+\/managedinstances\/[^/]+/.exec(id)?.[0];
  const location = /\/locations\/([^/]+)/.exec(id)?.[1]?.replaceAll(/[^a-z0-9]/g, "");
  const [side, ...more] = (["home", "partner"] as const).filter((side) => {
    if (instance !== undefined) return group[side].id.toLowerCase() === instance;
    if (location !== undefined) return group[side].region === location;
    return id.startsWith(`/subscriptions/${placeOf(group[side])}/`);
  });
  return side === undefined || more.length > 0 ? null : side;
}

function placeOf({ subscriptionId, resourceGroup }: Group["home"]): string {
  return `${subscriptionId}/resourceGroups/${resourceGroup}`.toLowerCase();
}

function isOurs({ caller, claims }: Entry, ownIds: ReadonlySet<string>): boolean {
  const ids = [caller, ...IDENTITY_CLAIMS.map((claim) => claims[claim])];
  return ids.some((id) => typeof id === "string" && ownIds.has(id.toLowerCase()));
}
