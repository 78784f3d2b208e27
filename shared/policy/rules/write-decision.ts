import type { Decision, Reason } from "../../domain/decision.ts";
import { type Case, closedReasons, type Rule, reason } from "./rule.ts";

/** Writes down what the matching rule decided. A hold always says what it waits on. */
export function writeDecision<C extends Case>(
  rule: Rule<C>,
  c: C,
  graceLeftMs: number | null,
): Decision {
  const because = rule.because(c);
  if (rule.verdict === "fail-over" && c.kind === null) {
    throw new Error(`Cannot decide to act: rule ${rule.id} says of what kind no failover is`);
  }
  return {
    rule: rule.id,
    verdict: rule.verdict,
    diagnosis: c.diagnosis,
    because,
    kind: rule.verdict === "fail-over" ? c.kind : null,
    guards: [...c.guards],
    waitingFor: waitsFor(rule, c, because),
    graceLeftMs,
  };
}

function waitsFor<C extends Case>(rule: Rule<C>, c: C, because: Reason[]): Reason[] {
  switch (rule.verdict) {
    case "hold":
      return because.length > 0 ? because : [reason(rule.id)];
    case "ask":
      return [reason("approval"), ...refusesPlanned(c), ...closedReasons(c)];
    case "fail-over":
    case "stand-down":
      return [];
    default:
      return rule.verdict satisfies never;
  }
}

/** Why no planned failover is offered, or why one that is would be refused as things are. */
function refusesPlanned({ facts: { groupState } }: Case): Reason[] {
  if (groupState.kind !== "read" || groupState.replication.kind !== "suspended") return [];
  return [reason("replication-suspended", { state: groupState.replication.said })];
}
