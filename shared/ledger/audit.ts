import { AuditEntry } from "../domain/event.ts";
import { type DecisionReceipt, Receipt } from "../domain/receipt.ts";
import { addedId, stampIn } from "./added-ids.ts";
import type { Book } from "./book.ts";
import { valueOrNull } from "./reading.ts";
import { addRow, type RowType, readRow } from "./rows.ts";

export const AUDIT: RowType<AuditEntry> = { kind: "audit", schema: AuditEntry, unreadable: "keep" };
export const RECEIPT: RowType<Receipt> = { kind: "receipt", schema: Receipt, unreadable: "keep" };

/**
 * Adds one line to the audit. Its id and the instant of what it tells of decide: the same entry added
 * again is the same entry.
 */
export async function addAudit(book: Book, entry: AuditEntry, ofAt: number): Promise<void> {
  await addRow({ book, type: AUDIT, id: addedId(ofAt, entry.id) }, entry);
}

/** Keeps a receipt. The same receipt kept again is the same receipt. */
export async function keepReceipt(book: Book, receipt: Receipt): Promise<void> {
  await addRow({ book, type: RECEIPT, id: addedId(stampIn(receipt.id), receipt.id) }, receipt);
}

/** The receipt of one decision; null when there is none of that id, or none that can be read. */
export async function readReceipt(book: Book, id: string): Promise<DecisionReceipt | null> {
  const receipt = valueOrNull(await readRow({ book, type: RECEIPT, id: addedId(stampIn(id), id) }));
  return receipt?.kind === "decision" ? receipt : null;
}
