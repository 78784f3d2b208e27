import type { Decision } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import { chooseKind } from "../evidence/choose-kind.ts";
import { diagnose } from "../evidence/diagnose.ts";
import { graceLeft } from "../evidence/grace.ts";
import type { Judgement } from "../evidence/judge-observations.ts";
import { GUARDS } from "../guards/guards.ts";
import { CALL_RULES } from "./call-rules.ts";
import { CLEARING_RULES } from "./clearing-rules.ts";
import { caseOf, decideBy } from "./decide-by.ts";
import { type Case, OTHERWISE, outage, type Rule, type Tables, votes } from "./rule.ts";
import { STANDING_RULES } from "./standing-rules.ts";
import { WATCHING_RULES } from "./watching-rules.ts";

// Decides what to do about one group, given one set of facts.
//
// P1. Pure: the only clock is `facts.now`. Same facts, same decision, forever.
// P2. First match wins, and the last row always matches: there is always exactly one decision.
// P3. Acting needs a row that says so. The last row, reached by default, never acts.

const ACTING_RULES: readonly Rule[] = [
  // Free against forced-after-planned, primary-lost: those are forced, this is planned.
  {
    id: "planned-first",
    verdict: "fail-over",
    says: "the primary still answers in part: ask Azure for a planned failover first",
    when: (c) => c.kind === "planned" && mayAct(c),
    because: (c) => [votes(c), outage(c)],
  },
  // Before primary-lost: the same act, and people hear that a planned one was tried.
  {
    id: "forced-after-planned",
    verdict: "fail-over",
    says: "our planned attempt ended in an error, and the primary has not served since",
    when: (c) => c.facts.attempt.kind === "ended-in-error" && mayAct(c),
    because: (c) => [votes(c), outage(c)],
  },
  // Before otherwise: that one never acts.
  {
    id: "primary-lost",
    verdict: "fail-over",
    says: "the primary does not answer, the grace is over, and no guard is closed",
    when: (c) => c.kind === "forced" && mayAct(c),
    because: (c) => [votes(c), outage(c)],
  },
];

/** The whole main table, in order. */
export const FAILOVER_TABLE: readonly Rule[] = [
  ...STANDING_RULES,
  ...CALL_RULES,
  ...WATCHING_RULES,
  ...CLEARING_RULES,
  ...ACTING_RULES,
  OTHERWISE,
];

export const FAILOVER_TABLES: Tables = { rules: FAILOVER_TABLE, guards: GUARDS };

/** Decides about failing over. */
export function decideFailover(
  facts: Facts,
  judgement: Judgement,
  policy: Policy,
  tables: Tables = FAILOVER_TABLES,
): Decision {
  const diagnosis = diagnose(facts, judgement, policy);
  const kind = chooseKind(facts, diagnosis, policy);
  const intent = { purpose: "fail-over", kind, diagnosis } as const;
  const caseUnder = (under: Policy) =>
    caseOf({ facts, judgement, policy: under }, intent, tables.guards);
  return decideBy(tables, caseUnder, policy, graceLeft(facts.outage, facts.now, policy));
}

/** Said once more where it counts: the votes stand, or a person stands in for them. */
function mayAct({ judgement, approved, guards }: Case): boolean {
  return guards.every(({ state }) => state !== "closed") && (judgement.downMajority || approved);
}
