import type { GuardFinding } from "../domain/decision.ts";
import type { Facts } from "../domain/facts.ts";
import type { GuardId } from "../domain/guard.ts";
import type { Policy } from "../domain/policy.ts";
import { ABSOLUTE_GUARDS } from "./absolute-guards.ts";
import { findApprovals, findCall, type Intent } from "./find-approval.ts";
import type { Judgement } from "./judge-observations.ts";
import { LIFTABLE_GUARDS } from "./liftable-guards.ts";

/** Checks every guard that applies to the intent. A guard is lifted only by a person who named it. */
export function findGuards(
  facts: Facts,
  judgement: Judgement,
  policy: Policy,
  intent: Intent,
): GuardFinding[] {
  const context = { facts, judgement, policy };
  const lifted = findLifted(facts, intent);
  const absolute = ABSOLUTE_GUARDS.map(({ guard, closed }): GuardFinding => {
    const because = closed(context);
    return { guard, strength: "absolute", state: because === null ? "open" : "closed", because };
  });
  const applying = LIFTABLE_GUARDS.filter((g) => g.guards === "every" || intent.kind === "forced");
  const liftable = applying.map(({ guard, closed }): GuardFinding => {
    const because = closed(context);
    const state = because === null ? "open" : lifted.has(guard) ? "lifted" : "closed";
    return { guard, strength: "liftable", state, because };
  });
  return [...absolute, ...liftable];
}

function findLifted(facts: Facts, intent: Intent): Set<GuardId> {
  const call = findCall(facts, intent.purpose);
  if (call !== null) return new Set(call.accepts);
  return new Set(findApprovals(facts, intent).flatMap(({ guards }) => guards));
}
