import type { Side } from "../domain/group.ts";
import { Incident } from "../domain/incident.ts";
import { NO_OUTAGE } from "../domain/outage.ts";
import type { PersonCall } from "../domain/person.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, type RowType, readRow } from "./rows.ts";

export const INCIDENT: RowType<Incident> = { kind: "incident", schema: Incident };

/** One row per group: the open incident, or the last closed one. */
export const CURRENT = "current";

export interface Suspicion {
  readonly id: string;
  readonly group: string;
  readonly openedBy: string;
  readonly at: number;
  readonly expectedPrimary: Side;
  readonly call: PersonCall | null;
}

/** Opens the group's incident, or finds the one that is open. A call joins it. Harmless to repeat. */
export async function openIncident(
  store: Store,
  suspicion: Suspicion,
): Promise<{ readonly incident: Incident; readonly opened: boolean }> {
  let opened = false;
  const { value } = await changeRow(store, INCIDENT, suspicion.group, CURRENT, (now) => {
    opened = false;
    if (now !== null && now.closedAt === null) {
      return suspicion.call === null ? null : { ...now, call: suspicion.call };
    }
    opened = true;
    return newIncident(suspicion, now);
  });
  if (value === null) throw new Error(`Cannot open an incident for ${suspicion.group}: no row`);
  return { incident: value, opened };
}

/** The group's open incident, if there is one. */
export async function openIncidentOf(store: Store, group: string): Promise<Incident | null> {
  const row = await readRow(store, INCIDENT, group, CURRENT);
  return row === null || row.value.closedAt !== null ? null : row.value;
}

/** The newest incident in this store, open or closed; null where there was none. */
export async function latestIncidentOf(store: Store, group: string): Promise<Incident | null> {
  return (await readRow(store, INCIDENT, group, CURRENT))?.value ?? null;
}

/**
 * Changes the open incident on behalf of one motor. Null when that motor has been replaced or the
 * incident is over: whoever called must stop without a trace.
 */
export async function changeIncident(
  store: Store,
  work: { readonly group: string; readonly incidentId: string; readonly motor: number },
  change: (incident: Incident) => Incident,
): Promise<Incident | null> {
  const { value, changed } = await changeRow(store, INCIDENT, work.group, CURRENT, (now) => {
    if (now === null || now.id !== work.incidentId || now.motor !== work.motor) return null;
    return now.closedAt === null ? change(now) : null;
  });
  return changed ? value : null;
}

/** Outages of the incident before count on: trouble that keeps coming back is one story. */
function newIncident(suspicion: Suspicion, last: Incident | null): Incident {
  return {
    id: suspicion.id,
    group: suspicion.group,
    openedBy: suspicion.openedBy,
    openedAt: suspicion.at,
    expectedPrimary: suspicion.expectedPrimary,
    motor: 0,
    motorSite: null,
    heartbeatAt: null,
    outage: { ...NO_OUTAGE, ended: last?.outage.ended ?? [] },
    countedUntilAt: null,
    samples: [],
    secondaryCommits: [],
    loss: null,
    carriedLoss: null,
    decision: null,
    decisionId: null,
    decidedAt: null,
    receiptAt: null,
    receiptId: null,
    calmSinceAt: null,
    call: suspicion.call,
    plannedEndedAt: null,
    plannedEndedCode: null,
    phases: {
      suspectedAt: suspicion.at,
      onsetAt: null,
      decidedAt: null,
      postedAt: null,
      acceptedAt: null,
      movedAt: null,
      verifiedAt: null,
    },
    closedAt: null,
    end: null,
  };
}
