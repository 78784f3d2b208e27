import type { Decision } from "../../domain/decision.ts";
import type { Facts, FailbackFacts } from "../../domain/facts.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { Approval } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Purpose } from "../../domain/purpose.ts";
import { BREACHES } from "./breaches.ts";

// Refuses a decision to act that breaks an invariant (docs/spec.md).
//
// P1. It reads the invariants, not the rules: nothing of guards.ts, the tables or the judgement is
//     used here, so that one mistake must be made twice before it can act.
// P2. It only refuses. It never finds a reason to act.

export type Check =
  | { readonly kind: "sound" }
  | { readonly kind: "unsound"; readonly invariant: string; readonly because: string };

/** Checks a decision about failing over. Whatever does not act is sound. */
export function checkDecision(decision: Decision, facts: Facts, policy: Policy): Check {
  return check(decision, facts, policy, "fail-over");
}

/** Checks a decision about going home. */
export function checkFailback(decision: Decision, failback: FailbackFacts, policy: Policy): Check {
  if (decision.verdict === "fail-over" && decision.kind !== "planned") {
    return { kind: "unsound", invariant: "I10", because: "failback-forces" };
  }
  if (decision.verdict === "fail-over" && !failback.away) {
    return { kind: "unsound", invariant: "I10", because: "not-away" };
  }
  return check(decision, failback.base, policy, "fail-back");
}

function check(decision: Decision, facts: Facts, policy: Policy, purpose: Purpose): Check {
  if (decision.verdict !== "fail-over") return { kind: "sound" };
  const { kind, diagnosis } = decision;
  if (kind === null) return { kind: "unsound", invariant: "I1", because: "no-kind" };
  const { call, now } = facts;
  const called = call !== null && call.purpose === purpose && call.expiresAt > now;
  const approvals = facts.approvals.filter(
    (a) => a.purpose === purpose && isBoundTo(a, decision, facts),
  );
  const accepts = (guard: GuardId) =>
    isOverridden(guard, facts) ||
    (called
      ? call.accepts.includes(guard)
      : approvals.some(({ guards }) => guards.includes(guard)));
  const byPerson = called || approvals.length > 0;
  const restsOn = called ? [] : approvals.map((a) => a.kind);
  const act = { purpose, kind, diagnosis, facts, policy, accepts, byPerson, restsOn };
  const breach = BREACHES.find(({ when }) => when(act));
  if (breach === undefined) return { kind: "sound" };
  return { kind: "unsound", invariant: breach.invariant, because: breach.because };
}

function isBoundTo(approval: Approval, { kind, diagnosis }: Decision, facts: Facts): boolean {
  // A yes to what loses nothing is none to what may.
  if (kind === "forced" && !mayForce(approval, facts)) return false;
  return (
    approval.incidentId === facts.incidentId &&
    approval.expectedPrimary === facts.primary &&
    approval.diagnosis === diagnosis &&
    approval.expiresAt > facts.now
  );
}

function mayForce({ kind, guards, lossAtMostMs }: Approval, facts: Facts): boolean {
  return kind === "forced" && (guards.includes("loss-unknown") || coversLoss(lossAtMostMs, facts));
}

/** Somebody has given their word on this very guard, and it has not run out. */
function isOverridden(guard: GuardId, facts: Facts): boolean {
  const { overrides, now } = facts;
  return overrides.some((word) => {
    if (word.guard !== guard || word.expiresAt <= now || word.group !== facts.group) return false;
    if (word.expectedPrimary !== facts.primary) return false;
    if (![null, facts.incidentId].includes(word.incidentId)) return false;
    if (guard !== "loss-over-budget") return true;
    return coversLoss(word.lossAtMostMs, facts);
  });
}

/** Who was told of no loss has accepted none. */
function coversLoss(lossAtMostMs: number | null, { loss }: Facts): boolean {
  return loss.kind === "bounded" && loss.atMostMs <= (lossAtMostMs ?? -1);
}
