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
