import { Approval, Ask, isAnswered, PersonCall } from "../domain/person.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import { type Reading, valueOrNull } from "./reading.ts";
import { changeRow, type RowType, readRow, removeRow } from "./rows.ts";

/** An ask or approval that cannot be read counts as none: it is asked, or approved, once more. */
export const ASK: RowType<Ask> = {
  kind: "ask",
  schema: Ask,
  unreadable: "replace",
  orderOf: instantIn,
};
export const APPROVAL: RowType<Approval> = {
  kind: "approval",
  schema: Approval,
  unreadable: "replace",
  orderOf: instantIn,
};
/** Kept for good under their keys: one that cannot be read may have been another call. */
export const CALL: RowType<PersonCall> = { kind: "call", schema: PersonCall, unreadable: "keep" };
/** The same once more by purpose: ids of calls are digests of keys and in no order. */
export const NEWEST_CALL: RowType<PersonCall> = {
  kind: "newest-call",
  schema: PersonCall,
  unreadable: "replace",
};

/** Asks and approvals that are looked at: nobody answers an older one. */
const NEWEST_ASKS = 20;

/** When it was asked: what it belongs to comes first in the id, and those are in no order of time. */
function instantIn(askId: string): string {
  return askId.split("~").at(-2) ?? "";
}

/** Approvals of one incident that still stand. */
export function approvalsIn(rows: LiveRows, incidentId: string, now: number): readonly Approval[] {
  return rows
    .all(APPROVAL, NEWEST_ASKS)
    .filter((row) => row.incidentId === incidentId && row.expiresAt > now);
}

/** The last approval of an ask stands: somebody may have said no in between. */
export async function addApproval(book: Book, approval: Approval): Promise<void> {
  await changeRow({ book, type: APPROVAL, id: approval.askId }, (now) =>
    now === null || now.approvedAt < approval.approvedAt ? approval : null,
  );
}

/** The newest asks, newest first; what a person has answered is not pushed out by what nobody has. */
export function asksIn(rows: LiveRows): readonly Ask[] {
  const asks = rows.all(ASK).toReversed();
  const answered = asks.filter(isAnswered).slice(0, NEWEST_ASKS);
  return asks.filter((ask, place) => place < NEWEST_ASKS || answered.includes(ask));
}

/** One ask may be sent, and tried to be sent, ever so often: a row that grew with each would end as too large. */
const TOKENS_KEPT = 20;

/**
 * Opens an ask, or its next version, or finds it open or settled. While nobody has answered, the newest tokens that were
 * sent of its newest version are good.
 */
export async function openAsk(book: Book, ask: Ask): Promise<Ask> {
  const { value } = await changeRow({ book, type: ASK, id: ask.id }, (now) => {
    if (now === null) return ask;
    if (now.answer !== "none" || now.version > ask.version) return null;
    if (now.version < ask.version) return { ...ask, older: addShown(now.older, now) };
    const askedAt = Math.min(now.askedAt, ask.askedAt);
    // Whoever else makes the same version may have seen more in the way: what its own message showed goes with its token.
    if (!showsAlike(now, ask)) return { ...now, askedAt, older: addShown(now.older, ask) };
    return { ...now, askedAt, tokenHashes: withTokens(now, ask) };
  });
  return value ?? ask;
}

type Shown = Ask["older"][number];

function addShown(older: readonly Shown[], added: Shown): Shown[] {
  const { guards, lossAtMostMs } = added;
  const alike = older.find((one) => showsAlike(one, added));
  const tokenHashes = withTokens(alike ?? { tokenHashes: [] }, added);
  const others = older.filter((one) => one !== alike);
  return [...others, { guards, lossAtMostMs, tokenHashes }].slice(-TOKENS_KEPT);
}

function showsAlike(a: Shown, b: Shown): boolean {
  return (
    a.lossAtMostMs === b.lossAtMostMs && [...a.guards].sort().join() === [...b.guards].sort().join()
  );
}

function withTokens(...sent: readonly Pick<Ask, "tokenHashes">[]): string[] {
  return [...new Set(sent.flatMap(({ tokenHashes }) => tokenHashes))].slice(-TOKENS_KEPT);
}

/** What is said of an ask. */
interface Settled {
  readonly answer: Ask["answer"];
  readonly at: number;
  readonly takesBack?: readonly string[];
}

/** Settles an ask, if its answer so far lets it: a yes, or that it is withdrawn, in this version of it alone. Null when there is none such. */
export async function settleAsk(
  book: Book,
  { id, version }: Pick<Ask, "id" | "version">,
  { answer, at, takesBack = [] }: Settled,
  known?: Reading<Ask>,
): Promise<Ask | null> {
  const outcome = await changeRow({ book, type: ASK, id, known }, (ask) => {
    if (ask === null || !mayTurn(ask.answer, answer)) return null;
    if (answer !== "denied" && ask.version !== version) return null;
    // Whatever the clocks say: what is said once more is told from what was said before.
    const answeredAt = Math.max(at, (ask.answeredAt ?? -1) + 1);
    return { ...ask, answer, answeredAt, takesBack: [...takesBack] };
  });
  return outcome.kind === "changed" ? outcome.value : null;
}

/** Of yes and no the last one stands, and to say no is never too late. */
function mayTurn(from: Ask["answer"], to: Ask["answer"]): boolean {
  if (from === "none" || from === "withdrawn") return from === "none";
  return to === "denied" || (from === "denied" && to === "approved");
}

/** Writes down since when nobody would ask this any more, or that somebody would. */
export async function markUnwanted(
  book: Book,
  { id, unwantedSinceAt }: Pick<Ask, "id" | "unwantedSinceAt">,
  known: Reading<Ask>,
): Promise<void> {
  await changeRow({ book, type: ASK, id, known }, (ask) =>
    ask === null || ask.answer !== "none" ? null : { ...ask, unwantedSinceAt },
  );
}

/** Takes away what lies behind the newest: nobody can answer it, and every look would read it again. */
export async function forgetOldAsks(rows: LiveRows, atMost: number): Promise<void> {
  const { book } = rows;
  const kept = new Set(asksIn(rows).map(({ id }) => id));
  for (const type of [ASK, APPROVAL]) {
    const old = rows
      .idsBefore(type, NEWEST_ASKS)
      .filter((id) => !kept.has(id))
      .slice(0, atMost);
    for (const id of old) {
      // A store that does not take one away would be waited for once for each.
      if (!(await removeRow(book, type.kind, id))) return;
    }
  }
}

/** Keeps a person's call under its idempotency key. Returns the first one made with that key. */
export async function keepCall(book: Book, call: PersonCall): Promise<PersonCall> {
  const { value } = await changeRow({ book, type: CALL, id: call.id }, (now) =>
    now === null ? call : null,
  );
  const kept = value ?? call;
  await changeRow({ book, type: NEWEST_CALL, id: kept.purpose }, (now) =>
    now === null || now.calledAt < kept.calledAt ? kept : null,
  );
  return kept;
}

/** The call that was kept under this id, as it stands this instant. */
export function readCall(book: Book, id: string): Promise<Reading<PersonCall>> {
  return readRow({ book, type: CALL, id });
}

/** The newest call of that purpose, if it still stands and was made since `sinceAt`. */
export function callIn(
  rows: LiveRows,
  purpose: PersonCall["purpose"],
  { now, sinceAt }: { readonly now: number; readonly sinceAt: number },
): PersonCall | null {
  const call = valueOrNull(rows.one(NEWEST_CALL, purpose));
  return call !== null && call.expiresAt > now && call.calledAt >= sinceAt ? call : null;
}
