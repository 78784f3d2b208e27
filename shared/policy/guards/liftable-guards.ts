import type { Reason } from "../../domain/decision.ts";
import type { GuardContext, GuardRow } from "./guard-row.ts";

/** A change on the primary this shortly before the onset may be what took it down. */
const CHANGE_BEFORE_MS = 15 * 60_000;

/** The guards that a named operator may lift, one by one, for one incident. */
export const LIFTABLE_GUARDS: readonly GuardRow[] = [
  {
    guard: "sign-of-life",
    says: "something shows that the primary lives",
    guards: "forced",
    closed: ({ judgement }) => judgement.signsOfLife[0] ?? null,
  },
  {
    guard: "no-majority",
    says: "no strict majority of the configured vantages, one of them outside, votes down",
    guards: "forced",
    closed: ({ judgement: { down, needed, downMajority } }) =>
      downMajority ? null : { code: "votes", values: { down, needed } },
  },
  {
    guard: "microsoft-managed",
    says: "the group's failover policy is Microsoft-managed",
    guards: "every",
    closed: ({ facts: { groupState } }) =>
      groupState.kind === "read" && groupState.failoverPolicy === "automatic"
        ? { code: "policy-automatic", values: {} }
        : null,
  },
  {
    guard: "secondary-unfit",
    says: "the secondary is too small or of another version",
    guards: "every",
    closed: ({ facts: { secondary } }) =>
      secondary.fitness.kind !== "unfit"
        ? null
        : { code: "unfit", values: { why: secondary.fitness.because } },
  },
  {
    guard: "capacity-at-target",
    says: "the application's capacity at the target is required and not known to be there",
    guards: "every",
    closed: ({ facts: { capacityAtTarget }, policy }) =>
      !policy.capacityRequired || capacityAtTarget === "ready"
        ? null
        : { code: "capacity", values: { capacity: capacityAtTarget } },
  },
  {
    guard: "key-unknown",
    says: "the secondary has not lately proven that it reaches its key",
    guards: "every",
    closed: findKeyUnknown,
  },
  {
    guard: "key-denied",
    says: "the secondary is denied its key",
    guards: "every",
    closed: ({ facts: { keyPath } }) =>
      keyPath.kind !== "denied"
        ? null
        : { code: "key-denied", values: { answer: keyPath.code, ageMs: keyPath.ageMs } },
  },
  {
    guard: "loss-unknown",
    says: "what would be lost is not known",
    guards: "forced",
    closed: ({ facts: { loss } }) =>
      loss.kind !== "unknown"
        ? null
        : { code: "loss-unknown", values: { why: loss.because, database: loss.database } },
  },
  {
    guard: "loss-over-budget",
    says: "more could be lost than the budget allows",
    guards: "forced",
    closed: ({ facts: { loss }, policy: { lossBudgetMs } }) =>
      loss.kind !== "bounded" || loss.atMostMs <= lossBudgetMs
        ? null
        : {
            code: "loss-over-budget",
            values: { atMostMs: loss.atMostMs, lossBudgetMs, database: loss.database },
          },
  },
  {
    guard: "cooldown",
    says: "the roles changed less than the cooldown ago, by whomever, or nobody can tell",
    guards: "every",
    closed: findCooldown,
  },
  {
    guard: "changed-by-person",
    says: "a person changed network, key or scale of the primary shortly before it went down",
    guards: "every",
    closed: findChange,
  },
];

function findKeyUnknown({ facts: { keyPath }, policy }: GuardContext): Reason | null {
  if (keyPath.kind === "unknown") {
    return { code: "key-unknown", values: { why: keyPath.because } };
  }
  if (keyPath.kind !== "proven" || keyPath.ageMs <= policy.keyProofMs) return null;
  return { code: "key-proof-old", values: { ageMs: keyPath.ageMs, keyProofMs: policy.keyProofMs } };
}

function findCooldown({ facts, policy }: GuardContext): Reason | null {
  const { lastRoleChange } = facts;
  if (lastRoleChange.kind === "unknown") {
    return { code: "role-change-unknown", values: { why: lastRoleChange.because } };
  }
  const logged = facts.activity
    .filter(({ what }) => what === "failover-succeeded")
    .map(({ at }) => at);
  const changedAt = Math.max(
    lastRoleChange.kind === "known" ? lastRoleChange.at : -Infinity,
    ...logged,
  );
  const sinceMs = facts.now - changedAt;
  if (sinceMs >= policy.cooldownMs) return null;
  return { code: "cooldown", values: { sinceMs, cooldownMs: policy.cooldownMs } };
}

function findChange({ facts, judgement, policy }: GuardContext): Reason | null {
  const { onsetAt } = facts.outage;
  if (onsetAt === null || !judgement.downMajority) return null;
  const change = facts.activity.find(
    ({ what, ours, side, at }) =>
      !ours &&
      // Where the log does not tell the side, it may have been the primary.
      (side === null || side === facts.primary) &&
      (what === "network-change" || what === "key-change" || what === "scale") &&
      at >= onsetAt - CHANGE_BEFORE_MS &&
      // The first failed look began before it failed: the change may fall in between.
      at <= onsetAt + policy.probeTimeoutMs,
  );
  if (change === undefined) return null;
  const { operation, by, at } = change;
  return { code: "changed", values: { operation, by, beforeOnsetMs: onsetAt - at } };
}
