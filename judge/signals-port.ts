import type * as z from "zod";
import type { ActivityEntry, Advice } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { References } from "../shared/ports/references.ts";
import type { Signals } from "../shared/ports/signals.ts";
import { entriesOf } from "./activity-entries.ts";
import type { JudgedWorld } from "./judged-world.ts";
import type { Place } from "./sources.ts";

/** Telemetry is never of this very moment. */
const TELEMETRY_AGE_MS = 5_000;

/** What the platform and the application say. */
export function createSignalsPort(world: JudgedWorld, group: Group, startAt: number): Signals {
  return {
    application: async () => {
      const ratio = world.read("app_e2e");
      return ratio === "unknown"
        ? { kind: "unknown", because: "no-telemetry" }
        : { kind: "ratio", value: ratio, ageMs: TELEMETRY_AGE_MS };
    },
    capacityAt: async (_group, target) => {
      if (!world.incidentFile.config.capacityRequired) return "not-required";
      if (target === "home") return "ready";
      const capacity = world.read("app_capacity@B");
      return capacity === "not_ready" ? "not-ready" : capacity;
    },
    activity: async (_group, sinceMs): Promise<readonly ActivityEntry[]> => {
      const now = world.now();
      const entries = entriesOf(world.timeline, group, startAt, now);
      return entries.filter(({ at }) => at >= startAt + now - sinceMs);
    },
    advice: async () => adviceNow(world),
  };
}

function adviceNow(world: JudgedWorld): readonly z.infer<typeof Advice>[] {
  const ageMs = world.read("metrics_age_s@A") * 1_000;
  const [primary, secondary] = [world.read("arm_primary"), world.read("arm_secondary")];
  const whole = world.read("arm_global");
  const arm = (side: typeof primary): string =>
    whole === "ok" ? (side.kind === "state" ? side.state : side.kind) : whole;
  return [
    { source: "resource-health", value: world.read("resource_health@A"), ageMs },
    { source: "service-health", value: world.read("service_health"), ageMs: TELEMETRY_AGE_MS },
    { source: "primary-arm", value: arm(primary), ageMs: TELEMETRY_AGE_MS },
    { source: "secondary-arm", value: arm(secondary), ageMs: TELEMETRY_AGE_MS },
    { source: "dns-listener", value: world.read("dns_listener"), ageMs: TELEMETRY_AGE_MS },
    { source: "dns-control", value: world.read("dns_control"), ageMs: TELEMETRY_AGE_MS },
    { source: "identity", value: world.read("identity"), ageMs: TELEMETRY_AGE_MS },
  ];
}

/** The probe's own reference, and the home region's off the SQL path. */
export function createReferencesPort(world: JudgedWorld, from: Place): References {
  return {
    reach: async (target, timeoutMs) => {
      const signal = target.includes("home-")
        ? homeSeen(world, from, target)
        : world.read(`ref_probe@${from}`);
      if (signal === "timeout") await world.clock.sleep(timeoutMs);
      return signal === "ok" ? "ok" : "failed";
    },
  };
}

/** Incident files tell of A's only. What nobody tells of was not reached. */
function homeSeen(world: JudgedWorld, from: Place, target: string): "ok" | "timeout" | "unknown" {
  if (from === "A" || !target.includes("home-a.")) return "unknown";
  return world.read(`home_ref@${from}`);
}
