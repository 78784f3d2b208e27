import * as z from "zod";
import { DurationMs, Instant } from "./units.ts";

/** An outage that a sign of life has ended. */
export const EndedOutage = z.object({
  onsetAt: Instant,
  endedAt: Instant,
  /** Rounds with a down-majority. */
  rounds: z.number().int().positive(),
});

/** What one vantage has seen of trouble; blind looks are not counted. */
export const SeenOfTrouble = z.object({
  vantage: z.string(),
  /** Start of the newest look that is counted. */
  countedUntilAt: Instant,
  /** The last ten minutes of it, newest first. */
  minutes: z.array(
    z.object({
      at: Instant,
      looks: z.number().int().positive(),
      wrote: z.number().int().nonnegative(),
    }),
  ),
});
export type SeenOfTrouble = z.infer<typeof SeenOfTrouble>;

/**
 * The primary has hardly taken a write since a vantage outside its region first saw it down, whether or not a majority
 * has voted down at any one instant.
 */
export const Trouble = z.object({
  /** Start of the first look from outside that voted down. */
  sinceAt: Instant,
  seen: z.array(SeenOfTrouble),
  /** Since when every outside vantage that sees anything has voted otherwise; null while one votes down, or none sees. */
  otherwiseSinceAt: Instant.nullable(),
  /** Start of the newest look that the primary answered, in whatever way; null before any. */
  answeredAt: Instant.nullable(),
});
export type Trouble = z.infer<typeof Trouble>;

/**
 * What the rounds of one incident add up to. Folded round by round, kept in the incident's row,
 * so that a motor that starts again goes on counting where the last one stopped.
 */
export const Outage = z.object({
  /** Start of the first failed look of the outage that is running; null while none is. */
  onsetAt: Instant.nullable(),
  /** Sum of the spans between consecutive down-majorities at most a minute apart. */
  outageMs: DurationMs,
  /** The same, with what the application's success has taken out of it; rows of before do not say. */
  downMs: DurationMs.default(0),
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
  /** Since when a strict majority of the configured vantages votes up; null while none does, and in rows of before. */
  upSinceAt: Instant.nullable().default(null),
  /** When a look last met failing storage or log, while no look has written since; rows of before have none. */
  storageFailedAt: Instant.nullable().default(null),
  /** Newest first, no older than the flapping window. */
  ended: z.array(EndedOutage),
  /** End of the last attempt, ours or another's, that did not move the roles, and the outage time counted since; null before any. */
  attemptEndedAt: Instant.nullable(),
  sinceAttemptMs: DurationMs,
  /** Most looks of the half hour before the onset wrote slowly: it sickened, and did not vanish. Rows of before do not say. */
  wasSlow: z.boolean().default(false),
  /** The trouble that stands, whether or not an outage runs; rows of before have none. */
  trouble: Trouble.nullable().default(null),
});
export type Outage = z.infer<typeof Outage>;

export const NO_OUTAGE: Outage = {
  onsetAt: null,
  outageMs: 0,
  downMs: 0,
  rounds: 0,
  lastDownAt: null,
  heldUntilAt: null,
  lastNotServingAt: null,
  lastLifeAt: null,
  livedAt: null,
  partialSinceAt: null,
  upSinceAt: null,
  storageFailedAt: null,
  ended: [],
  attemptEndedAt: null,
  sinceAttemptMs: 0,
  wasSlow: false,
  trouble: null,
};
