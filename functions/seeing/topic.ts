import type { Clock } from "../../shared/ports/clock.ts";
import type { Unread } from "../../shared/ports/unread.ts";

/** What was told longer ago says nothing of now. */
const OLD_MS = 2 * 60_000;

/** One thing that is asked for over and over, and what was told of it last. */
export interface Topic<About> {
  readonly what: string;
  ask(clock: Clock, about: About): Promise<void>;
  /** When it was asked for last, answered or not; long ago where that is yet to come, by a clock that was set back. */
  triedAt(now: number): number;
  /** Has it to be asked for now, whatever else is? */
  isDue(now: number): boolean;
  /** Until when whoever is asked wants to be left alone; null where not too much was asked. */
  throttledUntil(): number | null;
}

/** An answer, and when it was asked for. */
export interface Told<Answer> {
  readonly answer: Answer;
  readonly askedAt: number;
}

interface Question<Answer, About> {
  readonly what: string;
  ask(asked: About): Promise<Answer>;
  /** What keeps no hand still need not be known anew at once. */
  inOrder(answer: Answer): boolean;
  /** How long an answer stands where nobody gives another. */
  readonly standsMs?: number;
}

/**
 * Remembers in this process alone. An answer that came late does not take the place of one that was asked for later, unless
 * that was none: which came first says the order of asking, since a clock may be set back.
 */
export function createTopic<Answer extends { readonly kind: string }, About>(
  question: Question<Answer, About>,
): Topic<About> & { told(now: number): Told<Answer> } {
  const { what, inOrder, standsMs = OLD_MS } = question;
  let last: Told<Answer> | null = null;
  let good: Told<Answer> | null = null;
  let asked = 0;
  let newest = 0;
  const throttledUntil = (): number | null => {
    if (last === null || !isUnread(last.answer)) return null;
    const { throttledForMs = null } = last.answer;
    return throttledForMs === null ? null : last.askedAt + throttledForMs;
  };
  return {
    what,
    ask: async (clock, about) => {
      const nth = ++asked;
      const askedAt = clock.now();
      const answer = await question.ask(about);
      const mends = last !== null && isUnread(last.answer) && !isUnread(answer);
      if (nth < newest && !mends) return;
      newest = Math.max(newest, nth);
      last = { answer, askedAt };
      if (!isUnread(answer)) good = last;
    },
    triedAt: (now) =>
      last === null || last.askedAt > now ? Number.NEGATIVE_INFINITY : last.askedAt,
    isDue: (now) => {
      if (last === null || now < last.askedAt || now - last.askedAt >= OLD_MS) return true;
      return !inOrder(last.answer) && now >= (throttledUntil() ?? now);
    },
    throttledUntil,
    told: (now) => {
      if (good !== null && now >= good.askedAt && now - good.askedAt < standsMs) return good;
      if (last === null) throw new Error(`Cannot tell of the ${what}: nobody has asked for it`);
      return last;
    },
  };
}

function isUnread(answer: { readonly kind: string }): answer is Unread {
  return answer.kind === "unknown";
}
