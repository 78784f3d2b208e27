import { AuditEntry } from "../domain/event.ts";
import type { Facts } from "../domain/facts.ts";
import { type DecisionReceipt, Receipt } from "../domain/receipt.ts";
import { addedId, stampIn } from "./added-ids.ts";
import type { Book } from "./book.ts";
import { valueOrNull } from "./reading.ts";
import { addRow, NotWritten, type RowType, readRow } from "./rows.ts";

export const AUDIT: RowType<AuditEntry> = { kind: "audit", schema: AuditEntry, unreadable: "keep" };
export const RECEIPT: RowType<Receipt> = { kind: "receipt", schema: Receipt, unreadable: "keep" };

/**
 * Adds one line to the audit. Its id and the instant of what it tells of decide: the same entry added
 * again is the same entry.
 */
export async function addAudit(book: Book, entry: AuditEntry, ofAt: number): Promise<void> {
  await addRow({ book, type: AUDIT, id: addedId(ofAt, entry.id) }, entry);
}

/**
 * Keeps a receipt. The same receipt kept again is the same receipt. One that is too large for a row is kept
 * without what may be of any length: no act waits for what the outside has too much to say.
 */
export async function keepReceipt(book: Book, receipt: Receipt): Promise<void> {
  const row = { book, type: RECEIPT, id: addedId(stampIn(receipt.id), receipt.id) };
  try {
    await addRow(row, receipt);
  } catch (error) {
    const tooLarge = error instanceof NotWritten && error.because === "too-large";
    if (!tooLarge || receipt.kind !== "decision") throw error;
    await addRow(row, { ...receipt, facts: shortened(receipt.facts) });
  }
}

const ENTRIES_KEPT = 100;

/** Facts without the names of databases that are lost, and with the newest of what was done. */
function shortened(facts: Facts): Facts {
  const looks = facts.looks.map((look) => ({ ...look, failedDatabases: [] }));
  return { ...facts, looks, activity: facts.activity.slice(-ENTRIES_KEPT) };
}

/** The receipt of one decision; null when there is none of that id, or none that can be read. */
export async function readReceipt(book: Book, id: string): Promise<DecisionReceipt | null> {
  const receipt = valueOrNull(await readRow({ book, type: RECEIPT, id: addedId(stampIn(id), id) }));
  return receipt?.kind === "decision" ? receipt : null;
}
