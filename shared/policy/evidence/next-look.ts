import type { Decision } from "../../domain/decision.ts";
import type { Policy } from "../../domain/policy.ts";

/**
 * The interval counts from look to look: a round that took all of it is followed at once. The last look of
 * the grace ends just when the grace does.
 */
export function nextLookAfterMs(
  decision: Pick<Decision, "graceLeftMs">,
  policy: Policy,
  tookMs: number,
): number {
  const restMs = policy.intervalMs - tookMs;
  const graceLeftMs = decision.graceLeftMs ?? 0;
  if (restMs <= 0) return 0;
  if (graceLeftMs <= 0) return restMs;
  // Never at once: looks that end early would follow each other without a pause.
  return Math.max(1, Math.min(restMs, graceLeftMs - policy.probeTimeoutMs));
}
