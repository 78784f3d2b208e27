import type { Expected, IncidentFile } from "./incident-file.ts";
import { peaceWritten } from "./sources.ts";
import type { Outcome } from "./verdict.ts";

/** Is this what was expected, and in time? Null where nothing was expected. */
export function compareExpected(incidentFile: IncidentFile, outcome: Outcome): boolean | null {
  const { expected } = incidentFile;
  if (expected === null) return null;
  if (outcome.decision !== expected.decision) return false;
  switch (expected.decision) {
    case "never":
      return true;
    case "hold_for_approval":
      return isWithin(outcome.atMs, {
        ...expected,
        earliestMs: earliestAsk(incidentFile, expected),
      });
    case "failover":
    case "abort":
      return isWithin(outcome.atMs, expected) && modeMatches(outcome, expected);
    default:
      return expected.decision satisfies never;
  }
}

function isWithin(
  atMs: number | null,
  { earliestMs, latestMs }: Pick<Expected, "earliestMs" | "latestMs">,
): boolean {
  if (atMs === null) return false;
  return atMs >= (earliestMs ?? atMs) && atMs <= (latestMs ?? atMs);
}

function modeMatches(outcome: Outcome, { mode }: Expected): boolean {
  return mode === null || outcome.mode === mode;
}

/** To ask early is right, as long as something has happened. */
function earliestAsk({ signals }: IncidentFile, { earliestMs }: Expected): number | null {
  const first = signals.find(({ source, value }) => String(value) !== String(peaceWritten(source)));
  if (first === undefined || earliestMs === null) return earliestMs;
  return Math.min(first.atMs, earliestMs);
}
