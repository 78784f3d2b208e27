import type { IncidentFile } from "../../judge/incident-file.ts";
import type { Place } from "../../judge/sources.ts";
import { createTimeline, type Timeline } from "../../judge/timeline.ts";
import { draw } from "../../simulator/azure/world/draw.ts";

/** Decides from looks alone, as simple tools do: no guards, nobody is asked. */
export interface Detector {
  readonly name: string;
  /** Whose published defaults these are. */
  readonly defaults: string;
  /** When it would fail over; null if it never does. */
  decide(looks: Looks, endMs: number): number | null;
}

/** What a simple prober makes of the signals: an answer or none. */
export interface Looks {
  /** Null: no prober is there to say. */
  answered(place: Place, atMs: number): boolean | null;
}

const TIMEOUT_MS = 8_000;

/** The same signals that the product sees; flaky ones are drawn from a seed. */
export function createLooks(incidentFile: IncidentFile): Looks {
  const timeline: Timeline = createTimeline(incidentFile);
  return {
    answered: (place, atMs) => {
      const seen = timeline[`tds_primary@${place}`].at(atMs);
      switch (seen.kind) {
        case "ok":
        case "partial":
          return true;
        case "silent":
          return null;
        case "slow":
          return seen.ms < TIMEOUT_MS;
        case "flaky":
          return draw(1, `${incidentFile.id}/${place}`, atMs) >= seen.fraction;
        case "timeout":
        case "dns-fail":
        case "error":
        case "network":
          return false;
        default:
          return seen satisfies never;
      }
    },
  };
}
