import type { Announcement, Work } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import type { EventType } from "../../shared/domain/event.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Ask } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { ASK, asksIn, markUnwanted, settleAsk } from "../../shared/ledger/people.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { ignoreNotWritten } from "../../shared/ledger/rows.ts";
import { wasSent } from "../../shared/ledger/sent.ts";
import { hasNotCome } from "../../shared/policy/evidence/follow-claim.ts";
import { isUrgent } from "../../shared/policy/evidence/hear-decision.ts";
import { type SortedAsks, sortAsks, wantedBy } from "../../shared/policy/evidence/sort-asks.ts";
import { eventId } from "./send-once.ts";

/** Where the work is kept. */
interface Kept {
  readonly group: Group;
  readonly book: Book;
  /** As read in this round. */
  readonly rows: LiveRows;
  /** When the work began. */
  readonly sinceAt: number;
}

/**
 * Who has to hear of this decision, if anybody: people are asked until they have heard, and told of
 * what is news. Withdraws the asks that nobody wants answered any more.
 */
export async function announce(
  held: Kept,
  work: Work,
  decided: Decided,
  { due, isOver }: { readonly due: boolean; readonly isOver: boolean },
): Promise<Announcement | null> {
  const { purpose, facts, decision } = decided;
  const asks = sortedAsks(held, work.incidentId, decided);
  await takeBack(held.rows, asks.withdraw, facts.now);
  await noteTurned(held.rows, asks.turned);
  const { incidentId } = work;
  const asked = await unlessHeard(held, { incidentId, type: "ask" }, asks.sending);
  if (asked !== null) return { type: "ask", ...asked, urgent: purpose === "fail-over" };
  // Where somebody else acts it has come, or is to be left alone: the notice of that says more.
  const missed =
    decision.verdict === "stand-down" ? null : missedIn(held.rows, incidentId, isOver, facts.now);
  const notComing = await unlessHeard(held, { incidentId, type: "not-failing-over" }, missed);
  if (notComing !== null) return { type: "not-failing-over", ...notComing, urgent: !isOver };
  const key = `${decision.rule}~${facts.now.toString(36)}`;
  return due ? { type: "notice", key, urgent: isUrgent(decision) } : null;
}

/** What was announced, and does not come. */
function missedIn(
  rows: LiveRows,
  incidentId: string,
  isOver: boolean,
  now: number,
): { readonly key: string } | null {
  const claim = valueOrNull(claimIn(rows));
  if (claim?.incidentId !== incidentId || !hasNotCome(claim, isOver, now)) return null;
  return { key: announcedKey(claim) };
}

/** An announcement of a failover holds for every request of its hour. */
export function announcedKey({ announcedAt, takenAt }: Claim): string {
  return (announcedAt ?? takenAt).toString(36);
}

/** Is there anything left to be asked, that nobody has heard or answered? */
export async function isToAsk(kept: Kept, incidentId: string, decided: Decided): Promise<boolean> {
  const { sending } = sortedAsks(kept, incidentId, decided);
  return (await unlessHeard(kept, { incidentId, type: "ask" }, sending)) !== null;
}

/** What nobody has heard was not told: it is told again, under its own key. */
async function unlessHeard<T extends { readonly key: string }>(
  { book, sinceAt }: Kept,
  { incidentId, type }: { readonly incidentId: string; readonly type: EventType },
  sending: T | null,
): Promise<T | null> {
  if (sending === null) return null;
  const id = eventId(incidentId, type, sending.key);
  const heard = await wasSent(book, { id, aboutAt: sinceAt });
  return heard === "not-sent" ? sending : null;
}

/** Takes back what is asked of this work: nobody wants to know any more. */
export async function withdrawAsks(
  stores: readonly LiveRows[],
  incidentId: string,
  at: number,
): Promise<void> {
  for (const rows of stores) {
    const open = asksIn(rows).filter(
      (ask) => ask.incidentId === incidentId && ask.answer === "none",
    );
    await takeBack(rows, open, at);
  }
}

/** One that cannot be withdrawn now is at the next look, or stands and does nothing: no decision fails of it. */
async function takeBack(rows: LiveRows, asks: readonly Ask[], at: number): Promise<void> {
  for (const ask of asks) {
    const settled = settleAsk(rows.book, ask, { answer: "withdrawn", at }, rows.one(ASK, ask.id));
    await settled.catch(ignoreNotWritten);
  }
}

/** What is not written down now counts from a later look. */
async function noteTurned(rows: LiveRows, asks: readonly Ask[]): Promise<void> {
  for (const ask of asks) {
    await markUnwanted(rows.book, ask, rows.one(ASK, ask.id)).catch(ignoreNotWritten);
  }
}

function sortedAsks(
  { group: { policy }, rows }: Kept,
  incidentId: string,
  decided: Decided,
): SortedAsks {
  return sortAsks(asksIn(rows), wantedBy(incidentId, decided, policy));
}
