import type { Decision } from "../shared/domain/decision.ts";
import { type Facts, NO_WORK } from "../shared/domain/facts.ts";
import type { GuardId } from "../shared/domain/guard.ts";
import { NO_LOSS } from "../shared/domain/loss.ts";
import type { Observation } from "../shared/domain/observation.ts";
import type { Approval } from "../shared/domain/person.ts";
import type { DecisionReceipt } from "../shared/domain/receipt.ts";
import { graceFor, graceLeft } from "../shared/policy/evidence/grace.ts";
import { sayMs } from "../shared/text/say-time.ts";
import { replayDecision } from "./replay-decision.ts";

/** One thing that might be otherwise, and what the rules would say then. */
export interface WhatIf {
  readonly says: string;
  readonly decision: Decision;
}

interface Change {
  readonly says: string;
  readonly to: DecisionReceipt;
}

/** Puts single changes to the very rules that decided, and keeps those that come to another rule. */
export function whatIf(receipt: DecisionReceipt): readonly WhatIf[] {
  const { decision } = receipt;
  return changesOf(receipt).flatMap(({ says, to }) => {
    const then = replayDecision(to).judged.decision;
    const same = then.rule === decision.rule && then.verdict === decision.verdict;
    return same && then.kind === decision.kind ? [] : [{ says, decision: then }];
  });
}

function changesOf(receipt: DecisionReceipt): readonly Change[] {
  const closed = receipt.decision.guards.filter(({ state }) => state === "closed");
  const opened = closed.flatMap(({ guard }) => opening(receipt, guard));
  return [
    ...graceOver(receipt),
    ...onTheWayHome(receipt),
    ...opened,
    ...approved(receipt),
    ...life(receipt),
    ...mode(receipt),
  ];
}

function withFacts(receipt: DecisionReceipt, change: Partial<Facts>): DecisionReceipt {
  return { ...receipt, facts: { ...receipt.facts, ...change } };
}

function graceOver(receipt: DecisionReceipt): readonly Change[] {
  const { facts, policy, purpose } = receipt;
  const left = graceLeft(facts.outage, facts.now, policy);
  if (purpose === "fail-back" || left === null || left === 0) return [];
  const outageMs = graceFor(facts.outage, facts.now, policy);
  return [
    {
      says: `the outage lasts ${sayMs(left)} more`,
      to: withFacts(receipt, { outage: { ...facts.outage, outageMs } }),
    },
  ];
}

function onTheWayHome(receipt: DecisionReceipt): readonly Change[] {
  if (receipt.purpose === "fail-over") return [];
  const { homeward, facts, policy } = receipt;
  const healthySinceAt = facts.now - policy.failback.soakMs;
  return [
    { says: "home has soaked", to: { ...receipt, homeward: { ...homeward, healthySinceAt } } },
    { says: "the window opens", to: { ...receipt, homeward: { ...homeward, windowOpen: true } } },
    { says: "home has caught up", to: { ...receipt, homeward: { ...homeward, lagSeconds: 0 } } },
  ];
}

/** Facts that open one guard; null where no single fact would, or where `opening` reads them. */
const OPENED: Readonly<Record<GuardId, readonly [says: string, facts: Partial<Facts>] | null>> = {
  quorum: null,
  "fresh-evidence": null,
  "no-token": null,
  "roles-known": null,
  moving: null,
  "replication-unclear": null,
  seeding: null,
  "secondary-silent": null,
  "secondary-not-ready": null,
  frozen: null,
  "sign-of-life": null,
  "no-majority": null,
  "microsoft-managed": null,
  "secondary-unfit": null,
  "loss-over-budget": null,
  unprotected: null,
  "claim-open": ["our claim is spent", { claim: { kind: "none" } }],
  "claim-store": ["the store of the target region can be read", { claim: { kind: "none" } }],
  "operation-in-progress": ["the operation ends", { operation: { kind: "none" } }],
  paused: ["the pause is lifted", { pause: [], pauseReadable: true }],
  "key-unknown": ["the secondary proves its key", { keyPath: { kind: "proven", ageMs: 0 } }],
  "key-denied": ["the secondary gets its key back", { keyPath: { kind: "proven", ageMs: 0 } }],
  "loss-unknown": ["the loss is known to be nothing", { loss: NO_LOSS }],
  "capacity-at-target": ["the application is ready at the target", { capacityAtTarget: "ready" }],
  // The roles have changed all the same: what is to be seen since then is.
  cooldown: ["the cooldown is over", { lastRoleChange: { kind: "known", at: 0 }, activity: [] }],
  "changed-by-person": ["nobody had changed anything", { activity: [] }],
  "target-in-undo": ["Azure had not refused", { undoRefusedAt: null }],
  denied: ["nobody had said no", { deniedAt: null }],
  "operation-on-primary": ["the operation ends", { activity: [], primaryWork: NO_WORK }],
};

