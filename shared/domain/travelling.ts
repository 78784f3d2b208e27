import * as z from "zod";
import { SecondarySql } from "./facts.ts";
import { Side } from "./group.ts";
import { Observation } from "./observation.ts";
import { DurationMs } from "./units.ts";

/** An observation as it travels: ages instead of instants, because clocks disagree. */
export const TravellingObservation = Observation.omit({ startedAt: true, endedAt: true }).extend({
  startedAgeMs: DurationMs,
  endedAgeMs: DurationMs,
});
export type TravellingObservation = z.infer<typeof TravellingObservation>;

/** The secondary as one site sees it now: which side it takes for the secondary, and what that answers. */
export const SecondarySeen = z.object({ side: Side, sql: SecondarySql });
export type SecondarySeen = z.infer<typeof SecondarySeen>;

/** What one site tells another of what it has seen. */
export const TravellingReport = z.object({
  version: z.literal(1),
  site: z.string(),
  looks: z.array(TravellingObservation),
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
