import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Facts } from "../../domain/facts.ts";
import type { Policy } from "../../domain/policy.ts";
import type { FailoverKind } from "../../domain/purpose.ts";
import { findCall } from "./find-approval.ts";

/** A lag older than this at the onset says nothing of the onset. */
const LAG_AGE_MAX_MS = 120_000;

const ANSWERED_LATELY_MS = 10 * 60_000;

/** The primary still answers logins. */
export function isGray(diagnosis: Diagnosis): boolean {
  return diagnosis === "gray-writes" || diagnosis === "gray-latency";
}

/**
 * How to act, if at all. Forced where the primary does not answer; planned first where it does. A
 * planned failover can neither be cancelled nor overtaken, so a gray primary gets one only when it
 * is likely to end.
 */
export function chooseKind(facts: Facts, diagnosis: Diagnosis, policy: Policy): FailoverKind {
  const call = findCall(facts, "fail-over");
  if (call !== null) return call.kind;
  if (facts.attempt.kind === "ended-in-error") return "forced";
  // Only a person gets these as far as acting, and then most of the primary still serves.
  if (diagnosis === "flapping" || diagnosis === "partial-loss") return "planned";
  if (diagnosis === "trouble") {
    return answeredLately(facts) && !isSuspended(facts) ? "planned" : "forced";
  }
  return isGray(diagnosis) && plannedMayEnd(facts, policy) ? "planned" : "forced";
}

/** Azure refuses a planned failover while replication is suspended. */
function isSuspended({ groupState }: Pick<Facts, "groupState">): boolean {
  return groupState.kind === "read" && groupState.replication.kind === "suspended";
}

/** What answers, however rarely, may still hand over without a loss: a person decides whether it is tried. */
function answeredLately({ now, outage: { trouble } }: Facts): boolean {
  const answeredAt = trouble?.answeredAt ?? null;
  return answeredAt !== null && now - answeredAt <= ANSWERED_LATELY_MS;
}

function plannedMayEnd(facts: Facts, policy: Policy): boolean {
  const { groupState } = facts;
  const follows = groupState.kind === "read" && groupState.replication.kind === "following";
  return follows && lagWithinBudget(facts, policy.lossBudgetMs);
}

function lagWithinBudget({ outage, samples }: Facts, budgetMs: number): boolean {
  const onsetAt = outage.onsetAt ?? Number.NEGATIVE_INFINITY;
  const atOnset = samples.filter(
    ({ measuredAt }) => measuredAt <= onsetAt && onsetAt - measuredAt <= LAG_AGE_MAX_MS,
  );
  const databases = new Set(samples.map(({ database }) => database));
  return (
    databases.size > 0 &&
    [...databases].every((database) => {
      const newest = atOnset
        .filter((sample) => sample.database === database)
        .reduce((a, b) => (b.measuredAt > a.measuredAt ? b : a), NO_SAMPLE);
      return newest.lagSeconds !== null && newest.lagSeconds * 1000 <= budgetMs;
    })
  );
}

const NO_SAMPLE: { readonly measuredAt: number; readonly lagSeconds: number | null } = {
  measuredAt: -Infinity,
  lagSeconds: null,
};
