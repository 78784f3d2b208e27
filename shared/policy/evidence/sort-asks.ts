import type { Ask, Question } from "../../domain/person.ts";

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
  },
): SortedAsks {
  const ours = asks.filter((ask) => ask.incidentId === wanted.incidentId);
  const { question } = wanted;
  const same = (ask: Ask): boolean =>
    question !== null && keyOfAsk(ask).endsWith(`~${question.digest}`);
  const isNews = (ask: Ask): boolean =>
    ask.answer === "approved" &&
    ask.expiresAt > wanted.now &&
    !wanted.approvedBefore.includes(ask.id);
  return {
    withdraw: ours.filter((ask) => ask.answer === "none" && !same(ask)),
    live: ours.find((ask) => same(ask) && (isLive(ask, wanted.now) || isNews(ask))) ?? null,
  };
}

/** Waits for its answer, or has been answered no: either way it is not asked again before it expires. */
export function isLive(ask: Ask, now: number): boolean {
  return ask.expiresAt > now && (ask.answer === "none" || ask.answer === "denied");
}

/** The key of the announcement that carries the ask: its instant first, so that ids are in order of time. */
export function keyOfAsk(ask: Pick<Ask, "id" | "incidentId">): string {
  return ask.id.slice(ask.incidentId.length + 1);
}