/** What is said of a secondary that follows, by the guard that this opens. */
const FOLLOWING: Partial<Record<GuardId, string>> = {
  seeding: "seeding ends",
  moving: "the failover under way ends where the roles are now",
  "replication-unclear": "the group says that the secondary follows",
};

function opening(receipt: DecisionReceipt, guard: GuardId): readonly Change[] {
  const known = OPENED[guard];
  if (known !== null) return [{ says: known[0], to: withFacts(receipt, known[1]) }];
  const { facts } = receipt;
  if (guard === "secondary-silent") {
    const secondary = { ...facts.secondary, sql: "answers" } as const;
    return [{ says: "the secondary answers SQL", to: withFacts(receipt, { secondary }) }];
  }
  if (guard === "unprotected") {
    const says = "both sides say that the secondary follows";
    return [{ says, to: withFacts(receipt, { followedAt: facts.now }) }];
  }
  const says = FOLLOWING[guard];
  if (says !== undefined && facts.groupState.kind === "read") {
    const replication = { kind: "following", said: "CATCH_UP" } as const;
    const groupState = { ...facts.groupState, replication };
    return [{ says, to: withFacts(receipt, { groupState }) }];
  }
  return [];
}

/** A person who accepts every liftable guard that is closed, and the loss as it stands. */
function approved(receipt: DecisionReceipt): readonly Change[] {
  const { facts, decision, purpose } = receipt;
  if (facts.primary === null || facts.incidentId === null) return [];
  const guards = decision.guards
    .filter(({ state, strength }) => state === "closed" && strength === "liftable")
    .map(({ guard }) => guard);
  const approval: Approval = {
    askId: "what-if",
    incidentId: facts.incidentId,
    purpose,
    expectedPrimary: facts.primary,
    // It covers the planned one as well.
    kind: "forced",
    diagnosis: decision.diagnosis,
    guards,
    lossAtMostMs: facts.loss.kind === "bounded" ? facts.loss.atMostMs : null,
    actor: { name: "somebody", proof: "claimed" },
    approvedAt: facts.now,
    expiresAt: facts.now + 1,
  };
  const accepts = guards.length === 0 ? "" : ", and accepts what a person may";
  return [
    {
      says: `a person approves${accepts}`,
      to: withFacts(receipt, { approvals: [...facts.approvals, approval] }),
    },
  ];
}

function life(receipt: DecisionReceipt): readonly Change[] {
  const { facts, policy, purpose } = receipt;
  const [vantage] = policy.vantages;
  if (purpose === "fail-back" || vantage === undefined || facts.primary === null) return [];
  const look: Observation = {
    vantage: vantage.name,
    region: vantage.region,
    target: facts.primary,
    result: "writes",
    code: "ok",
    latencyMs: 0,
    failedDatabases: [],
    regionReference: "ok",
    startedAt: facts.now,
    endedAt: facts.now,
  };
  return [
    {
      says: `site ${vantage.name} writes to the primary`,
      to: withFacts(receipt, { looks: [...facts.looks, look] }),
    },
  ];
}

function mode(receipt: DecisionReceipt): readonly Change[] {
  const { policy } = receipt;
  if (policy.mode === "automatic") return [];
  return [
    {
      says: "the mode were automatic",
      to: { ...receipt, policy: { ...policy, mode: "automatic" } },
    },
  ];
}
