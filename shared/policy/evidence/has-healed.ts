import type { Incident } from "../../domain/incident.ts";
import type { Outage } from "../../domain/outage.ts";
import type { Ask } from "../../domain/person.ts";

/** Does neither an outage nor trouble run? */
export function isAtRest({ onsetAt, partialSinceAt, trouble }: Outage): boolean {
  return onsetAt === null && partialSinceAt === null && trouble === null;
}

/** What was seen longer ago than this says nothing of now. */
const SEEN_MS = 60_000;

/**
 * Has the primary healed of what this ask is about, as the last look of its incident has seen it? Nothing is forced on one
 * that a majority sees serve; a planned failover of what comes and goes may be wanted between two outages.
 */
export function hasHealed(
  { kind, diagnosis }: Pick<Ask, "kind" | "diagnosis">,
  { outage, decision, countedUntilAt }: Pick<Incident, "outage" | "decision" | "countedUntilAt">,
  now: number,
): boolean {
  if (countedUntilAt === null || now - countedUntilAt > SEEN_MS) return false;
  if (kind === "forced") return outage.upSinceAt !== null || isAtRest(outage);
  return isAtRest(outage) && decision?.diagnosis !== diagnosis;
}
