import type { DurableClient } from "durable-functions";
import type { Work } from "../../orchestrations/contracts.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { freshMs } from "../../shared/domain/policy.ts";
import { openIncidentOf } from "../../shared/ledger/incidents.ts";
import { quietForMs, unchangedForMs } from "../../shared/ledger/watches.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { leads } from "./leads.ts";
import { isDead, startMotor, storesOf, takeMotor } from "./motor.ts";

/** On top of a fresh look: what one round may take besides looking. */
const ROUND_MS = 15_000;
/** Longer than any grace: what a site counted whose store we cannot read is worth nothing. */
const DAY_MS = 24 * 60 * 60_000;

/** Sees to it that every open incident of the group that is this site's to run has a live motor. */
export async function keepMotors(app: App, client: DurableClient, group: Group): Promise<void> {
  const unreadable: unknown[] = [];
  for (const store of storesOf(app, group)) {
    try {
      const incident = await openIncidentOf(store, group.name);
      if (incident !== null) await keepMotor(app, client, group, store, incident);
    } catch (error) {
      // One store may be lost with its region; what the other one holds goes on all the same.
      unreadable.push(error);
    }
  }
  if (unreadable.length > 0) throw unreadable[0];
}

/** Starts the incident's motor if it is dead and this site is the one to run it. Safe to repeat. */
export async function keepMotor(
  app: App,
  client: DurableClient,
  group: Group,
  store: Store,
  incident: Incident,
): Promise<void> {
  const now = app.ports.clock.now();
  const work: Work = {
    group: group.name,
    purpose: "fail-over",
    incidentId: incident.id,
    motor: incident.motor,
  };
  const quietMs = freshMs(group.policy) + ROUND_MS;
  // Seen at every tick, leading or not: how long a motor has been silent only time can tell.
  const silentMs = await silentForMs(app, incident, now);
  if (!(await leads(app, group, incident.expectedPrimary))) return;
  const dead =
    incident.motorSite === app.config.self.name
      ? await isDead(client, work, incident.heartbeatAt, quietMs, now)
      : silentMs >= quietMs;
  if (!dead) return;
  const by = { purpose: "fail-over", site: app.config.self.name, now } as const;
  const taken = await takeMotor(store, incident, by, await unseenMs(app, incident, now));
  if (taken !== null) await startMotor(client, taken);
}

/** For how long nothing has been heard of another site's motor; whoever runs a live one keeps it. */
async function silentForMs(app: App, incident: Incident, now: number): Promise<number> {
  const { motorSite, heartbeatAt, id } = incident;
  if (motorSite === app.config.self.name) return 0;
  if (motorSite === null) return DAY_MS;
  return unchangedForMs(app.stores.own, `motor~${id}`, heartbeatAt, now);
}

/** How long the site that ran the motor has shown no sign of life, if it was another one. */
async function unseenMs(app: App, incident: Incident, now: number): Promise<number> {
  const { motorSite } = incident;
  if (motorSite === null || motorSite === app.config.self.name) return 0;
  const other = app.stores.of(motorSite);
  return other === null ? DAY_MS : quietForMs(app.stores.own, other, now);
}
