import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Facts } from "../domain/facts.ts";
import type { Approval, PersonCall } from "../domain/person.ts";

/** What is about to be done, as far as guards and approvals depend on it. */
export interface Intent {
  readonly purpose: "fail-over" | "fail-back";
  readonly kind: "planned" | "forced";
  readonly diagnosis: Diagnosis;
}

/** The approvals that still hold for this very intent; everything they were bound to must match. */
export function findApprovals(facts: Facts, intent: Intent): Approval[] {
  return facts.approvals.filter(
    (approval) =>
      approval.purpose === intent.purpose &&
      approval.incidentId === facts.incidentId &&
      approval.expectedPrimary === facts.primary &&
      approval.diagnosis === intent.diagnosis &&
      facts.now < approval.expiresAt &&
      (intent.kind === "planned" || coversLoss(approval, facts)),
  );
}

/** The person's call of this purpose, while it has not expired. */
export function findCall(facts: Facts, purpose: Intent["purpose"]): PersonCall | null {
  const { call } = facts;
  return call !== null && call.purpose === purpose && facts.now < call.expiresAt ? call : null;
}

function coversLoss(approval: Approval, { loss }: Facts): boolean {
  // Whoever accepted an unknown loss accepted any.
  if (approval.guards.includes("loss-unknown")) return true;
  if (loss.kind === "unknown" || approval.lossAtMostMs === null) return false;
  return loss.atMostMs <= approval.lossAtMostMs;
}
