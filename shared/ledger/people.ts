import { Approval, Ask, Pause, PersonCall } from "../domain/person.ts";
import type { Store } from "../ports/store.ts";
import { addRow, changeRow, listRows, type RowType, readRow } from "./rows.ts";
import { EVERY_GROUP } from "./stores.ts";

export const ASK: RowType<Ask> = { kind: "ask", schema: Ask };
export const APPROVAL: RowType<Approval> = { kind: "approval", schema: Approval };
export const PAUSE: RowType<Pause> = { kind: "pause", schema: Pause };
export const CALL: RowType<PersonCall> = { kind: "call", schema: PersonCall };
/** The same once more by purpose: ids of calls are digests of keys and in no order. */
const NEWEST_CALL: RowType<PersonCall> = { kind: "newest-call", schema: PersonCall };

/** Pauses of this group and of all groups, in one store, expired ones left out. */
export async function pausesIn(
  store: Store,
  group: string,
  now: number,
): Promise<readonly Pause[]> {
  const rows = await Promise.all(
    [group, EVERY_GROUP].map((scope) => readRow(store, PAUSE, scope, "pause")),
  );
  return rows.flatMap((row) => {
    if (row === null || row.value.pausedAt === LIFTED) return [];
    const { expiresAt } = row.value;
    return expiresAt === null || expiresAt > now ? [row.value] : [];
  });
}

/** A pause that was lifted keeps its row, so that lifting survives like pausing does. */
const LIFTED = 0;

/** Writes a pause of one group or of all, over the one that is there. */
export async function writePause(store: Store, scope: string, pause: Pause): Promise<void> {
  await changeRow(store, PAUSE, scope, "pause", () => pause);
}

/** Lifts a pause. False where none was in force. */
export async function liftPause(store: Store, scope: string, owner: string): Promise<boolean> {
  const { changed } = await changeRow(store, PAUSE, scope, "pause", (pause) =>
    pause === null || pause.pausedAt === LIFTED ? null : { ...pause, owner, pausedAt: LIFTED },
  );
  return changed;
}

/** Approvals of one incident that still stand. */
export async function approvalsIn(
  store: Store,
  group: string,
  incidentId: string,
  now: number,
): Promise<readonly Approval[]> {
  const rows = await listRows(store, APPROVAL, group, { newest: true, limit: 20 });
  return rows.filter((row) => row.incidentId === incidentId && row.expiresAt > now);
}

/** Adds an approval. The same one again changes nothing. */
export async function addApproval(store: Store, group: string, approval: Approval): Promise<void> {
  await addRow(store, APPROVAL, group, approval.askId, approval);
}

/** The newest twenty asks of a group, answered ones too. */
export async function asksOf(store: Store, group: string): Promise<readonly Ask[]> {
  return listRows(store, ASK, group, { newest: true, limit: 20 });
}

/** Opens an ask, or finds it settled. While nobody has answered, each token that was sent is good. */
export async function openAsk(store: Store, group: string, ask: Ask): Promise<Ask> {
  const { value } = await changeRow(store, ASK, group, ask.id, (now) =>
    now === null || now.answer === "none"
      ? { ...ask, tokenHashes: [...new Set([...(now?.tokenHashes ?? []), ...ask.tokenHashes])] }
      : null,
  );
  return value ?? ask;
}

/** Settles an ask that nobody has settled. Null when there is none such. */
export async function settleAsk(
  store: Store,
  group: string,
  askId: string,
  answer: Ask["answer"],
): Promise<Ask | null> {
  const { value, changed } = await changeRow(store, ASK, group, askId, (ask) =>
    ask === null || ask.answer !== "none" ? null : { ...ask, answer },
  );
  return changed ? value : null;
}

/** Keeps a person's call under its idempotency key. Returns the first one made with that key. */
export async function keepCall(store: Store, group: string, call: PersonCall): Promise<PersonCall> {
  const { value } = await changeRow(store, CALL, group, call.id, (now) =>
    now === null ? call : null,
  );
  const kept = value ?? call;
  await changeRow(store, NEWEST_CALL, group, kept.purpose, (now) =>
    now === null || now.calledAt < kept.calledAt ? kept : null,
  );
  return kept;
}

/** The newest call of that purpose, if it still stands and was made since `sinceAt`. */
export async function callOf(
  store: Store,
  group: string,
  purpose: PersonCall["purpose"],
  { now, sinceAt }: { readonly now: number; readonly sinceAt: number },
): Promise<PersonCall | null> {
  const call = (await readRow(store, NEWEST_CALL, group, purpose))?.value ?? null;
  return call !== null && call.expiresAt > now && call.calledAt >= sinceAt ? call : null;
}
