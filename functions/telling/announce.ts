import type { Announcement, Work } from "../../orchestrations/contracts.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { NO_LOSS } from "../../shared/domain/loss.ts";
import type { Ask, Question } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { ASK, asksIn, settleAsk } from "../../shared/ledger/people.ts";
import { wasSent } from "../../shared/ledger/sent.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { keyOfAsk, sortAsks } from "../../shared/policy/evidence/sort-asks.ts";
import { eventId } from "./send-once.ts";

/** Where the work is kept. */
interface Kept {
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
  const live = await tidyAsks(held, work, question, facts);
  const urgent = decision.diagnosis === "key-denied";
  const instant = facts.now.toString(36);
  if (question === null) {
    return news ? { type: "notice", key: `${decision.rule}~${instant}`, urgent } : null;
  }
  if (live === null) {
    return { type: "ask", key: `${instant}~${question.digest}`, urgent, question };
  }
  // An ask that nobody has heard of is no ask: it is told again, under its own key.
  const key = keyOfAsk(live);
  const id = eventId(work.incidentId, "ask", key);
  const heard = await wasSent(held.book, { id, aboutAt: held.sinceAt });
  return heard !== "not-sent" ? null : { type: "ask", key, urgent, question };
}

async function tidyAsks(
  { book, rows }: Kept,
  { incidentId }: Work,
  question: Question | null,
  { now, approvals }: Facts,
): Promise<Ask | null> {
  const asks = asksIn(rows);
  const approvedBefore = approvals.map(({ askId }) => askId);
  const { withdraw, live } = sortAsks(asks, { incidentId, question, now, approvedBefore });
  for (const { id } of withdraw) {
    // What has been decided stands: one that cannot be withdrawn now is at the next look.
    await settleAsk(book, id, "withdrawn", rows.one(ASK, id)).catch(() => null);
  }
  return live;
}
