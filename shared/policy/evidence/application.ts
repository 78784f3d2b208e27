import type { Facts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Watch } from "../../domain/watch.ts";

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

/** A ratio to be remembered, with the beginning of its window; none where it is too old to say anything of now. */
export function noteRatio(
  application: Facts["application"],
  now: number,
): Watch["application"][number] {
  const ratio = lateRatio(application);
  if (ratio === null) return { at: now, beganAt: now, ratio: null };
  return { at: now, beganAt: now - ratio.ageMs - ratio.windowMs, ratio: ratio.value };
}

function lateRatio(application: Facts["application"]): Ratio | null {
  return application.kind === "ratio" && application.ageMs <= LATE_MOST_MS ? application : null;
}
