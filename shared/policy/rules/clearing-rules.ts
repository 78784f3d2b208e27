import { isGray } from "../evidence/choose-kind.ts";
import { findApprovals } from "../evidence/find-approval.ts";
import { actsFromPrimaryRegion } from "./call-rules.ts";
import { ABSOLUTE_GUARD, OBSERVE } from "./never-rules.ts";
import { type Case, closedReasons, hasClosed, type Rule, reason } from "./rule.ts";

/** The primary is lost: what still stands in the way, and what only a person may wave through. */
export const CLEARING_RULES: readonly Rule[] = [
  ABSOLUTE_GUARD,
  OBSERVE,
  // Before guard: what a person has to look at is told before what they have to accept.
  // Before forced-after-planned: that database is not left behind unseen.
  {
    id: "planned-timed-out-for-database",
    verdict: "ask",
    says: "our planned attempt could not finish for one database: a person has to look",
    when: timedOutUnseen,
    because: ({ facts: { attempt } }) => [
      reason("attempt", { code: attempt.kind === "ended-in-error" ? attempt.code : null }),
    ],
  },
  // Before storage-failed, gray-without-planned: what has to be accepted is told before how it would be done.
  {
    id: "guard",
    verdict: "ask",
    says: "a closed guard that only a person may lift",
    when: (c) => hasClosed(c, "liftable"),
    because: closedReasons,
  },
  // Before gray-without-planned: why a person has to look is told before how it would be done.
  // Before planned-first, primary-lost: they would act.
  {
    id: "storage-failed",
    verdict: "ask",
    says: "it began with failing storage or log: nothing is done about that without a person",
    when: (c) => !c.approved && c.facts.outage.storageFailedAt !== null,
    because: ({ facts: { outage } }) => [
      reason("storage-failed", { failedAt: outage.storageFailedAt }),
    ],
  },
  // Before not-automatic: it says why the failover would be forced.
  // Before primary-lost: nothing is forced on a primary that answers.
  {
    id: "gray-without-planned",
    verdict: "ask",
    says: "the primary answers, and a planned failover cannot be trusted to end",
    when: (c) =>
      !c.approved && isGray(c.diagnosis) && c.kind === "forced" && c.facts.attempt.kind === "none",
    because: ({ facts }) => [reason("loss", { kind: facts.loss.kind })],
  },
  // Before approve-mode: this asks in every mode.
  // Before primary-lost: it would act.
  {
    id: "not-automatic",
    verdict: "ask",
    says: "the diagnosis is not on the list of those acted on without a person",
    when: (c) => !c.approved && !c.policy.automatic.includes(c.diagnosis),
    because: ({ diagnosis }) => [reason("diagnosis", { diagnosis })],
  },
  // Before site-in-primary-region: a site that may not act may ask.
  // Before primary-lost: it would act.
  {
    id: "approve-mode",
    verdict: "ask",
    says: "the mode is approve, or writes cannot be seen because there is no canary",
    when: (c) => !c.approved && (c.policy.mode === "approve" || !c.policy.canary),
    because: ({ policy }) => [
      reason("mode", { mode: policy.mode, canary: policy.canary ? "yes" : "no" }),
    ],
  },
  // Before planned-first, primary-lost: the last row before those that act.
  {
    id: "site-in-primary-region",
    verdict: "hold",
    says: "this site is in the primary's own region: another must act",
    when: actsFromPrimaryRegion,
    because: ({ facts }) => [reason("site", { site: facts.site, region: facts.primaryRegion })],
  },
];

/** An approval from before the attempt knew nothing of the database that could not follow. */
function timedOutUnseen({ facts, kind, diagnosis }: Case): boolean {
  const { attempt } = facts;
  if (attempt.kind !== "ended-in-error" || !attempt.timedOutForDatabase) return false;
  const approvals = findApprovals(facts, { purpose: "fail-over", kind, diagnosis });
  return approvals.every(({ approvedAt }) => approvedAt <= attempt.endedAt);
}
