import type { Outage } from "../../domain/outage.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Judgement } from "./judge-observations.ts";

// Adds one round of looks to what an incident has seen so far.
//
// P1. Folding the same round twice changes nothing.
// P2. Time counts only between two down-majorities at most a minute apart; a clock that jumps can
//     add no more than that minute.
// P3. A sign of life ends the outage. Silence does not, and adds nothing.

export interface Round {
  readonly now: number;
  readonly judgement: Judgement;
  /** End of our own planned attempt; null before any. */
  readonly attemptEndedAt: number | null;
}

/** Down-majorities further apart than this were not watched in between. */
const SPAN_MAX_MS = 60_000;

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
  };
  if (judgement.signsOfLife.length > 0) return endOutage(outage, now, policy);
  return judgement.downMajority ? countRound(outage, round, policy) : outage;
}

function noteAttempt(outage: Outage, attemptEndedAt: number | null): Outage {
  if (attemptEndedAt === null || attemptEndedAt === outage.attemptEndedAt) return outage;
  return { ...outage, attemptEndedAt, sinceAttemptMs: 0 };
}

function endOutage(outage: Outage, now: number, { intervalMs }: Policy): Outage {
  const { onsetAt, rounds, outageMs } = outage;
  // A single bad round is noise, however many looks it has: two are an interval apart.
  const counts = onsetAt !== null && outageMs + TIMER_EARLY_MS >= intervalMs;
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
  rounds: 0,
  lastDownAt: null,
  sinceAttemptMs: 0,
} satisfies Partial<Outage>;

function countRound(outage: Outage, round: Round, policy: Policy): Outage {
  const { now, judgement } = round;
  const { lastDownAt } = outage;
  const gapMs = lastDownAt === null ? null : now - lastDownAt;
  if (outage.onsetAt === null || gapMs === null || gapMs > policy.graceMs) {
    const onsetAt = judgement.firstFailedAt ?? now;
    return { ...outage, ...NOT_RUNNING, onsetAt, rounds: 1, lastDownAt: now };
  }
  // Zero is this very round again. A little less is an old one that came late: counting on from it
  // would count the time after it twice. Much less is a clock that was set back.
  if (gapMs <= 0 && gapMs >= -SPAN_MAX_MS) return outage;
  const spanMs = gapMs > 0 && gapMs <= SPAN_MAX_MS ? gapMs : 0;
  return {
    ...outage,
    rounds: outage.rounds + 1,
    lastDownAt: now,
    outageMs: outage.outageMs + spanMs,
    sinceAttemptMs: outage.sinceAttemptMs + sinceAttempt(outage, spanMs, now),
  };
}

function sinceAttempt(outage: Outage, spanMs: number, now: number): number {
  if (outage.attemptEndedAt === null) return 0;
  return Math.max(0, Math.min(spanMs, now - outage.attemptEndedAt));
}
