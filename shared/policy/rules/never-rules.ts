import type { Decision } from "../../domain/decision.ts";
import { WOULD_HAVE } from "../evidence/held-by-mode.ts";
import { closedReasons, hasClosed, type Rule, reason } from "./rule.ts";

/** What no approval can give is not asked for, in either direction. */
export const ABSOLUTE_GUARD: Rule = {
  // Before observe: this holds in every mode.
  // Before guard: an ask would offer what no approval can give.
  id: "absolute-guard",
  verdict: "hold",
  says: "a guard that nobody lifts is closed: to ask would offer what no approval can give",
  when: (c) => hasClosed(c, "absolute"),
  because: closedReasons,
};

export const OBSERVE: Rule = {
  // Before planned-timed-out-for-database, guard, primary-lost: in observe nobody is asked, nothing acts.
  // Before lag, failback-approve, home-again: nor on the way home.
  id: "observe",
  verdict: "hold",
  says: "the mode is observe: nothing acts",
  when: ({ policy }) => policy.mode === "observe",
  because: () => [reason("mode", { mode: "observe" })],
};

/** Observe mode tells what the rules would have made of it in automatic mode. */
export function tellWhatElse(observed: Decision, { rule, verdict, kind }: Decision): Decision {
  const because = [...observed.because, reason(WOULD_HAVE, { rule, verdict, kind })];
  return { ...observed, because, waitingFor: because };
}
