import type { Announcement, Work } from "../../orchestrations/contracts.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Group } from "../../shared/domain/group.ts";
import { NO_LOSS } from "../../shared/domain/loss.ts";
import type { Ask, Question } from "../../shared/domain/person.ts";
import type { Decided } from "../../shared/domain/receipt.ts";
import { asksOf, settleAsk } from "../../shared/ledger/people.ts";
import { questionOf } from "../../shared/policy/evidence/question.ts";
import { keyOfAsk, sortAsks } from "../../shared/policy/evidence/sort-asks.ts";
import type { Store } from "../../shared/ports/store.ts";
import { eventId, toldAlready } from "./send-once.ts";

/** Where the work is kept. */
interface Kept {
  readonly store: Store;
  readonly group: Group;
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
  const heard = await toldAlready(
    held.store,
    held.group.name,
    eventId(work.incidentId, "ask", key),
  );
  return heard ? null : { type: "ask", key, urgent, question };
}

async function tidyAsks(
  held: Kept,
  { incidentId }: Work,
  question: Question | null,
  { now, approvals }: Facts,
): Promise<Ask | null> {
  const asks = await asksOf(held.store, held.group.name);
  const approvedBefore = approvals.map(({ askId }) => askId);
  const { withdraw, live } = sortAsks(asks, { incidentId, question, now, approvedBefore });
  for (const ask of withdraw) await settleAsk(held.store, held.group.name, ask.id, "withdrawn");
  return live;
}
