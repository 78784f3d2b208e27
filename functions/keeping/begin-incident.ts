import type { Incident } from "../../shared/domain/incident.ts";
import { incidentIn, openIncident, type Suspicion } from "../../shared/ledger/incidents.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import type { App } from "../app.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** Opens the group's incident in the store of these rows, or joins the open one, and writes that down. */
export async function beginIncident(
  app: App,
  rows: LiveRows,
  suspicion: Suspicion,
): Promise<{ readonly incident: Incident; readonly opened: boolean }> {
  const { incident, opened } = await openIncident(rows.book, suspicion, incidentIn(rows));
  if (opened) {
    const { call, openedBy } = suspicion;
    await writeAudit(app, rows.book, {
      incidentId: incident.id,
      action: "incident-opened",
      key: incident.id,
      ofAt: incident.openedAt,
      rule: null,
      receiptId: null,
      actor: call?.actor.name ?? "geo-failover",
      detail: { openedBy, reason: call?.reason ?? null },
    });
  }
  return { incident, opened };
}
