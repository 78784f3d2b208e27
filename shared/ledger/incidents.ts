import type { Side } from "../domain/group.ts";
import { Incident } from "../domain/incident.ts";
import { NO_OUTAGE } from "../domain/outage.ts";
import type { PersonCall } from "../domain/person.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import { type Reading, valueOrNull } from "./reading.ts";
import { changeRow, type RowType, type Versioned } from "./rows.ts";

/**
 * A broken one is replaced when trouble is suspected: what it held of this trouble is counted anew,
 * which only makes us slower, and what it may have sent stands in the claim, which is a row of its
 * own and followed by whoever comes next. One of a newer release is left alone, since a site that runs
 * it may be at work on it: two motors would ask people twice. It is told at every tick instead.
 */
export const INCIDENT: RowType<Incident> = {
  kind: "incident",
  schema: Incident,
  unreadable: "replace-broken",
};

/** One row per group: the open incident, or the last closed one. */
const CURRENT = "current";

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
  book: Book,
  suspicion: Suspicion,
  known?: Reading<Incident>,
): Promise<{ readonly incident: Incident; readonly opened: boolean }> {
  let opened = false;
  const open = (now: Incident | null): Incident | null => {
    opened = false;
    if (now !== null && now.closedAt === null) {
      return suspicion.call === null ? null : { ...now, call: suspicion.call };
    }
    opened = true;
    return newIncident(suspicion, now);
  };
  const { value } = await changeRow({ book, type: INCIDENT, id: CURRENT, known }, open);
  if (value === null) throw new Error(`Cannot open an incident for ${suspicion.group}: no row`);
  return { incident: value, opened };
}

/** The open incident, or the last closed one, among rows that were read. */
export function incidentIn(rows: LiveRows): Reading<Incident> {
  return rows.one(INCIDENT, CURRENT);
}

/** The open incident, among rows that were read; null also where nobody can tell. */
export function openIncidentIn(rows: LiveRows): Incident | null {
  const incident = valueOrNull(incidentIn(rows));
  return incident === null || incident.closedAt !== null ? null : incident;
}

/**
 * Changes the open incident on behalf of one motor, or of any for what is true whoever works on it. Null when that
 * motor has been replaced, the incident is over, or `change` leaves it: whoever called must stop without a trace.
 */
export async function changeIncident(
  book: Book,
  work: { readonly incidentId: string; readonly motor: number | "any" },
  change: (incident: Incident) => Incident | null,
  known?: Reading<Incident>,
): Promise<Versioned<Incident> | null> {
  const changeOurs = (now: Incident | null): Incident | null => {
    if (now === null || now.id !== work.incidentId) return null;
    if (work.motor !== "any" && now.motor !== work.motor) return null;
    const after = now.closedAt === null ? change(now) : null;
    return after === null ? null : growing(now, after);
  };
  const outcome = await changeRow({ book, type: INCIDENT, id: CURRENT, known }, changeOurs);
  return outcome.kind === "changed" ? outcome : null;
}

/** A phase that was reached stays reached, and motors only follow each other: whatever else is a mistake of ours. */
function growing(before: Incident, after: Incident): Incident {
  const lost = Object.entries(before.phases).find(
    ([phase, at]) => at !== null && Reflect.get(after.phases, phase) === null,
  );
  if (lost !== undefined) {
    throw new Error(
      `Cannot change incident ${before.id}: phases only grow: ${lost[0]} was reached`,
    );
  }
  if (after.motor >= before.motor) return after;
  throw new Error(
    `Cannot change incident ${before.id}: motors only grow: ${before.motor} to ${after.motor}`,
  );
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
    throttled: [],
    loss: null,
    carriedLoss: null,
    decision: null,
    decisionId: null,
    decidedAt: null,
    receiptAt: null,
    receiptId: null,
    isConfirmed: false,
    calmSinceAt: null,
    call: suspicion.call,
    plannedEndedAt: null,
    plannedEndedCode: null,
    heard: null,
    seen: null,
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
