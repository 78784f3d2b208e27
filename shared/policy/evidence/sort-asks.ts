import type { Ask, Question } from "../../domain/person.ts";

const HOUR_MS = 60 * 60_000;
/** The first is the configured one; the last is repeated. */
const NEXT_WAITS_MS: readonly number[] = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS];
/** A no is good for the incident that it was said to; one that lasts longer is another matter by then. */
const DENIED_MS = 30 * 24 * HOUR_MS;

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

/** Waits for its answer, or has been answered no: either way it is not asked again meanwhile. */
export function isLive(ask: Ask, now: number): boolean {
  if (ask.answer === "denied") return now - ask.askedAt < DENIED_MS;
  return ask.answer === "none" && ask.expiresAt > now;
}

/** How long an ask waits for its answer before it is asked anew: longer each time that nobody answers. */
export function waitForAnswerMs(
  asks: readonly Ask[],
  asked: Pick<Ask, "id" | "incidentId"> & Pick<Question, "digest">,
  firstMs: number,
): number {
  const unanswered = asks.filter(
    ({ id, incidentId, answer }) =>
      incidentId === asked.incidentId &&
      id !== asked.id &&
      id.endsWith(`~${asked.digest}`) &&
      answer === "none",
  );
  const last = NEXT_WAITS_MS.at(-1) ?? firstMs;
  const next = NEXT_WAITS_MS[unanswered.length - 1] ?? last;
  return unanswered.length === 0 ? firstMs : Math.max(firstMs, next);
}

/** The key of the announcement that carries the ask: its instant first, so that ids are in order of time. */
export function keyOfAsk(ask: Pick<Ask, "id" | "incidentId">): string {
  return ask.id.slice(ask.incidentId.length + 1);
}
