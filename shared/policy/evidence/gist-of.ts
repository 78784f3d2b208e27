import type { Decision } from "../../domain/decision.ts";
import type { GuardId } from "../../domain/guard.ts";

/** What makes two decisions the same to whoever reads them. */
export function gistOf(decision: Decision): string {
  const { rule, verdict, diagnosis, kind } = decision;
  return JSON.stringify([rule, verdict, diagnosis, kind, closedIn(decision)]);
}

/** The guards that are in the way. */
export function closedIn({ guards }: Pick<Decision, "guards">): GuardId[] {
  return guards.filter(({ state }) => state === "closed").map(({ guard }) => guard);
}
