import { type Claim, DOUBT_MS, type Doubt } from "../../domain/claim.ts";
import type { Facts } from "../../domain/facts.ts";
import type { FailoverKind } from "../../domain/purpose.ts";

// What may still come of a request of ours, and when it may be sent again.

/** No planned failover runs longer without a word, and none can be cancelled; a forced one shows sooner. */
const QUIET_MS: Readonly<Record<FailoverKind, number>> = { forced: 120_000, planned: 600_000 };
/** A request that is answered with busy this often is refused like any other. */
const RENEWALS_MAX = 3;

/** Has everything been quiet for long enough that what was sent without an answer may be sent again? */
export function isQuietEnough({ kind }: Pick<Claim, "kind">, quietMs: number): boolean {
  return quietMs >= QUIET_MS[kind];
}

/** A move that was undone has had its effect; a region may only have said for a moment what was so before it. */
const UNDONE_MS = 600_000;

/** The request that a role change to the target of this claim would be booked on, if it is none that is open. */
export function doubtIn({ state, doubt, spentBecause }: Claim, now: number): Doubt | null {
  if (state !== "spent" || doubt === null) return null;
  return isLately(doubt, now, spentBecause === "undone" ? UNDONE_MS : DOUBT_MS) ? doubt : null;
}

/** Is what Azure says is running most likely what we have sent before? */
export function mayBeOurDoubt({ doubt }: Claim, now: number): boolean {
  return doubt !== null && isLately(doubt, now, DOUBT_MS) && doubt.renewals < RENEWALS_MAX;
}

/** Another site's clock may have said when: that makes it shorter or longer, and never endless. */
function isLately({ sinceAt }: Doubt, now: number, ms: number): boolean {
  return Math.abs(now - sinceAt) < ms;
}

/** Whoever was told that it is about to fail over waits so long for a request that is taken. */
const ANNOUNCED_MS = 5 * 60_000;

/** Was a failover announced, and nothing has come of it? Nothing will where the incident is over. */
export function hasNotCome(claim: Claim, isOver: boolean, now: number): boolean {
  const { state, acceptedAt, announcedAt, spentBecause } = claim;
  if (state !== "spent" || spentBecause === "moved" || acceptedAt !== null) return false;
  return announcedAt !== null && (isOver || now - announcedAt >= ANNOUNCED_MS);
}

/** Something may still come of it, or has, and is not written down. */
export function isUnsettled({ state, owed }: Claim): boolean {
  return state !== "spent" || owed;
}

/** Azure's clock and ours are this far apart at most, with the time that a request is under way. */
const CLOCKS_APART_MS = 6 * 60_000;

/**
 * Whose doing was it, where the roles have moved while a request of ours was in doubt? Another's, if the
 * log names one that began after ours. The log goes by Azure's clock: where it has our own start, the two
 * are compared; where it has none, ours may never have arrived, and one that began about then did it.
 */
export function moverOf(
  claim: Claim,
  { groupState, activity, now }: Pick<Facts, "groupState" | "activity" | "now">,
): "us" | "other" | null {
  const doubt = doubtIn(claim, now);
  if (doubt === null || groupState.kind !== "read" || groupState.targetRole !== "primary") {
    return null;
  }
  const sentAt = doubt.sentAt ?? doubt.takenAt;
  // One that is known to have failed has moved nothing, and one to the other side has not moved them here.
  const begun = activity.filter(
    ({ what, side, ended }) =>
      what === "failover" && ended?.how !== "badly" && (side === null || side === claim.target),
  );
  const own = begun.flatMap(({ ours, startedAt, ended }) =>
    ours && startedAt !== null && Math.abs(startedAt - sentAt) <= CLOCKS_APART_MS
      ? [{ startedAt, well: ended?.how === "well" }]
      : [],
  );
  // Whoever asked after that was late; but what has been undone ended well long before, and explains nothing since.
  if (claim.spentBecause !== "undone" && own.some(({ well }) => well)) return "us";
  const since =
    own.length > 0 ? Math.max(...own.map(({ startedAt }) => startedAt)) : sentAt - CLOCKS_APART_MS;
  const others = begun.some(({ ours, startedAt }) => !ours && (startedAt ?? since) > since);
  return others ? "other" : "us";
}
