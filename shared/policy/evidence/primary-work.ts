import type { ActivityEntry, Facts, OperationKind, PrimaryWork } from "../../domain/facts.ts";

/** What the primary's own side says of it at one instant. */
export interface PrimaryReading {
  readonly state: Facts["secondary"]["state"]["kind"];
  readonly operation:
    | { readonly kind: "none" | "unknown" }
    | {
        readonly kind: "running";
        readonly what: OperationKind;
        readonly said: string;
        readonly startedAt: number | null;
      };
}

/** What is known of the work on the primary, once this was read of it at that instant. May be noted twice. */
export function noteWork(known: PrimaryWork, read: PrimaryReading, now: number): PrimaryWork {
  const { operation, state } = read;
  if (operation.kind === "running") {
    const { what, said, startedAt } = operation;
    // Whose failover it is, other rules ask; what else changes no instance takes none away.
    if (!changesInstance(what)) return known;
    const seenAt = known.operation?.said === said ? known.operation.beganAt : now;
    return { ...noteBusy(known, now), operation: { what, said, beganAt: startedAt ?? seenAt } };
  }
  if (state === "not-ready") return noteBusy(known, now);
  // One that was seen to run does not end by a list that nobody could read.
  const mayRun = operation.kind === "unknown" && known.operation !== null;
  if (state !== "ready" || mayRun || isLate(known, now)) return known;
  return { ...known, operation: null, readyAt: now };
}

/** What was told stands so long: what is known of a later instant than that is of a clock that was set back. */
const LATE_MS = 2 * 60_000;

/** Whoever has read it since knows better: no late word that it is well takes back what was seen at work. */
function isLate({ readyAt, busy }: PrimaryWork, now: number): boolean {
  return [readyAt, busy?.until].some(
    (at) => typeof at === "number" && at > now && at - now <= LATE_MS,
  );
}

function noteBusy(known: PrimaryWork, now: number): PrimaryWork {
  const { busy, readyAt } = known;
  const goesOn = busy !== undefined && busy.until > (readyAt ?? -Infinity);
  return { ...known, busy: { afterReadyAt: goesOn ? busy.afterReadyAt : readyAt, until: now } };
}

/** The log is written when something is asked for: the primary may be read Ready once or twice more. */
const LOG_AHEAD_MS = 2 * 60_000;

/** From when to when somebody changed the primary: as the log tells, else as long as it was read at work since. */
export function spanOfChange(
  { startedAt, ended }: ActivityEntry,
  { busy }: PrimaryWork,
): { readonly from: number; readonly to: number } | null {
  // What failed, and was not seen to begin, may have changed nothing.
  if (startedAt === null) return ended?.how === "well" ? { from: ended.at, to: ended.at } : null;
  if (ended !== null) return { from: startedAt, to: Math.max(startedAt, ended.at) };
  const isOfIt = busy !== undefined && startedAt >= (busy.afterReadyAt ?? -Infinity) - LOG_AHEAD_MS;
  return { from: startedAt, to: isOfIt ? Math.max(startedAt, busy.until) : startedAt };
}

/** What somebody does to the primary. */
export interface Work {
  readonly said: string;
  readonly by: string;
  readonly beganAt: number;
}

/** What has begun on the primary and not ended, however long ago: ended is what the log says so of, and what came before it was read Ready. */
export function findWork({ activity, primary, primaryWork }: WorkFacts): Work | null {
  const { operation, readyAt } = primaryWork;
  const begun = activity.flatMap((entry): Work[] => {
    const { said, by, startedAt: beganAt, ended } = entry;
    if (beganAt === null || ended !== null || !mayChange(entry, primary)) return [];
    return readyAt !== null && beganAt < readyAt ? [] : [{ said, by, beganAt }];
  });
  const listed = operation === null || !changesInstance(operation.what) ? [] : [operation];
  const seen = listed.filter((one) => !activity.some((entry) => tellsEnd(entry, one, primary)));
  return [...begun, ...seen.map((one) => ({ ...one, by: "unknown" }))][0] ?? null;
}

type WorkFacts = Pick<Facts, "activity" | "primary" | "primaryWork">;

/**
 * Does the log tell of the end of what the instance has listed? It names no operation as the instance does: that it
 * began no later and ended no earlier has to do. One that was refused meanwhile ends nothing, nor does one that failed
 * and of which nobody knows when it began.
 */
function tellsEnd(
  entry: ActivityEntry,
  { what, beganAt }: NonNullable<PrimaryWork["operation"]>,
  primary: Facts["primary"],
): boolean {
  const { startedAt, ended, side } = entry;
  if (ended === null || ended.at < beganAt || side !== primary || entry.ours) return false;
  // The log has one word for whatever is asked of an instance itself.
  const isOfKind = entry.what === what || (entry.what === "scale" && what === "update");
  return isOfKind && (startedAt === null ? ended.how === "well" : startedAt <= beganAt);
}

/** Is it somebody else's, and may it take the primary down? Where the log does not tell the side, it may have been the primary. */
export function mayChange(
  { ours, side, what }: Pick<ActivityEntry, "ours" | "side" | "what">,
  primary: Facts["primary"],
): boolean {
  return !ours && (side === null || side === primary) && changesInstance(what);
}

function changesInstance(what: OperationKind): boolean {
  switch (what) {
    case "network":
    case "key":
    case "scale":
    case "update":
      return true;
    case "failover":
    case "other":
      return false;
    default:
      return what satisfies never;
  }
}
