import type { Book } from "../../shared/ledger/book.ts";
import { failbackIn, isOver } from "../../shared/ledger/failbacks.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { forgetEndedPauses } from "../../shared/ledger/pauses.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { SWEPT_KINDS, sweep } from "../../shared/ledger/retention.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** It is done at one tick of so many: what is to go in a year can wait for minutes. */
const SWEEP_EVERY = 16;
/** Rows of one kind that go at once. */
const ROWS_MAX = 10;
/** Kinds of one group that are swept in one tick: more groups need more of it. */
const SWEEPS_MAX = 10;

/**
 * Takes away a few rows that are older than they are kept, out of our own store, one kind of one group
 * after the other. The audit says what has gone of itself.
 */
export async function sweepOldRows(
  app: App,
  beats: number,
  rows: readonly LiveRows[],
): Promise<void> {
  if (beats % SWEEP_EVERY !== 0) return;
  const due = rows.flatMap((each) => SWEPT_KINDS.map((kind) => ({ rows: each, kind })));
  const sweeps = Math.min(SWEEPS_MAX, Math.ceil(rows.length / 2));
  const first = (beats / SWEEP_EVERY) * sweeps;
  for (let turn = 0; turn < sweeps; turn++) {
    const next = due[(first + turn) % due.length];
    // Ids that are in no order are digests: a digest is a place among them.
    const from = digestOf(String(beats));
    if (next !== undefined && !next.rows.silent) await sweepKind(app, next.rows, next.kind, from);
  }
  const before = app.ports.clock.now() - app.config.retention.eventsMs;
  for (const each of rows) await forgetEndedPauses(each, { before, atMost: ROWS_MAX });
}

async function sweepKind(
  app: App,
  rows: LiveRows,
  kind: (typeof SWEPT_KINDS)[number],
  from: string,
): Promise<void> {
  const { book } = rows;
  const now = app.ports.clock.now();
  const oldest = now - app.config.retention[kind.kept];
  const before = Math.min(oldest, ...openSince(rows));
  const swept = await sweep(book, kind, { before, atMost: ROWS_MAX, from });
  if (swept !== null && kind.kind === "audit") await leaveCheckpoint(app, book, swept, now);
}

/** Since when things of the group are open; everything after them still has its use. */
function openSince(rows: LiveRows): readonly number[] {
  const failbacks = (["home", "partner"] as const).map((side) =>
    valueOrNull(failbackIn(rows, side)),
  );
  const incident = openIncidentIn(rows);
  return [
    ...(incident === null ? [] : [incident.openedAt]),
    ...failbacks.flatMap((row) => (row === null || isOver(row) ? [] : [row.failedOverAt])),
  ];
}

async function leaveCheckpoint(
  app: App,
  book: Book,
  { removed, upToAt }: { readonly removed: number; readonly upToAt: number },
  now: number,
): Promise<void> {
  await writeAudit(app, book, {
    incidentId: null,
    action: "audit-swept",
    key: String(upToAt),
    ofAt: now,
    rule: null,
    receiptId: null,
    actor: "geo-failover",
    detail: { removed, upToAt },
  });
}
