import type { Decision } from "../../domain/decision.ts";
import type { Policy } from "../../domain/policy.ts";
import { findApprovals, findCall, type Intent } from "../evidence/find-approval.ts";
import { isHeldByMode } from "../evidence/held-by-mode.ts";
import type { GuardContext } from "../guards/guard-row.ts";
import { findGuards, type GuardTables } from "../guards/guards.ts";
import { tellWhatElse } from "./never-rules.ts";
import { type Case, OTHERWISE, type Tables } from "./rule.ts";
import { writeDecision } from "./write-decision.ts";

/** What the rules of either table may look at, for one intent. */
export function caseOf(
  { facts, judgement, policy }: GuardContext,
  intent: Intent,
  guards: GuardTables,
): Case {
  return {
    facts,
    policy,
    judgement,
    diagnosis: intent.diagnosis,
    kind: intent.kind,
    guards: findGuards({ facts, judgement, policy }, intent, guards),
    approved: findApprovals(facts, intent).length > 0,
    call: findCall(facts, intent.purpose),
  };
}

/** Decides by the first row that matches; in observe mode also tells what the rules would have made of it. */
export function decideBy<C extends Case>(
  tables: Tables<C>,
  caseUnder: (policy: Policy) => C,
  policy: Policy,
  graceLeftMs: number | null,
): Decision {
  const c = caseUnder(policy);
  const rule = tables.rules.find(({ when }) => when(c)) ?? OTHERWISE;
  const decision = writeDecision(rule, c, graceLeftMs);
  if (!isHeldByMode(decision)) return decision;
  // The guards are found anew: one of them looks at the mode.
  const acting: Policy = { ...policy, mode: "automatic" };
  return tellWhatElse(decision, decideBy(tables, caseUnder, acting, graceLeftMs));
}
