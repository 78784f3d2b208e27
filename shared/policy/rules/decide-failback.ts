import type { Decision } from "../../domain/decision.ts";
import type { FailbackFacts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import { diagnose } from "../evidence/diagnose.ts";
import type { Judgement } from "../evidence/judge-observations.ts";
import { GUARDS } from "../guards/guards.ts";
import { CALL_RULES } from "./call-rules.ts";
import { caseOf, decideBy } from "./decide-by.ts";
import { FAILBACK_RULES, type FailbackCase } from "./failback-rules.ts";
import { OTHERWISE, type Rule, reason, type Tables } from "./rule.ts";
import { STANDING_RULES } from "./standing-rules.ts";

// Decides whether to go home. The promises of decide-failover.ts hold here too, and one more:
//
// P4. It is planned, whoever asks: nothing here can force.

const BEFORE_CALLS: readonly Rule<FailbackCase>[] = [
  // Before call-would-force: at home no call has anywhere to go.
  {
    id: "not-away",
    verdict: "hold",
    says: "the group is at home",
    when: (c) => !c.failback.away,
    because: () => [reason("at-home")],
  },
  // Before call-guard-absolute: no accepted guard makes it right.
  // Before call-accepted: a planned one is not what was called for.
  {
    id: "call-would-force",
    verdict: "hold",
    says: "a person calls for a forced failback: going home never forces",
    when: ({ call }) => call?.kind === "forced",
    because: () => [reason("planned-only")],
  },
];

/** The whole table for going home, in order. */
export const FAILBACK_TABLE: readonly Rule<FailbackCase>[] = [
  ...STANDING_RULES,
  ...BEFORE_CALLS,
  ...CALL_RULES,
  ...FAILBACK_RULES,
  OTHERWISE,
];

export const FAILBACK_TABLES: Tables<FailbackCase> = { rules: FAILBACK_TABLE, guards: GUARDS };

/** Decides about going home: `fail-over` means a planned failover to the home side. */
export function decideFailback(
  failback: FailbackFacts,
  judgement: Judgement,
  policy: Policy,
  tables: Tables<FailbackCase> = FAILBACK_TABLES,
): Decision {
  const facts = failback.base;
  const diagnosis = diagnose(facts, judgement, policy);
  const intent = { purpose: "fail-back", kind: "planned", diagnosis } as const;
  const caseUnder = (under: Policy): FailbackCase => ({
    ...caseOf({ facts, judgement, policy: under }, intent, tables.guards),
    failback,
  });
  return decideBy(tables, caseUnder, policy, null);
}
