import * as z from "zod";
import type { ActivityEntry, OperationKind } from "../../domain/facts.ts";
import type { ChangeScope, Group, Side } from "../../domain/group.ts";
import { instantIn } from "../../domain/units.ts";
import { OutsideText } from "../outside-text.ts";
import { azureWord, presentable } from "../presentable.ts";

const Named = z.object({ value: OutsideText, localizedValue: OutsideText }).catch({
  value: null,
  localizedValue: null,
});
const Entry = z.object({
  operationName: Named,
  status: Named,
  caller: OutsideText,
  claims: z.record(z.string(), z.unknown()).catch({}),
  eventTimestamp: z.string(),
  resourceId: OutsideText,
  correlationId: OutsideText,
});
type Entry = z.infer<typeof Entry>;

const IDENTITY_CLAIMS = [
  "http://schemas.microsoft.com/identity/claims/objectidentifier",
  "oid",
  "appid",
];
const CHANGES = "(write|delete|action)$";
const GROUP_ACTION = /^microsoft\.sql\/locations\/instancefailovergroups\/([^/]{1,100})\/action$/i;
/** What Microsoft's own policy does is logged under this name, by nobody. */
const FAILOVER_BY_PLATFORM = /^failover azure sql failover group$/i;
const NETWORK = new RegExp(`^microsoft\\.network/.+/${CHANGES}`, "i");
const VAULT = new RegExp(`^microsoft\\.keyvault/.+/${CHANGES}`, "i");
const KEY = new RegExp(
  `^microsoft\\.sql/managedinstances/(encryptionprotector|keys)/.*${CHANGES}`,
  "i",
);
const CHANGE = new RegExp(CHANGES, "i");
const SCALE = /^microsoft\.sql\/managedinstances\/(write|delete|(start|stop)\/action)$/i;
const ENDED_WELL: ReadonlySet<string> = new Set(["succeeded"]);
const ENDED_BADLY: ReadonlySet<string> = new Set(["failed", "canceled", "cancelled"]);

/** One record of the activity log in our words: of one thing that was done, how far it had come. */
export interface ActivityRecord {
  readonly entry: Omit<ActivityEntry, "startedAt" | "ended">;
  readonly at: number;
  readonly step: "begun" | "ended-well" | "ended-badly";
  /** What all records of that one thing have in common; null where nothing says so. */
  readonly request: string | null;
}

/** Reads one record; null for what is not about this group. */
export function activityRecord(
  record: unknown,
  group: Group,
  ownIds: ReadonlySet<string>,
): ActivityRecord | null {
  const parsed = Entry.safeParse(record);
  if (!parsed.success) return null;
  const logged = parsed.data;
  const at = instantIn(logged.eventTimestamp);
  const operation = logged.operationName.value || logged.operationName.localizedValue || "";
  if (at === null || operation === "" || !concerns(logged, operation, group)) return null;
  const correlationId = azureWord(logged.correlationId);
  const scope = scopeOf(logged, group);
  const thing = [correlationId, operation, logged.resourceId].join(" ").toLowerCase();
  return {
    entry: {
      what: scope === null ? whatOf(operation) : whatInScope(operation),
      said: presentable(operation),
      by: presentable(logged.caller || "unknown"),
      ours: isOurs(logged, ownIds),
      side: scope === null ? sideOf(logged, operation, group) : scope.side,
    },
    at,
    step: stepOf((logged.status.value ?? "").toLowerCase()),
    request: correlationId === null ? null : thing,
  };
}

/** Started, Accepted, and every word that we do not know: it has begun, and has not ended. */
function stepOf(status: string): ActivityRecord["step"] {
  if (ENDED_BADLY.has(status)) return "ended-badly";
  return ENDED_WELL.has(status) ? "ended-well" : "begun";
}

function whatOf(operation: string): OperationKind {
  // Azure has more ways to fail over every year: each of them is a failover.
  const action = GROUP_ACTION.exec(operation)?.[1] ?? "";
  if (/failover/i.test(action) || FAILOVER_BY_PLATFORM.test(operation)) return "failover";
  if (NETWORK.test(operation)) return "network";
  if (VAULT.test(operation) || KEY.test(operation)) return "key";
  return SCALE.test(operation) ? "scale" : "other";
}

/** Somebody has said that changes here may take an instance down, whatever kind of thing it is. */
function whatInScope(operation: string): OperationKind {
  const what = whatOf(operation);
  return what === "other" && CHANGE.test(operation) ? "network" : what;
}

/** The scope of the configuration that a record lies in; the narrowest of several. */
function scopeOf({ resourceId }: Entry, { changeScopes }: Group): ChangeScope | null {
  const id = (resourceId ?? "").toLowerCase();
  return changeScopes.reduce<ChangeScope | null>((narrowest, scope) => {
    const root = scope.id.toLowerCase();
    const lies = id === root || id.startsWith(`${root}/`);
    return lies && root.length > (narrowest?.id.length ?? 0) ? scope : narrowest;
  }, null);
}

/**
 * The log is read by resource group: other groups and instances in it are none of our business, and of
 * a group that is read for a scope only what lies in the scope.
 */
function concerns(logged: Entry, operation: string, group: Group): boolean {
  const id = (logged.resourceId ?? "").toLowerCase();
  if (scopeOf(logged, group) !== null) return true;
  if (onlyForScopes(id, group)) return false;
  const failoverGroup = /\/instancefailovergroups\/([^/]+)/.exec(id)?.[1];
  if (failoverGroup !== undefined) return failoverGroup === group.name.toLowerCase();
  const instance = /\/managedinstances\/([^/]+)/.exec(id)?.[1];
  if (instance !== undefined) {
    return [group.home.name, group.partner.name].some((name) => name.toLowerCase() === instance);
  }
  return whatOf(operation) !== "other";
}

/**
 * Whose it is: by the instance, the location or the resource group it names; null where both sides fit. A failover
 * is asked for at the side that takes over; at which one Microsoft logs its own, nobody has seen.
 */
function sideOf({ resourceId }: Entry, operation: string, group: Group): Side | null {
  if (FAILOVER_BY_PLATFORM.test(operation)) return null;
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

function onlyForScopes(id: string, { home, partner, changeScopes }: Group): boolean {
  const lies = (place: Place): boolean => id.startsWith(`/subscriptions/${placeOf(place)}/`);
  return changeScopes.some(lies) && !lies(home) && !lies(partner);
}

type Place = Pick<ChangeScope, "subscriptionId" | "resourceGroup">;

function placeOf({ subscriptionId, resourceGroup }: Place): string {
  return `${subscriptionId}/resourceGroups/${resourceGroup}`.toLowerCase();
}

function isOurs({ caller, claims }: Entry, ownIds: ReadonlySet<string>): boolean {
  const ids = [caller, ...IDENTITY_CLAIMS.map((claim) => claims[claim])];
  return ids.some((id) => typeof id === "string" && ownIds.has(id.toLowerCase()));
}
