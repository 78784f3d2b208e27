import type { Decision } from "../../domain/decision.ts";
import type { Heard } from "../../domain/heard.ts";
import { gistOf } from "./gist-of.ts";

/** Whoever was told of a decision is not told of the next one sooner: what flickers is no news. */
const APART_MS = 5 * 60_000;

/** What people have heard when this decision is announced, and whether a notice of it is due. */
export function hearDecision(
  before: Heard | null,
  decision: Decision,
  now: number,
): { readonly heard: Heard; readonly due: boolean } {
  const gist = gistOf(decision);
  const known = before ?? { gist: "", noticeAt: null, urgent: false, heldBack: [] };
  // An ask tells of itself, as often as it has to.
  if (gist === known.gist || decision.verdict === "ask") {
    return { heard: { ...known, gist }, due: false };
  }
  const urgent = isUrgent(decision);
  if (isApart(known, now) || (urgent && !known.urgent)) {
    return { heard: { gist, noticeAt: now, urgent, heldBack: heldSince(known) }, due: true };
  }
  const { rule } = decision;
  const others = heldSince(known).filter((one) => one.rule !== rule);
  return { heard: { ...known, heldBack: [...others, { rule, at: now }] }, due: false };
}

/** Nobody waits for a person who could still mend a key. */
export function isUrgent({ diagnosis }: Decision): boolean {
  return diagnosis === "key-denied";
}

/** Another site's clock may have said when: that makes it sooner, and never silent. */
function isApart({ noticeAt }: Heard, now: number): boolean {
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
