import type { Reason } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import { findWork, mayChange, spanOfChange } from "../evidence/primary-work.ts";
import { judgeProtection, lastChangedAt } from "../evidence/protection.ts";
import type { GuardContext, GuardRow } from "./guard-row.ts";

/** A change on the primary this shortly before the onset may be what took it down. */
const CHANGE_BEFORE_MS = 15 * 60_000;

/** A database that undoes so long may do so for hours: a person is told, and may have it tried again before. */
const UNDO_MS = 30 * 60_000;

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
    says: "no strict majority of the sites, one of them outside, votes down",
    guards: "forced",
    closed: ({ facts: { unheard }, judgement: { down, needed, downMajority } }) =>
      downMajority ? null : { code: "votes", values: { down, needed, ...sayMisheard(unheard) } },
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
    guard: "replication-unclear",
    says: "the group says of its replication what is pending, or what nobody knows",
    guards: "every",
    closed: findReplicationUnclear,
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
    guard: "unprotected",
    says: "the primary has not been seen followed since the roles last changed, or nobody can tell",
    guards: "every",
    closed: findUnprotected,
  },
  {
    guard: "changed-by-person",
    says: "a person changed network, key or scale of the primary shortly before it went down",
    guards: "every",
    closed: findChange,
  },
  {
    guard: "operation-on-primary",
    says: "somebody's operation on the primary has begun and not ended, however long ago",
    guards: "every",
    closed: ({ facts }) => {
      const work = findWork(facts);
      if (work === null) return null;
      const { said, by, beganAt } = work;
      return { code: "at-work", values: { operation: said, by, sinceMs: facts.now - beganAt } };
    },
  },
  {
    guard: "target-in-undo",
    says: "a request was refused less than half an hour ago because the target still undoes the last role change",
    guards: "every",
    closed: ({ facts: { undoRefusedAt, now } }) =>
      undoRefusedAt === null || now - undoRefusedAt >= UNDO_MS
        ? null
        : { code: "in-undo", values: { sinceMs: now - undoRefusedAt } },
  },
  {
    guard: "denied",
    says: "a person has said no to this incident, and nobody has approved since",
    guards: "every",
    closed: ({ facts: { deniedAt, now } }) =>
      deniedAt === null
        ? null
        : { code: "said-no", values: { sinceMs: Math.max(0, now - deniedAt) } },
  },
];

function findReplicationUnclear({ facts: { groupState } }: GuardContext): Reason | null {
  // A group that was not read at all closes a guard that nobody lifts.
  if (groupState.kind === "unknown") return null;
  const { kind, said } = groupState.replication;
  switch (kind) {
    case "pending":
    case "other":
      return { code: "replication-unclear", values: { state: said } };
    // What is lost while it is suspended is for the bound of the loss to say.
    case "following":
    case "suspended":
    // These two have guards of their own.
    case "seeding":
    case "moving":
      return null;
    default:
      return kind satisfies never;
  }
}

function findKeyUnknown({ facts: { keyPath }, policy }: GuardContext): Reason | null {
  if (keyPath.kind === "unknown") {
    return { code: "key-unknown", values: { why: keyPath.because } };
  }
  if (keyPath.kind !== "proven" || keyPath.ageMs <= policy.keyProofMs) return null;
  return { code: "key-proof-old", values: { ageMs: keyPath.ageMs, keyProofMs: policy.keyProofMs } };
}

function findCooldown({ facts, policy }: GuardContext): Reason | null {
  const { lastRoleChange } = facts;
  if (lastRoleChange.kind === "unknown") return changeUnknown(lastRoleChange.because);
  const sinceMs = facts.now - (lastChangedAt(facts) ?? -Infinity);
  if (sinceMs >= policy.cooldownMs) return null;
  return { code: "cooldown", values: { sinceMs, cooldownMs: policy.cooldownMs } };
}

function findUnprotected({ facts }: GuardContext): Reason | null {
  const protection = judgeProtection(facts);
  switch (protection.kind) {
    case "protected":
      return null;
    case "unprotected":
      return { code: "not-followed", values: { sinceMs: facts.now - protection.sinceAt } };
    case "unknown":
      return changeUnknown(protection.because);
    default:
      return protection satisfies never;
  }
}

function changeUnknown(why: string): Reason {
  return { code: "role-change-unknown", values: { why } };
}

function findChange({ facts, judgement, policy }: GuardContext): Reason | null {
  const { onsetAt } = facts.outage;
  if (onsetAt === null || !judgement.downMajority) return null;
  const changes = facts.activity.flatMap((entry) => {
    const span = mayChange(entry, facts.primary) ? spanOfChange(entry, facts.primaryWork) : null;
    return span === null ? [] : [{ said: entry.said, by: entry.by, ...span }];
  });
  // Its last step may be what takes the instance away: it counts from its end.
  const change = changes.find(
    ({ from, to }) =>
      to >= onsetAt - CHANGE_BEFORE_MS &&
      // The first failed look began before it failed: the change may fall in between.
      from <= onsetAt + policy.probeTimeoutMs,
  );
  if (change === undefined) return null;
  const { said, by, from, to } = change;
  const at = Math.max(from, Math.min(to, onsetAt));
  return { code: "changed", values: { operation: said, by, beforeOnsetMs: onsetAt - at } };
}

/** Who answered when it was asked for its report, and told none: silence says for itself why it has no vote. */
function sayMisheard(unheard: Facts["unheard"]): Reason["values"] {
  const answered = unheard.filter(({ because }) => because !== "no-answer");
  if (answered.length === 0) return {};
  return { misheard: answered.map(({ vantage, because }) => `${vantage} ${because}`).join(", ") };
}
