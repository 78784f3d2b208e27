import type { Observation } from "../../domain/observation.ts";

/** The second bad look in a row. A vantage that is blind suspects nobody. */
export function isSuspicious(looks: readonly Observation[]): boolean {
  const last = looks.slice(-2);
  return last.length === 2 && last.every(isBad);
}

/** Did this look find the primary, or part of it, not serving? */
export function isBad(seen: Observation): boolean {
  const failed = seen.result === "not-serving" || seen.result === "no-answer";
  return failed || seen.failedDatabases.length > 0;
}

/**
 * Since when every look has been bad that saw anything; null where the last one was not. Only so many
 * looks are kept: `before` is what came of this when there were older ones.
 */
export function badSince(looks: readonly Observation[], before: number | null): number | null {
  const saw = looks.filter(({ result }) => result !== "blind");
  if (saw.length === 0) return before;
  const well = saw.findLastIndex((seen) => !isBad(seen));
  const since = saw[well + 1]?.startedAt ?? null;
  return since === null || well >= 0 ? since : Math.min(since, before ?? since);
}
