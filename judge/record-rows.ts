import * as z from "zod";
import { Incident } from "../shared/domain/incident.ts";
import { Ask } from "../shared/domain/person.ts";
import { RECEIPT } from "../shared/ledger/audit.ts";
import { INCIDENT } from "../shared/ledger/incidents.ts";
import { ASK } from "../shared/ledger/people.ts";
import type { RowKey } from "../shared/ports/store.ts";
import type { Trace } from "./trace.ts";

/** What is looked at in every row of an incident; the rest only when there is something new. */
const Glance = z.object({
  id: z.string(),
  decidedAt: z.number().nullable(),
  closedAt: z.number().nullable(),
});

export interface RowRecorder {
  note(key: RowKey, value: unknown): void;
  /** Some incident is open. */
  busy(): boolean;
}

/** Notes what the ledger tells of decisions: the ledger is the truth, the motor only moves it. */
export function createRowRecorder(trace: Trace, now: () => number): RowRecorder {
  const decided = new Map<string, number>();
  const open = new Set<string>();
  return {
    note: ({ kind }, value) => {
      if (kind === INCIDENT.kind) {
        const { id, decidedAt, closedAt } = Glance.parse(value);
        if (closedAt === null) open.add(id);
        else open.delete(id);
        if (decidedAt !== null && decided.get(id) !== decidedAt) {
          decided.set(id, decidedAt);
          noteDecision(trace, now(), Incident.parse(value));
        }
      }
      if (kind === ASK.kind) noteWithdrawal(trace, now(), Ask.parse(value));
      if (kind === RECEIPT.kind) trace.receipts.push(value);
    },
    busy: () => open.size > 0,
  };
}

function noteDecision({ decisions }: Trace, atMs: number, incident: Incident): void {
  const { id, decision, outage, loss } = incident;
  if (decision !== null) decisions.push({ atMs, incidentId: id, decision, outage, loss });
}

function noteWithdrawal({ asks }: Trace, atMs: number, { id, answer }: Ask): void {
  const asked = asks.find(({ askId }) => askId === id);
  if (asked !== undefined && answer === "withdrawn") asked.withdrawnAtMs ??= atMs;
}
