import type { Ask } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { hasHealed } from "../../shared/policy/evidence/has-healed.ts";

/** Has what this ask is about healed? Only the store that acting needs is asked; where it does not say, the rules will. */
export async function findHealed(target: Book, ask: Ask): Promise<boolean> {
  if (ask.purpose === "fail-back") return false;
  const incident = openIncidentIn(await readLive(target));
  if (incident === null || incident.id !== ask.incidentId) return false;
  return hasHealed(ask, incident, target.clock.now());
}
