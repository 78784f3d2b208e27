import * as z from "zod";
import { SecondarySql } from "./facts.ts";
import { Side } from "./group.ts";
import { Observation } from "./observation.ts";
import { TALLIES_MAX, Tally } from "./tally.ts";
import { DurationMs } from "./units.ts";

/** How far back looks are told: whoever opens an incident counts from the first failures on. */
export const TOLD_MS = 3 * 60_000;
/** A site tells no more of one group, and no more of it is heard. */
export const LOOKS_TOLD_MAX = 20;

/** Enough to know which they are; all that three sites tell has to fit into the row of one decision. */
const NAMES_TOLD_MAX = 10;

/** Beyond this an age is a fault of whoever tells it. */
const Age = DurationMs.max(24 * 3_600_000);

/** An observation as it travels: ages instead of instants, because clocks disagree. What is longer than any name is none. */
export const TravellingObservation = Observation.omit({ startedAt: true, endedAt: true })
  .extend({
    startedAgeMs: Age,
    endedAgeMs: Age,
    code: z.string().max(200),
    failedDatabases: z
      .array(z.string().max(128))
      .max(500)
      .transform((names) => names.slice(0, NAMES_TOLD_MAX)),
  })
  .refine(({ startedAgeMs, endedAgeMs }) => endedAgeMs <= startedAgeMs);
export type TravellingObservation = z.infer<typeof TravellingObservation>;

/** The secondary as one site sees it now: which side it takes for the secondary, and what that answers. */
export const SecondarySeen = z.object({ side: Side, sql: SecondarySql });
export type SecondarySeen = z.infer<typeof SecondarySeen>;

/** A tally as it travels. */
const TravellingTally = Tally.omit({ at: true }).extend({ ageMs: Age });
export type TravellingTally = z.infer<typeof TravellingTally>;

/** What one site tells another of what it has seen. */
export const TravellingReport = z.object({
  version: z.literal(1),
  site: z.string(),
  /** More than any release tells is read by nobody. */
  looks: z.array(TravellingObservation).max(10 * LOOKS_TOLD_MAX),
  /** The pace of its own looks by minute; an earlier release tells none, and what cannot be read of it costs no look its vote. */
  tallies: z
    .array(TravellingTally)
    .max(2 * TALLIES_MAX)
    .catch([]),
  /** Null: that site did not ask. */
  secondary: SecondarySeen.nullable(),
  /** Null: that site has never ticked. */
  lastTickAgeMs: DurationMs.nullable(),
});
export type TravellingReport = z.infer<typeof TravellingReport>;

/** Makes an observation ready to travel. An instant ahead of `now` has age zero. */
export function travelling(look: Observation, now: number): TravellingObservation {
  const { startedAt, endedAt, ...rest } = look;
  return {
    ...rest,
    startedAgeMs: Math.max(0, now - startedAt),
    endedAgeMs: Math.max(0, now - endedAt),
  };
}
