import { AuditEntry } from "../domain/event.ts";
import { type DecisionReceipt, Receipt } from "../domain/receipt.ts";
import type { Store } from "../ports/store.ts";
import { addRow, type RowType, readRow } from "./rows.ts";

export const AUDIT: RowType<AuditEntry> = { kind: "audit", schema: AuditEntry };
export const RECEIPT: RowType<Receipt> = { kind: "receipt", schema: Receipt };

/** Adds one line to the audit. The id decides: the same entry added again is the same entry. */
export async function addAudit(store: Store, entry: AuditEntry): Promise<void> {
  await addRow(store, AUDIT, entry.group, entry.id, entry);
}

/** Keeps a receipt. The same receipt kept again is the same receipt. */
export async function keepReceipt(store: Store, group: string, receipt: Receipt): Promise<void> {
  await addRow(store, RECEIPT, group, receipt.id, receipt);
}

/** The receipt of one decision; null when there is none of that id, or it is of another kind. */
export async function readReceipt(
  store: Store,
  group: string,
  id: string,
): Promise<DecisionReceipt | null> {
  const receipt = (await readRow(store, RECEIPT, group, id))?.value ?? null;
  return receipt?.kind === "decision" ? receipt : null;
}
