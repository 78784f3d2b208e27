import type { Decision } from "../../domain/decision.ts";
import type { Policy } from "../../domain/policy.ts";

/** The interval counts from look to look; the last look of the grace ends just when the grace does. */
export function nextLookAfterMs(
  decision: Pick<Decision, "graceLeftMs">,
  policy: Policy,
  tookMs: number,
): number {
  const restMs = policy.intervalMs - tookMs;
  const { graceLeftMs } = decision;
  if (graceLeftMs === null || graceLeftMs <= 0) return Math.max(0, restMs);
  return Math.max(0, Math.min(restMs, graceLeftMs - policy.probeTimeoutMs));
}
