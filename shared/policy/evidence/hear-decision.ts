import type { Decision } from "../../domain/decision.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { Heard } from "../../domain/heard.ts";
import { closedIn, gistOf } from "./gist-of.ts";

/** Whoever was told of a decision is not told of the next one sooner: what flickers is no news. */
const APART_MS = 5 * 60_000;
/** Who could not be told is tried again so often: each try holds up a round. */
const AGAIN_MS = 60_000;

const NOTHING: Heard = {
  ...{ gist: "", noticeAt: null, failedAt: null, urgent: false, heldBack: [] },
  ...{ closed: null, closedBefore: null },
};

export interface Turned {
  readonly closed: readonly GuardId[];
  readonly opened: readonly GuardId[];
}

/** What people have heard when this decision is announced, and whether a notice of it is due. */
export function hearDecision(
  before: Heard | null,
  decision: Decision,
  now: number,
): { readonly heard: Heard; readonly due: boolean } {
  const gist = gistOf(decision);
  const known = before ?? NOTHING;
  // An ask tells of itself, as often as it has to.
  if (gist === known.gist || decision.verdict === "ask") {
    return { heard: { ...known, gist }, due: false };
  }
  const urgent = isUrgent(decision);
  if (isApart(known, now) || (urgent && !known.urgent)) {
    const told = { closed: closedIn(decision), closedBefore: known.closed };
    return {
      heard: { gist, noticeAt: now, failedAt: null, urgent, heldBack: heldSince(known), ...told },
      due: true,
    };
  }
  const { rule } = decision;
  const others = heldSince(known).filter((one) => one.rule !== rule);
  return { heard: { ...known, heldBack: [...others, { rule, at: now }] }, due: false };
}

/** What people have heard when the notice of it did not go out: nothing of that decision, so that it is told anew in a while. */
export function forgetNotice(heard: Heard, now: number): Heard {
  return { ...heard, gist: "", noticeAt: null, failedAt: now, closed: heard.closedBefore };
}

/** Nobody waits for a person who could still mend a key. */
export function isUrgent({ diagnosis }: Decision): boolean {
  return diagnosis === "key-denied";
}

/** Another site's clock may have said when: that makes it sooner, and never silent. */
function isApart({ noticeAt, failedAt }: Heard, now: number): boolean {
  if (failedAt !== null) return Math.abs(now - failedAt) >= AGAIN_MS;
  return noticeAt === null || Math.abs(now - noticeAt) >= APART_MS;
}

/** What was held back since the last notice: of that nobody has heard yet. */
export function heldSince({ noticeAt, heldBack }: Heard): Heard["heldBack"] {
  return heldBack.filter(({ at }) => noticeAt === null || at > noticeAt);
}

/** What was held back before the last notice: that one says it as well. */
export function heldBefore({ noticeAt, heldBack }: Heard): Heard["heldBack"] {
  return heldBack.filter(({ at }) => noticeAt !== null && at <= noticeAt);
}

/** Which guards have closed and opened between the last two notices; none where there are no two. */
export function turnedSince({ closed, closedBefore }: Heard): Turned {
  if (closed === null || closedBefore === null) return { closed: [], opened: [] };
  return {
    closed: closed.filter((guard) => !closedBefore.includes(guard)),
    opened: closedBefore.filter((guard) => !closed.includes(guard)),
  };
}
