import type { ApplicationReading } from "../../../shared/ports/signals.ts";
import type { GroupWorld } from "./group-world.ts";
import { isOf } from "./instance-health.ts";
import type { World } from "./world.ts";

/** Telemetry is never of this very moment. */
const TELEMETRY_AGE_MS = 30_000;
/** What the query asks for is of one minute. */
const TELEMETRY_WINDOW_MS = 60_000;

/** What the telemetry of a group's application says at the instant the world has reached. */
export function applicationReading(world: World, group: GroupWorld): ApplicationReading {
  if (world.faults("application-unknown").some((fault) => isOf(fault, group))) {
    return { kind: "unknown", because: "no-telemetry" };
  }
  const fault = world.faults("application-ratio").findLast((each) => isOf(each, group));
  const measuredAt = world.at - TELEMETRY_AGE_MS;
  const known = group.ratios.findLast((each) => each.at <= measuredAt) ?? group.ratios[0];
  const value = fault?.value ?? known?.value;
  if (value === undefined) return { kind: "unknown", because: "no-telemetry" };
  return { kind: "ratio", value, ageMs: TELEMETRY_AGE_MS, windowMs: TELEMETRY_WINDOW_MS };
}
