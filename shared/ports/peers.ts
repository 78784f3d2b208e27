import type { Site } from "../domain/group.ts";
import type { Observation } from "../domain/observation.ts";
import type { SecondarySeen, TravellingTally } from "../domain/travelling.ts";

/** An observation as it travels: ages instead of instants, because clocks disagree. */
export type TravellingObservation = Omit<Observation, "startedAt" | "endedAt"> & {
  readonly startedAgeMs: number;
  readonly endedAgeMs: number;
};

export type PeerReport =
  | {
      readonly kind: "heard";
      readonly looks: readonly TravellingObservation[];
      readonly tallies: readonly TravellingTally[];
      readonly secondary: SecondarySeen | null;
      readonly lastTickAgeMs: number | null;
    }
  | { readonly kind: "unheard"; readonly because: string };

/** The other sites, over HTTPS, each call bounded by its deadline. No method throws. */
export interface Peers {
  observe(site: Site, group: string, timeoutMs: number): Promise<PeerReport>;
  /** Runs the site's tick over HTTP, for when its timers have frozen. */
  tick(site: Site, timeoutMs: number): Promise<"ok" | "failed">;
}
