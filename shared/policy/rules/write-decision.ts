import type { Decision, Reason } from "../../domain/decision.ts";
import { type Case, closedReasons, type Rule, reason } from "./rule.ts";

/** Writes down what the matching rule decided. A hold always says what it waits on. */
export function writeDecision<C extends Case>(
  rule: Rule<C>,
  c: C,
  graceLeftMs: number | null,
): Decision {
  const because = rule.because(c);
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
      return [reason("approval"), ...closedReasons(c)];
    case "fail-over":
    case "stand-down":
      return [];
    default:
      return rule.verdict satisfies never;
  }
}
