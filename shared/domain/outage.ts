import * as z from "zod";
import { DurationMs, Instant } from "./units.ts";

/** An outage that a sign of life has ended. */
export const EndedOutage = z.object({
  onsetAt: Instant,
  endedAt: Instant,
  /** Rounds with a down-majority. */
  rounds: z.number().int().positive(),
});

/**
 * What the rounds of one incident add up to. Folded round by round, kept in the incident's row,
 * so that a motor that starts again goes on counting where the last one stopped.
 */
export const Outage = z.object({
  /** Start of the first failed look of the outage that is running; null while none is. */
  onsetAt: Instant.nullable(),
  /** Sum of the spans between consecutive down-majorities at most a minute apart. */
  outageMs: DurationMs,
  rounds: z.number().int().nonnegative(),
  lastDownAt: Instant.nullable(),
  /** Until when, since the last down-majority, others voted down while a vantage was silent; rows of before have none. */
  heldUntilAt: Instant.nullable().default(null),
  lastNotServingAt: Instant.nullable(),
  lastLifeAt: Instant.nullable(),
  /** The newest instant for which anything has shown life: a look stands longer than what it proves. */
  livedAt: Instant.nullable(),
  /** Since when a majority has seen part of the databases lost; null while none has. */
  partialSinceAt: Instant.nullable(),
  /** When a look last met failing storage or log, while no look has written since; rows of before have none. */
  storageFailedAt: Instant.nullable().default(null),
  /** Newest first, no older than the flapping window. */
  ended: z.array(EndedOutage),
  /** End of the last attempt, ours or another's, that did not move the roles, and the outage time counted since; null before any. */
  attemptEndedAt: Instant.nullable(),
  sinceAttemptMs: DurationMs,
});
export type Outage = z.infer<typeof Outage>;

export const NO_OUTAGE: Outage = {
  onsetAt: null,
  outageMs: 0,
  rounds: 0,
  lastDownAt: null,
  heldUntilAt: null,
  lastNotServingAt: null,
  lastLifeAt: null,
  livedAt: null,
  partialSinceAt: null,
  storageFailedAt: null,
  ended: [],
  attemptEndedAt: null,
  sinceAttemptMs: 0,
};
