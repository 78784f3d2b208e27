import type { Advice } from "../../domain/facts.ts";
import type { HealthReading } from "../resource-health/health-reading.ts";

/** What Resource Health's word of one instance, or its silence, is as advice. */
export function healthAdvice(
  role: "primary" | "secondary",
  reading: HealthReading,
): readonly Advice[] {
  if (reading.kind === "unknown") {
    if (reading.because === "identity") {
      return [{ source: "identity", value: "no-token", ageMs: 0 }];
    }
    const value = `unknown: ${reading.because}`;
    if (reading.controlPlane) return [{ source: `${role}-arm`, value, ageMs: 0 }];
    return [{ source: "resource-health", value: `${role} ${value}`, ageMs: 0 }];
  }
  const { state, reason, ageMs } = reading;
  const value = reason === null ? `${role} ${state}` : `${role} ${state} (${reason})`;
  const health: Advice = { source: "resource-health", value, ageMs };
  const planned = reason?.toLowerCase() === "planned" && state.toLowerCase() !== "available";
  if (role !== "primary" || !planned) return [health];
  return [health, { source: "maintenance", value, ageMs }];
}
