import type { GuardFinding } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { Policy } from "../../domain/policy.ts";
import { findApprovals, findCall, findOverrides, type Intent } from "../evidence/find-approval.ts";
import type { Judgement } from "../evidence/judge-observations.ts";
import { ABSOLUTE_GUARDS } from "./absolute-guards.ts";
import type { GuardRow } from "./guard-row.ts";
import { LIFTABLE_GUARDS } from "./liftable-guards.ts";

export interface GuardTables {
  readonly absolute: readonly GuardRow[];
  readonly liftable: readonly GuardRow[];
}

export const GUARDS: GuardTables = { absolute: ABSOLUTE_GUARDS, liftable: LIFTABLE_GUARDS };

/** Checks every guard that applies to the intent. A guard is lifted only by a person who named it. */
export function findGuards(
  facts: Facts,
  judgement: Judgement,
  policy: Policy,
  intent: Intent,
  guards: GuardTables = GUARDS,
): GuardFinding[] {
  const context = { facts, judgement, policy };
  const lifted = findLifted(facts, intent);
  const absolute = guards.absolute.map(({ guard, closed }): GuardFinding => {
    const because = closed(context);
    return { guard, strength: "absolute", state: because === null ? "open" : "closed", because };
  });
  const applying = guards.liftable.filter((g) => g.guards === "every" || intent.kind === "forced");
  const liftable = applying.map(({ guard, closed }): GuardFinding => {
    const because = closed(context);
    const state = because === null ? "open" : lifted.has(guard) ? "lifted" : "closed";
    return { guard, strength: "liftable", state, because };
  });
  return [...absolute, ...liftable];
}

function findLifted(facts: Facts, intent: Intent): Set<GuardId> {
  const overridden = findOverrides(facts).map(({ guard }) => guard);
  const call = findCall(facts, intent.purpose);
  if (call !== null) return new Set([...call.accepts, ...overridden]);
  const approved = findApprovals(facts, intent).flatMap(({ guards }) => guards);
  return new Set([...approved, ...overridden]);
}
