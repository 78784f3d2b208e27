import type { Decision } from "../domain/decision.ts";
import type { Facts, FailbackFacts } from "../domain/facts.ts";
import type { Policy } from "../domain/policy.ts";
import { type Judgement, judgeObservations } from "./evidence/judge-observations.ts";
import { decideFailback } from "./rules/decide-failback.ts";
import { decideFailover } from "./rules/decide-failover.ts";
import { type Check, checkDecision, checkFailback } from "./second-opinion/check-decision.ts";

export interface Judged {
  readonly judgement: Judgement;
  readonly decision: Decision;
}

/** Judges the looks, decides by the main table, and lets the independent check refuse. */
export function decide(facts: Facts, policy: Policy): Judged {
  const judgement = judgeObservations(facts, policy);
  const decision = decideFailover(facts, judgement, policy);
  return { judgement, decision: refuseUnsound(decision, checkDecision(decision, facts, policy)) };
}

/** The same for going home. */
export function decideHome(failback: FailbackFacts, policy: Policy): Judged {
  const judgement = judgeObservations(failback.base, policy);
  const decision = decideFailback(failback, judgement, policy);
  const check = checkFailback(decision, failback, policy);
  return { judgement, decision: refuseUnsound(decision, check) };
}

/** An unsound decision becomes a hold: two readings of the invariants disagree, so nobody acts. */
export function refuseUnsound(decision: Decision, check: Check): Decision {
  if (check.kind === "sound") return decision;
  const refusal = {
    code: check.because,
    values: { invariant: check.invariant, refused: decision.rule },
  };
  return {
    ...decision,
    rule: "refused-by-check",
    verdict: "hold",
    kind: null,
    because: [refusal],
    waitingFor: [refusal],
  };
}
