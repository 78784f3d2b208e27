import type { Ask, Question } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import { AGAIN_MS } from "./again.ts";
import { opensNext } from "./windows.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Who has denied the way home is not asked again for so long, where no window opens before. */
const DENIED_MS = 30 * DAY_MS;

export interface SortedAsks {
  /** Stand unanswered, though nobody wants to know any more. */
  readonly withdraw: readonly Ask[];
  /** The one by which the question is being asked, or has just been denied. */
  readonly live: Ask | null;
}

/** Which asks are still wanted, and which stand though nobody wants to know any more. */
export function sortAsks(
  asks: readonly Ask[],
  wanted: {
    readonly incidentId: string;
    readonly question: Question | null;
    readonly now: number;
    /** Asks whose approvals were before the rules: one that came since is for the next round. */
    readonly approvedBefore: readonly string[];
    readonly policy: Pick<Policy, "approvalMs" | "failback">;
  },
): SortedAsks {
  const ours = asks.filter((ask) => ask.incidentId === wanted.incidentId);
  const { question, policy, now } = wanted;
  const same = (ask: Ask): boolean =>
    question !== null && keyOfAsk(ask).endsWith(`~${question.digest}`);
  const isNews = (ask: Ask): boolean =>
    ask.answer === "approved" &&
    now - (ask.answeredAt ?? 0) < policy.approvalMs &&
    !wanted.approvedBefore.includes(ask.id);
  return {
    withdraw: ours.filter((ask) => ask.answer === "none" && !same(ask)),
    live: ours.find((ask) => same(ask) && (stands(ask, wanted) || isNews(ask))) ?? null,
  };
}

/**
 * Waits for its answer, or has been answered no: either way nobody is asked anew. A no stands for the incident; on the
 * way home, until the next window opens.
 */
function stands(
  { answer, answeredAt, purpose }: Ask,
  { now, policy }: Pick<Parameters<typeof sortAsks>[1], "now" | "policy">,
): boolean {
  if (answer !== "denied" || answeredAt === null) return answer === "none";
  if (purpose === "fail-over") return true;
  const { window } = policy.failback;
  const opensAt = window === null ? null : opensNext(window, answeredAt);
  return now < (opensAt ?? answeredAt + DENIED_MS);
}

/** Which sending of an unanswered ask is due, counted from one: it is sent at once, and again after growing waits. */
export function sendingDue({ askedAt }: Pick<Ask, "askedAt">, now: number): number {
  let sending = 1;
  let dueAt = askedAt;
  for (;;) {
    dueAt += AGAIN_MS[sending - 1] ?? AGAIN_MS.at(-1) ?? DAY_MS;
    if (now < dueAt) return sending;
    sending += 1;
  }
}

/** What tells an ask from the others of its incident: its instant first, so that ids are in order of time. */
export function keyOfAsk(ask: Pick<Ask, "id" | "incidentId">): string {
  return ask.id.slice(ask.incidentId.length + 1);
}

/** The key of the announcement that carries this sending of an ask. */
export function keyOfSending(askKey: string, sending: number): string {
  return sending === 1 ? askKey : `${askKey}~${sending}`;
}
