import type { Announcement, Work } from "../../orchestrations/contracts.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Group } from "../../shared/domain/group.ts";
import { NO_LOSS } from "../../shared/domain/loss.ts";
import type { Ask, Question } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { ASK, asksIn, settleAsk } from "../../shared/ledger/people.ts";
import { ignoreNotWritten } from "../../shared/ledger/rows.ts";
import { wasSent } from "../../shared/ledger/sent.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import {
  keyOfAsk,
  keyOfSending,
  type SortedAsks,
  sendingDue,
  sortAsks,
} from "../../shared/policy/evidence/sort-asks.ts";
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
  { purpose, facts, decision }: Decided,
  news: boolean,
): Promise<Announcement | null> {
  // Going home is planned, and loses nothing.
  const loss = purpose === "fail-back" ? NO_LOSS : facts.loss;
  const question = decision.verdict === "ask" ? questionOf(decision, loss) : null;
  const { withdraw } = sortedAsks(held, work.incidentId, question, facts);
  await takeBack(held.rows, withdraw, facts.now);
  const urgent = decision.diagnosis === "key-denied";
  if (question === null) {
    const key = `${decision.rule}~${facts.now.toString(36)}`;
    return news ? { type: "notice", key, urgent } : null;
  }
  const due = await findAskDue(held, work.incidentId, question, facts);
  return due === null ? null : { type: "ask", ...due, urgent, question };
}

/** The ask that has to be sent now: a new one, or the one that stands, once more. Null while it has been heard, or has its answer. */
export async function findAskDue(
  kept: Kept,
  incidentId: string,
  question: Question,
  facts: Facts,
): Promise<{ readonly key: string; readonly askKey: string } | null> {
  const { now } = facts;
  const { live } = sortedAsks(kept, incidentId, question, facts);
  if (live === null) {
    const key = `${now.toString(36)}~${question.digest}`;
    return { key, askKey: key };
  }
  if (live.answer !== "none") return null;
  const askKey = keyOfAsk(live);
  const key = keyOfSending(askKey, sendingDue(live, now));
  // An ask that nobody has heard of is no ask: it is told again, under its own key.
  const id = eventId(incidentId, "ask", key);
  const heard = await wasSent(kept.book, { id, aboutAt: kept.sinceAt });
  return heard === "not-sent" ? { key, askKey } : null;
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
  for (const { id } of asks) {
    const withdrawn = { id, answer: "withdrawn", at } as const;
    await settleAsk(rows.book, withdrawn, rows.one(ASK, id)).catch(ignoreNotWritten);
  }
}

function sortedAsks(
  { group: { policy }, rows }: Kept,
  incidentId: string,
  question: Question | null,
  { now, approvals }: Facts,
): SortedAsks {
  const approvedBefore = approvals.map(({ askId }) => askId);
  return sortAsks(asksIn(rows), { incidentId, question, now, approvedBefore, policy });
}
