import type { Advice, AdviceKind } from "../../domain/facts.ts";
import type { HealthReading } from "../resource-health/health-reading.ts";

/** What Resource Health's word of one instance, or its silence, is as advice. */
export function healthAdvice(
  role: "primary" | "secondary",
  reading: HealthReading,
): readonly Advice[] {
  if (reading.kind === "unknown") {
    if (reading.because === "identity") {
      return [{ source: "identity", kind: "failing", said: "no-token", ageMs: 0 }];
    }
    const { because, controlPlane } = reading;
    return controlPlane === null
      ? [{ source: "resource-health", kind: "unknown", said: `${role}: ${because}`, ageMs: 0 }]
      : [{ source: `${role}-arm`, kind: controlPlane, said: because, ageMs: 0 }];
  }
  const { state, reason, ageMs } = reading;
  const said = reason === null ? `${role} ${state}` : `${role} ${state} (${reason})`;
  const kind = healthKind(state);
  const health: Advice = { source: "resource-health", kind, said, ageMs };
  const planned = reason?.toLowerCase() === "planned" && kind !== "ok";
  if (role !== "primary" || !planned) return [health];
  return [health, { source: "maintenance", kind, said, ageMs }];
}

/** What a word of Resource Health is as advice; one that we do not know says nothing. */
export function healthKind(state: string): AdviceKind {
  switch (state.toLowerCase()) {
    case "available":
      return "ok";
    case "unavailable":
    case "degraded":
      return "bad";
    // "Unknown": no logins for a while, which is no outage.
    default:
      return "unknown";
  }
}
