import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import type { OwnView } from "../../shared/ledger/own-view.ts";

/** What the motor of an open incident reads in each of its rounds, ticks read so seldom. */
export const IN_HAND_MS = 3 * 60_000;
/** A motor shows itself in every round: one that has not for so long has nothing in hand. */
const QUIET_MS = 30_000;

/**
 * Whose motor reads the roles in each of its rounds, and ends its incident when they have moved? Nobody's, once it has
 * sent a request: then each site sees for itself where the roles are.
 */
export function inWhoseHand(
  { rows, watch: { motor } }: OwnView,
  now: number,
): "ours" | "another's" | null {
  const isFresh = (at: number | null): boolean => at !== null && now >= at && now - at < QUIET_MS;
  if (motor !== null) return isFresh(motor.changedAt) && !motor.hasSent ? "another's" : null;
  const incident = openIncidentIn(rows);
  const works = incident !== null && incident.motorSite === rows.book.site;
  return works && isFresh(incident.heartbeatAt) && incident.phases.postedAt === null
    ? "ours"
    : null;
}
