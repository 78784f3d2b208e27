import type { DurableClient } from "durable-functions";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import { openIncident, openIncidentOf } from "../../shared/ledger/incidents.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { writeAudit } from "../telling/write-audit.ts";
import { keepMotor } from "./keep-motors.ts";
import { storesOf } from "./motor.ts";

export interface Suspected {
  readonly group: Group;
  readonly openedBy: string;
  readonly call: PersonCall | null;
  readonly client: DurableClient | null;
}

/** Opens the group's incident, or joins the open one, and sees to its motor if this site leads. */
export async function suspect(
  app: App,
  { group, openedBy, call, client }: Suspected,
): Promise<{ readonly incident: Incident; readonly opened: boolean }> {
  const { primary } = await readWatch(app.stores.own, group.name);
  const expectedPrimary = primary ?? "home";
  const under = await incidentUnderWay(app, group);
  if (under !== null && call === null) {
    if (client !== null) await keepMotor(app, client, group, under.store, under.incident);
    return { incident: under.incident, opened: false };
  }
  const store = app.stores.target(group, expectedPrimary);
  const at = app.ports.clock.now();
  const { incident, opened } = await openIncident(store, {
    id: `${group.name}-${at.toString(36)}`,
    group: group.name,
    openedBy,
    at,
    expectedPrimary,
    call,
  });
  if (opened) {
    await writeAudit(app, store, {
      group: group.name,
      incidentId: incident.id,
      action: "incident-opened",
      key: incident.id,
      rule: null,
      receiptId: null,
      actor: call?.actor.name ?? "geo-failover",
      detail: { openedBy, reason: call?.reason ?? null },
    });
  }
  if (client !== null) await keepMotor(app, client, group, store, incident);
  return { incident, opened };
}

/** One that this site may be running: its failover may have moved the roles, and with them the target, already. */
async function incidentUnderWay(
  app: App,
  group: Group,
): Promise<{ readonly incident: Incident; readonly store: Store } | null> {
  for (const store of storesOf(app, group)) {
    const incident = await openIncidentOf(store, group.name).catch(() => null);
    if (incident !== null && incident.phases.postedAt !== null) return { incident, store };
  }
  return null;
}
