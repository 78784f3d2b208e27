import type { Decision } from "../../domain/decision.ts";
import type { Policy } from "../../domain/policy.ts";

/** How early a durable timer may come: a look that ends before the grace does costs one more. */
const TIMER_EARLY_MS = 1_000;
/** What nobody has watched for a minute is not counted: no look waits so long for the grace to end. */
const UNWATCHED_MOST_MS = 45_000;

/**
 * The interval counts from look to look: a round that took all of it is followed at once. The last round of
 * the grace ends just after it: one that would end before, with none to follow in time, waits.
 */
export function nextLookAfterMs(
  decision: Pick<Decision, "graceLeftMs">,
  { intervalMs }: Pick<Policy, "intervalMs">,
  tookMs: number,
): number {
  const restMs = Math.max(0, intervalMs - tookMs);
  const graceLeftMs = decision.graceLeftMs ?? 0;
  if (graceLeftMs <= 0) return restMs;
  // Never at once: looks that end early would follow each other without a pause.
  if (graceLeftMs <= tookMs) return Math.min(1, restMs);
  // The next round takes about as long as this one did.
  const lastMs = graceLeftMs + TIMER_EARLY_MS - tookMs;
  const fitsAnother = lastMs >= restMs + tookMs;
  const unwatched = graceLeftMs > Math.min(2 * intervalMs, UNWATCHED_MOST_MS);
  return fitsAnother || unwatched ? restMs : lastMs;
}
