import type { GuardFinding } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import { findApprovals, findCall, findOverrides, type Intent } from "../evidence/find-approval.ts";
import { ABSOLUTE_GUARDS } from "./absolute-guards.ts";
import type { GuardContext, GuardRow } from "./guard-row.ts";
import { LIFTABLE_GUARDS } from "./liftable-guards.ts";

export interface GuardTables {
  readonly absolute: readonly GuardRow[];
  readonly liftable: readonly GuardRow[];
}

export const GUARDS: GuardTables = { absolute: ABSOLUTE_GUARDS, liftable: LIFTABLE_GUARDS };

/** Checks every guard that applies to the intent. A guard is lifted only by a person who named it. */
export function findGuards(
  context: GuardContext,
  intent: Intent,
  guards: GuardTables = GUARDS,
): GuardFinding[] {
  const lifted = findLifted(context.facts, intent);
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
