import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Facts } from "../../domain/facts.ts";
import type { Approval, Override, PersonCall } from "../../domain/person.ts";
import type { FailoverKind, Purpose } from "../../domain/purpose.ts";

/** What is about to be done, as far as guards and approvals depend on it. */
export interface Intent {
  readonly purpose: Purpose;
  readonly kind: FailoverKind;
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
      (intent.kind === "planned" || approval.kind === "forced") &&
      facts.now < approval.expiresAt &&
      (intent.kind === "planned" || coversLoss(approval, facts)),
  );
}

/** The person's call of this purpose, while it has not expired. */
export function findCall(facts: Facts, purpose: Intent["purpose"]): PersonCall | null {
  const { call } = facts;
  return call !== null && call.purpose === purpose && facts.now < call.expiresAt ? call : null;
}

/** The overrides that stand for this group, this incident and this primary. */
export function findOverrides(facts: Facts): Override[] {
  return facts.overrides.filter(
    (override) =>
      override.group === facts.group &&
      (override.incidentId === null || override.incidentId === facts.incidentId) &&
      override.expectedPrimary === facts.primary &&
      facts.now < override.expiresAt &&
      (override.guard !== "loss-over-budget" || coversKnownLoss(override, facts)),
  );
}

function coversLoss(approval: Approval, facts: Facts): boolean {
  // Whoever accepted an unknown loss accepted any.
  return approval.guards.includes("loss-unknown") || coversKnownLoss(approval, facts);
}

function coversKnownLoss(
  { lossAtMostMs }: Pick<Approval, "lossAtMostMs">,
  { loss }: Facts,
): boolean {
  return loss.kind === "bounded" && lossAtMostMs !== null && loss.atMostMs <= lossAtMostMs;
}
