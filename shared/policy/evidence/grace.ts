import type { Outage } from "../../domain/outage.ts";
import type { Policy } from "../../domain/policy.ts";

/** A look that was not served makes the outage a gray one for this long. */
const GRAY_MEMORY_MS = 120_000;

/** The grace that holds now: the gray one while a server still answered lately without serving, or was slow before it was lost. */
export function graceFor(
  { lastNotServingAt, wasSlow }: Pick<Outage, "lastNotServingAt" | "wasSlow">,
  now: number,
  policy: Policy,
): number {
  // A distance, not an age: a clock that jumped back must not make the outage gray for hours.
  const gray = lastNotServingAt !== null && Math.abs(now - lastNotServingAt) <= GRAY_MEMORY_MS;
  return gray || wasSlow ? policy.grayGraceMs : policy.graceMs;
}

/** What is left of the grace; null while no outage is running. */
export function graceLeft(outage: Outage, now: number, policy: Policy): number | null {
  if (outage.onsetAt === null) return null;
  return Math.max(0, graceFor(outage, now, policy) - outage.outageMs);
}
