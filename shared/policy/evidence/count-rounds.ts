import type { Facts } from "../../domain/facts.ts";
import type { Incident } from "../../domain/incident.ts";
import type { LossBound } from "../../domain/loss.ts";
import { type Policy, quorumOf } from "../../domain/policy.ts";
import type { Pace } from "../../domain/tally.ts";
import { boundLoss, isContradicted } from "./bound-loss.ts";
import { firstFailed } from "./first-failed.ts";
import { judgeObservations } from "./judge-observations.ts";
import { wasSlowBefore } from "./pace.ts";
import { trackOutage } from "./track-outage.ts";
import { isTrouble, trackTrouble } from "./track-trouble.ts";

/**
 * Counts every instant at which a look ended since the last round, not only this one: the ticks that
 * saw the first failures are part of the outage, whenever its incident was opened.
 */
export function countRounds(
  facts: Facts,
  policy: Policy,
  incident: Pick<Incident, "countedUntilAt" | "carriedLoss"> | null,
  paces: readonly Pace[] = [],
): Facts {
  const attemptEndedAt = attemptEnd(facts);
  const committedAt = newestCommit(facts);
  let { outage } = facts;
  for (const now of instantsToCount(facts, incident?.countedUntilAt ?? null)) {
    const looks = facts.looks.filter((seen) => seen.endedAt <= now);
    // What was read in this round holds for the looks since the last one: a sign of life that stands
    // all the time must not look like one that comes and goes.
    const then = { ...facts, looks, now, outage };
    const seen = judgeObservations(then, policy);
    const livedAt = newestOf(seen.livedAt, outage.livedAt, committedAt);
    // A look that had begun before the last proof of life failed after it.
    const firstFailedAt =
      firstFailed(then, livedAt, policy) ?? newestOf(livedAt, seen.firstFailedAt);
    const judgement = { ...seen, firstFailedAt };
    const tracked = trackOutage(outage, { now, judgement, attemptEndedAt }, policy);
    const { onsetAt } = tracked;
    outage = {
      ...tracked,
      // Told once, at the onset: later the half hour before it is no longer whole.
      wasSlow:
        onsetAt !== null &&
        (onsetAt === outage.onsetAt
          ? outage.wasSlow
          : wasSlowBefore(paces, onsetAt, quorumOf(policy))),
      trouble: trackTrouble(outage.trouble, then, judgement, policy),
    };
  }
  const { samples, secondaryCommits, canaryDatabase } = facts;
  const loss = boundLoss({
    onsetAt: lossSince({ ...facts, outage }, policy),
    samples,
    secondaryCommits,
    canaryDatabase,
  });
  const sameOutage = outage.onsetAt !== null && outage.onsetAt === facts.outage.onsetAt;
  const carried = sameOutage ? (incident?.carriedLoss ?? null) : null;
  return { ...facts, outage, loss: carried === null ? loss : tighter(loss, carried) };
}

/** From when on what the primary took may be lost: where it is long trouble, from its first look. */
export function lossSince(facts: Facts, policy: Policy): number | null {
  const { trouble, onsetAt } = facts.outage;
  return trouble !== null && isTrouble(facts, judgeObservations(facts, policy), policy)
    ? trouble.sinceAt
    : onsetAt;
}

/** An attempt that ended longer before the outage did not make the primary look down. */
const BEFORE_ONSET_MS = 60_000;

/** When the last attempt ended that did not move the roles: ours, of whatever kind, or another's. */
function attemptEnd({ attempt, claim, activity, outage, now }: Facts): number | null {
  const planned = attempt.kind === "ended-in-error" ? attempt.endedAt : null;
  const forced = claim.kind === "spent" ? claim.unmovedAt : null;
  const others = activity.map(({ what, ours, ended }) =>
    what === "failover" && !ours && ended?.how === "badly" ? ended.at : null,
  );
  const since = (outage.onsetAt ?? now) - BEFORE_ONSET_MS;
  const lately = [forced, ...others].filter((at) => at !== null && at >= since && at <= now);
  return newestOf(planned, ...lately);
}

/** What the secondary has, the primary lived to commit: a look that failed before was not yet the onset. */
function newestCommit({ secondaryCommits }: Facts): number | null {
  const instants = secondaryCommits.map(({ measuredAt, lastCommitAgeMs }) =>
    lastCommitAgeMs === null ? null : measuredAt - lastCommitAgeMs,
  );
  return newestOf(...instants);
}

function newestOf(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Two bounds of the same loss: the lesser one holds, unless witnesses of either contradict each other. */
function tighter(a: LossBound, b: LossBound): LossBound {
  if (isContradicted(a) || isContradicted(b)) return isContradicted(a) ? a : b;
  if (a.kind === "unknown") return b;
  return b.kind === "unknown" || a.atMostMs <= b.atMostMs ? a : b;
}

function instantsToCount(facts: Facts, countedUntilAt: number | null): readonly number[] {
  const ended = facts.looks.map((seen) => seen.endedAt);
  const past = ended.filter((at) => at > (countedUntilAt ?? 0) && at < facts.now);
  return [...new Set(past)].sort((a, b) => a - b).concat(facts.now);
}
