import type { Outage } from "../../domain/outage.ts";
import type { Policy } from "../../domain/policy.ts";
import { APPLICATION_SUCCEEDS, type Judgement } from "./judge-observations.ts";

// Adds one round of looks to what an incident has seen so far.
//
// P1. Folding the same round twice changes nothing.
// P2. Time counts only between two down-majorities at most a minute apart; a clock that jumps can
//     add no more than that minute.
//     Where a vantage was silent while the others kept voting down, five minutes start nothing over.
// P3. A sign of life of the database ends the outage. Silence does not, and adds nothing.

export interface Round {
  readonly now: number;
  readonly judgement: Judgement;
  /** End of the last attempt that did not move the roles; null before any. */
  readonly attemptEndedAt: number | null;
}

/** Down-majorities further apart than this were not watched in between. */
const SPAN_MAX_MS = 60_000;

/** For so long a vantage may be silent and the outage goes on, while the others keep voting down. */
const HELD_MAX_MS = 5 * 60_000;

/** How early a durable timer may come. */
const TIMER_EARLY_MS = 1_000;

/** Folds one round into the outage. */
export function trackOutage(before: Outage, round: Round, policy: Policy): Outage {
  const { judgement, now } = round;
  const outage: Outage = {
    ...noteAttempt(before, round.attemptEndedAt),
    ended: before.ended.filter((ended) => now - ended.endedAt < policy.flapping.withinMs),
    livedAt: judgement.livedAt ?? before.livedAt,
    lastNotServingAt: judgement.notServingAt ?? before.lastNotServingAt,
    storageFailedAt: judgement.storageFailedAt ?? (judgement.wrote ? null : before.storageFailedAt),
    partialSinceAt: judgement.partialMajority ? Math.min(before.partialSinceAt ?? now, now) : null,
    upSinceAt: judgement.upMajority ? Math.min(before.upSinceAt ?? now, now) : null,
  };
  if (showsLife(judgement)) return endOutage(outage, now, policy);
  const counted = judgement.downMajority
    ? countRound(outage, round, policy)
    : holdOutage(outage, round);
  // While the application succeeds its time starts anew; since when looks have failed is no less true.
  return judgement.signsOfLife.length > 0 ? { ...counted, outageMs: 0 } : counted;
}

/** The application may be answered by something else: only the database itself ends its outage. */
function showsLife({ signsOfLife }: Judgement): boolean {
  return signsOfLife.some(({ code }) => code !== APPLICATION_SUCCEEDS);
}

/** The majority is missing a silent vantage only: nothing is counted, and what was counted stands. */
function holdOutage(outage: Outage, { now, judgement }: Round): Outage {
  const lastDownAt = outage.lastDownAt ?? Number.POSITIVE_INFINITY;
  if (now <= lastDownAt) return outage;
  const silent = judgement.votes.filter(({ result }) => result === null).length;
  if (judgement.down === 0 || judgement.down + silent < judgement.needed) return outage;
  const heldUntilAt = outage.heldUntilAt ?? lastDownAt;
  return now - heldUntilAt > SPAN_MAX_MS ? outage : { ...outage, heldUntilAt: now };
}

function noteAttempt(outage: Outage, attemptEndedAt: number | null): Outage {
  // What the log tells late of an older one is no news.
  if ((attemptEndedAt ?? 0) <= (outage.attemptEndedAt ?? 0)) return outage;
  return { ...outage, attemptEndedAt, sinceAttemptMs: 0 };
}

function endOutage(outage: Outage, now: number, { intervalMs }: Policy): Outage {
  const { onsetAt, rounds, outageMs, downMs } = outage;
  // A single bad round is noise, however many looks it has: two are an interval apart. An application that succeeded
  // meanwhile stopped the hand; it makes no outage of the database unseen.
  const counts = onsetAt !== null && Math.max(outageMs, downMs) + TIMER_EARLY_MS >= intervalMs;
  return {
    ...outage,
    ...NOT_RUNNING,
    ended: counts ? [{ onsetAt, endedAt: now, rounds }, ...outage.ended] : outage.ended,
    lastLifeAt: now,
  };
}

const NOT_RUNNING = {
  onsetAt: null,
  outageMs: 0,
  downMs: 0,
  rounds: 0,
  lastDownAt: null,
  heldUntilAt: null,
  sinceAttemptMs: 0,
} satisfies Partial<Outage>;

function countRound(outage: Outage, round: Round, policy: Policy): Outage {
  const { now, judgement } = round;
  const gapMs = now - (outage.lastDownAt ?? Number.NEGATIVE_INFINITY);
  if (outage.onsetAt === null || gapMs > keptMs(outage, now, policy)) {
    const onsetAt = judgement.firstFailedAt ?? now;
    return { ...outage, ...NOT_RUNNING, onsetAt, rounds: 1, lastDownAt: now };
  }
  // Zero is this very round again. A little less is an old one that came late: counting on from it
  // would count the time after it twice. Much less is a clock that was set back.
  if (gapMs <= 0 && gapMs >= -SPAN_MAX_MS) return outage;
  const spanMs = gapMs <= SPAN_MAX_MS ? Math.max(0, gapMs) : 0;
  return {
    ...outage,
    rounds: outage.rounds + 1,
    lastDownAt: now,
    heldUntilAt: null,
    outageMs: outage.outageMs + spanMs,
    downMs: outage.downMs + spanMs,
    sinceAttemptMs: outage.sinceAttemptMs + sinceAttempt(outage, spanMs, now),
  };
}

/** For how long the last down-majority keeps the outage open. */
function keptMs({ heldUntilAt }: Outage, now: number, { graceMs }: Policy): number {
  const held = now - (heldUntilAt ?? Number.NEGATIVE_INFINITY) <= SPAN_MAX_MS;
  return held ? Math.max(graceMs, HELD_MAX_MS) : graceMs;
}

function sinceAttempt(outage: Outage, spanMs: number, now: number): number {
  return Math.max(0, Math.min(spanMs, now - (outage.attemptEndedAt ?? now)));
}
