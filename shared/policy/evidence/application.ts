import type { Facts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";

type Ratio = Extract<Facts["application"], { kind: "ratio" }>;

/** Telemetry is minutes late; what was counted before that says nothing of now. */
const LATE_MOST_MS = 5 * 60_000;

/**
 * The success ratio that shows the primary alive; null where it does not. Only a window that began after the
 * onset speaks against it.
 */
export function ratioOfLife(
  { application, now, outage }: Pick<Facts, "application" | "now" | "outage">,
  policy: Policy,
): Ratio | null {
  const ratio = lateRatio(application);
  if (ratio === null || policy.applicationFloor === null) return null;
  if (ratio.value < policy.applicationFloor) return null;
  const beganAt = now - ratio.ageMs - ratio.windowMs;
  return outage.onsetAt === null || beganAt > outage.onsetAt ? ratio : null;
}

/** Does the application itself say that it fails? */
export function failsBelowFloor(application: Facts["application"], policy: Policy): boolean {
  return isBelowFloor(lateRatio(application)?.value ?? null, policy);
}

/** A ratio that nobody knows is below nothing. */
export function isBelowFloor(
  ratio: number | null,
  { applicationFloor }: Pick<Policy, "applicationFloor">,
): boolean {
  return ratio !== null && applicationFloor !== null && ratio < applicationFloor;
}

/** The ratio whose whole window came after that instant, as far as it is not too old to say anything of now. */
export function ratioAfter(
  application: Facts["application"],
  now: number,
  after: number | null,
): number | null {
  const ratio = lateRatio(application);
  if (ratio === null) return null;
  return now - ratio.ageMs - ratio.windowMs > (after ?? -Infinity) ? ratio.value : null;
}

function lateRatio(application: Facts["application"]): Ratio | null {
  return application.kind === "ratio" && application.ageMs <= LATE_MOST_MS ? application : null;
}
