import type { DurableClient } from "durable-functions";
import { motorId, ORCHESTRATION, type Work } from "../../orchestrations/contracts.ts";
import type { Failback } from "../../shared/domain/failback.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { Heard } from "../../shared/domain/heard.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Book } from "../../shared/ledger/book.ts";
import {
  changeFailback,
  type FailbackKey,
  failbackIn,
  isOver,
} from "../../shared/ledger/failbacks.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { changeIncident, incidentIn } from "../../shared/ledger/incidents.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import type { Reading } from "../../shared/ledger/reading.ts";
import { onOwnClock } from "../../shared/policy/evidence/on-own-clock.ts";
import { type App, groupNamed } from "../app.ts";

/** What a motor's activity holds while it works. */
export interface Grip {
  readonly work: Work;
  readonly group: Group;
  readonly ledger: GroupLedger;
  /** Where the work is kept, and its rows as they were read for this step. */
  readonly book: Book;
  readonly rows: LiveRows;
  readonly expectedPrimary: Side;
  readonly target: Side;
  /** Null when the work is a failback. */
  readonly incident: Incident | null;
  /** The incident's row as it was last read or written: whoever writes it next need not read it. */
  readonly known: Reading<Incident>;
  /** When the work began: a person's call from before was about something else. */
  readonly sinceAt: number;
  /** The last decision that was written down for this work. */
  readonly decisionId: string | null;
  /** Its gist, on the way home. */
  readonly gist: string | null;
  /** What people have heard of its decisions. */
  readonly heard: Heard | null;
}

/** Takes hold of the work and shows a sign of life in the ledger. Null: this motor has been replaced or its work is over; change nothing. */
export async function grip(app: App, work: Work): Promise<Grip | null> {
  const held = await hold(app, work);
  if (held === null) return null;
  const heartbeatAt = app.ports.clock.now();
  if (held.incident === null) {
    const alive = await changeFailback(
      held.book,
      failbackKey(work),
      (row) => (row.motor === work.motor ? { ...row, heartbeatAt } : null),
      failbackIn(held.rows, "partner"),
    );
    return alive === null ? null : held;
  }
  const alive = (row: Incident): Incident => ({ ...row, heartbeatAt });
  const kept = await changeIncident(held.book, work, alive, held.known);
  if (kept === null) return null;
  return { ...held, incident: kept.value, known: { ...kept, kind: "read" } };
}

/** The same without the sign of life, for a step that gives one when it writes down what it found. */
export async function hold(app: App, work: Work): Promise<Grip | null> {
  const ledger = app.stores.of(groupNamed(app, work.group));
  let untold: string | null = null;
  for (const book of booksOf(ledger)) {
    const rows = await readLive(book);
    const held = heldIn(ledger, rows, work);
    if (typeof held === "object") return held;
    if (held === "unknown") untold ??= book.site;
  }
  if (untold === null) return null;
  throw new Error(`Cannot take hold of ${work.incidentId}: nobody can tell whose it is: ${untold}`);
}

/** The key of the failback that a motor works on: only the way home has motors. */
export function failbackKey({ incidentId }: Pick<Work, "incidentId">): FailbackKey {
  return { id: incidentId, awayOn: "partner" };
}

function heldIn(ledger: GroupLedger, rows: LiveRows, work: Work): Grip | NotHeld {
  const at = { work, group: ledger.group, ledger, book: rows.book, rows };
  if (work.purpose === "fail-back") {
    const failback = ownRow(failbackIn(rows, "partner"), work, isOver);
    if (typeof failback === "string") return failback;
    const { decisionId, gist, heard, failedOverAt: sinceAt } = failback;
    const way = { expectedPrimary: "partner", target: "home" } as const;
    const told = { decisionId, gist, heard };
    return { ...at, ...way, incident: null, known: { kind: "none" }, sinceAt, ...told };
  }
  const known = incidentIn(rows);
  const incident = ownRow(known, work, ({ closedAt }) => closedAt !== null);
  if (typeof incident === "string") return incident;
  const { expectedPrimary, openedAt: sinceAt, decisionId, heard } = incident;
  const target = otherSide(expectedPrimary);
  const told = { decisionId, gist: null, heard };
  return { ...at, expectedPrimary, target, incident, known, sinceAt, ...told };
}

/** Why a store gives no hold: the work is another motor's or over there, or it does not tell. */
type NotHeld = "not-ours" | "unknown";

function ownRow<T extends Pick<MotorRow, "id" | "motor">>(
  reading: Reading<T>,
  { incidentId, motor }: Work,
  isDone: (row: T) => boolean,
): T | NotHeld {
  if (reading.kind === "none") return "not-ours";
  if (reading.kind !== "read") return "unknown";
  const row = reading.value;
  return row.id === incidentId && row.motor === motor && !isDone(row) ? row : "not-ours";
}

/**
 * Where work that this site may run is kept: its own store if it is in one of the group's regions,
 * since a failover towards it is kept there; both for a site that stands in.
 */
export function booksOf(ledger: GroupLedger): readonly Book[] {
  const both = ledger.both("home");
  return both.includes(ledger.own) ? [ledger.own] : both;
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

/** What a row says of the motor that works on it. */
type MotorRow = Pick<Incident | Failback, "id" | "group" | "motor">;

function workOf({ id: incidentId, group, motor }: MotorRow, purpose: Work["purpose"]): Work {
  return { group, purpose, incidentId, motor };
}

/** The motor is gone, or has not shown itself for so long that it may as well be. */
export async function isDead(
  client: DurableClient,
  row: MotorRow & Pick<Incident | Failback, "heartbeatAt">,
  by: { readonly purpose: Work["purpose"]; readonly now: number; readonly quietMs: number },
): Promise<boolean> {
  const { purpose, now, quietMs } = by;
  if (row.motor === 0) return true;
  const ageMs = now - (row.heartbeatAt ?? 0);
  if (ageMs > quietMs || ageMs < -quietMs) return true;
  const status = await client.getStatus(motorId(workOf(row, purpose))).catch(() => null);
  if (status === null) return ageMs > NEVER_STARTED_MS;
  return ["Failed", "Terminated", "Canceled", "Completed"].includes(status.runtimeStatus);
}

/** Takes the next generation for this site. Null when another was faster, or the motor has shown itself since it was judged. */
export async function takeMotor(
  book: Book,
  row: MotorRow & Pick<Incident | Failback, "heartbeatAt">,
  by: {
    readonly purpose: Work["purpose"];
    readonly site: string;
    readonly now: number;
    /** For how long, on our clock, the site that ran it has been quiet. */
    readonly unseenMs?: number;
  },
): Promise<Work | null> {
  const { purpose, site, now, unseenMs = 0 } = by;
  const work = workOf(row, purpose);
  const taken = { motor: row.motor + 1, motorSite: site, heartbeatAt: now };
  const isAsJudged = (before: Incident | Failback): boolean =>
    before.motor === row.motor && before.heartbeatAt === row.heartbeatAt;
  const take = (before: Incident): Incident | null => {
    if (!isAsJudged(before)) return null;
    const isOwn = before.motorSite === null || before.motorSite === site;
    return { ...(isOwn ? before : onOwnClock(before, now, unseenMs)), ...taken };
  };
  const after =
    purpose === "fail-over"
      ? await changeIncident(book, work, take)
      : await changeFailback(book, failbackKey(work), (before) =>
          isAsJudged(before) ? { ...before, ...taken } : null,
        );
  return after === null ? null : work;
}
