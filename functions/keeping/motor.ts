import type { DurableClient } from "durable-functions";
import { motorId, ORCHESTRATION, type Work } from "../../orchestrations/contracts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { changeFailback } from "../../shared/ledger/failbacks.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import { onOwnClock } from "../../shared/policy/evidence/on-own-clock.ts";
import type { Store } from "../../shared/ports/store.ts";
import { type App, groupNamed } from "../app.ts";

/** What a motor's activity holds while it works. */
export interface Grip {
  readonly group: Group;
  readonly store: Store;
  readonly expectedPrimary: Side;
  readonly target: Side;
  /** Null when the work is a failback. */
  readonly incident: Incident | null;
  /** When the work began: a person's call from before was about something else. */
  readonly sinceAt: number;
  /** The last decision that was written down for this work. */
  readonly decisionId: string | null;
  /** Its gist, on the way home. */
  readonly gist: string | null;
}

/** Shows a sign of life in the ledger. Null: this motor has been replaced or its work is over; change nothing. */
export async function grip(app: App, work: Work): Promise<Grip | null> {
  const group = groupNamed(app, work.group);
  const unreachable: unknown[] = [];
  for (const store of storesOf(app, group)) {
    const held = await gripIn(store, group, work, app.ports.clock.now()).catch((error: unknown) => {
      unreachable.push(error);
      return null;
    });
    if (held !== null) return held;
  }
  if (unreachable.length > 0) throw unreachable[0];
  return null;
}

async function gripIn(
  store: Store,
  group: Group,
  work: Work,
  heartbeatAt: number,
): Promise<Grip | null> {
  if (work.purpose === "fail-back") {
    const failback = await changeFailback(store, group.name, work.incidentId, (row) =>
      row.motor === work.motor ? { ...row, heartbeatAt } : row,
    );
    if (failback === null || failback.motor !== work.motor) return null;
    const { decisionId, gist, failedOverAt: sinceAt } = failback;
    const [expectedPrimary, target] = ["partner", "home"] as const;
    return { group, store, expectedPrimary, target, incident: null, sinceAt, decisionId, gist };
  }
  const incident = await changeIncident(store, work, (row) => ({ ...row, heartbeatAt }));
  if (incident === null) return null;
  const { expectedPrimary, decisionId, openedAt: sinceAt } = incident;
  const target = otherSide(expectedPrimary);
  return { group, store, expectedPrimary, target, incident, sinceAt, decisionId, gist: null };
}

/**
 * Where work that this site may run is kept: its own store if it is in one of the group's regions,
 * since a failover towards it is kept there; both for a site that stands in.
 */
export function storesOf(app: App, group: Group): readonly Store[] {
  const both = app.stores.both(group, "home");
  return both.includes(app.stores.own) ? [app.stores.own] : both;
}

/** Starts the next generation of a motor on this site, and ends the last one if it still runs. */
export async function startMotor(client: DurableClient, last: Work): Promise<void> {
  const work = { ...last, motor: last.motor + 1 };
  const name = work.purpose === "fail-over" ? ORCHESTRATION.incident : ORCHESTRATION.failBack;
  if (last.motor > 0) {
    await client.terminate(motorId(last), "replaced").catch(() => undefined);
  }
  await client.startNew(name, { instanceId: motorId(work), input: work });
}

/** An instance that cannot be found this long after its motor was taken was never started. */
const NEVER_STARTED_MS = 20_000;

/** The motor is gone, or has not shown itself for so long that it may as well be. */
export async function isDead(
  client: DurableClient,
  work: Work,
  heartbeatAt: number | null,
  quietMs: number,
  now: number,
): Promise<boolean> {
  if (work.motor === 0 || heartbeatAt === null) return true;
  const ageMs = now - heartbeatAt;
  if (ageMs > quietMs || ageMs < -quietMs) return true;
  const status = await client.getStatus(motorId(work)).catch(() => null);
  if (status === null) return ageMs > NEVER_STARTED_MS;
  return ["Failed", "Terminated", "Canceled", "Completed"].includes(status.runtimeStatus);
}

/** Takes the next generation for this site. Null when another was faster. */
export async function takeMotor(
  store: Store,
  row: Pick<Incident | Failback, "id" | "group" | "motor">,
  by: { readonly purpose: Work["purpose"]; readonly site: string; readonly now: number },
  /** For how long, on our clock, the site that ran it has been quiet. */
  unseenMs = 0,
): Promise<Work | null> {
  const { purpose, site, now } = by;
  const work: Work = { group: row.group, purpose, incidentId: row.id, motor: row.motor };
  const taken = { motor: row.motor + 1, motorSite: site, heartbeatAt: now };
  const after =
    purpose === "fail-over"
      ? await changeIncident(store, work, (before) => ({
          ...(before.motorSite === null || before.motorSite === site
            ? before
            : onOwnClock(before, now, unseenMs)),
          ...taken,
        }))
      : await changeFailback(store, row.group, row.id, (before) =>
          before.motor === row.motor ? { ...before, ...taken } : before,
        );
  return after !== null && after.motor === row.motor + 1 && after.motorSite === site ? work : null;
}
