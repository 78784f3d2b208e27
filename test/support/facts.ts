import { replicationOf } from "../../shared/azure/replication.ts";
import type {
  ActivityEntry,
  Facts,
  FailbackFacts,
  OperationKind,
} from "../../shared/domain/facts.ts";
import type { Sample } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE, type Outage, type Trouble } from "../../shared/domain/outage.ts";
import type { Approval, PersonCall } from "../../shared/domain/person.ts";
import { freshMs, type Policy } from "../../shared/domain/policy.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** A Thursday noon, so that windows have a calendar to be in. */
export const NOW = Date.UTC(2026, 0, 15, 12);
export const ONSET = NOW - 6 * MINUTE;

/** Three vantages, automatic, all defaults of the configuration. */
export function policy(change: Partial<Policy> = {}): Policy {
  return {
    mode: "automatic",
    intervalMs: 10 * SECOND,
    probeTimeoutMs: 8 * SECOND,
    graceMs: 5 * MINUTE,
    grayGraceMs: 10 * MINUTE,
    rtoMs: 15 * MINUTE,
    lossBudgetMs: 30 * SECOND,
    cooldownMs: HOUR,
    flapping: { outages: 3, withinMs: 30 * MINUTE },
    keyProofMs: 15 * MINUTE,
    approvalMs: 15 * MINUTE,
    automatic: ["regional-loss", "instance-loss", "gray-writes"],
    vantages: [
      { name: "weu", region: "westeurope" },
      { name: "neu", region: "northeurope" },
      { name: "sec", region: "swedencentral" },
    ],
    canary: true,
    applicationFloor: 0.5,
    capacityRequired: true,
    freeze: [],
    failback: { mode: "automatic", window: null, soakMs: 2 * HOUR },
    ...change,
  };
}

/** A group that is as it should be, as the secondary's region tells it. */
export const SETTLED = {
  kind: "read",
  targetRole: "secondary",
  replication: replicationOf("CATCH_UP"),
  failoverPolicy: "manual",
} as const;

/** What a word of Resource Manager for an instance means. */
export function stateOf(said: string): Facts["secondary"]["state"] {
  const kinds = { ready: "ready", unknown: "unknown" } as const;
  return { kind: kinds[said.toLowerCase() as keyof typeof kinds] ?? "not-ready", said };
}

/** Something that runs, begun at an instant that nobody tells. */
export function running(
  what: OperationKind,
  by: "us" | "other" | "unknown",
): Extract<Facts["operation"], { kind: "running" }> {
  return { kind: "running", what, said: what, side: "partner", startedAt: null, by };
}

/** An entry of the activity log, of which only so much is told as the test says. */
export function logged(what: OperationKind, change: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    what,
    said: "any",
    by: "ada@example.net",
    ours: false,
    side: null,
    startedAt: null,
    ended: null,
    ...change,
  };
}

/** The last instant at which a look is still fresh. */
export const STILL_FRESH = NOW - freshMs(policy()) + 1;

export function look(vantage: string, change: Partial<Observation> = {}): Observation {
  const region = policy().vantages.find(({ name }) => name === vantage)?.region ?? "elsewhere";
  return {
    vantage,
    region,
    target: "home",
    result: "no-answer",
    code: "login-timed-out",
    latencyMs: null,
    failedDatabases: [],
    regionReference: "failed",
    startedAt: STILL_FRESH,
    endedAt: STILL_FRESH + 8 * SECOND,
    ...change,
  };
}

export function outage(change: Partial<Outage> = {}): Outage {
  return {
    ...NO_OUTAGE,
    onsetAt: ONSET,
    outageMs: policy().graceMs,
    rounds: 18,
    lastDownAt: NOW,
    ...change,
  };
}

/** Trouble that has lasted just as long as the group may be down. */
export function trouble(change: Partial<Trouble> = {}): Trouble {
  const sinceAt = NOW - policy().rtoMs;
  return { sinceAt, seen: [], otherwiseSinceAt: null, answeredAt: null, ...change };
}

export function sample(change: Partial<Sample> = {}): Sample {
  return {
    database: "orders",
    measuredAt: ONSET - 15 * SECOND,
    lagSeconds: 15,
    lastCommitAgeMs: 0,
    lastCommitMark: 100,
    ...change,
  };
}

/**
 * Facts that only just permit a forced failover by itself: every limit is met exactly. Tests move
 * one of them one step.
 */
export function facts(change: Partial<Facts> = {}): Facts {
  return {
    version: 1,
    group: "orders-fog",
    incidentId: "inc-1",
    now: NOW,
    site: "neu",
    primary: "home",
    primaryRegion: "westeurope",
    movedByOtherAt: null,
    looks: [look("neu"), look("sec")],
    outage: outage(),
    groupState: SETTLED,
    unheard: [],
    operation: { kind: "none" },
    primaryWork: { operation: null, readyAt: NOW - 10 * MINUTE },
    secondary: { sql: "answers", state: stateOf("Ready"), fitness: { kind: "fit" } },
    keyPath: { kind: "proven", ageMs: policy().keyProofMs },
    inaccessible: { kind: "unknown", because: "primary-region-silent" },
    samples: [sample()],
    canaryDatabase: "orders",
    secondaryCommits: [],
    loss: { kind: "bounded", atMostMs: policy().lossBudgetMs, database: "orders" },
    secondaryAdvances: "no",
    application: { kind: "ratio", value: 0.49, ageMs: 0, windowMs: 60_000 },
    capacityAtTarget: "ready",
    activity: [],
    lastRoleChange: { kind: "known", at: NOW - policy().cooldownMs },
    followedAt: NOW,
    claim: { kind: "spent", epoch: 1, unmovedAt: null },
    attempt: { kind: "none" },
    pause: [],
    pauseReadable: true,
    approvals: [],
    deniedAt: null,
    undoRefusedAt: NOW - 30 * MINUTE,
    overrides: [],
    call: null,
    tokenGoodForMs: 5 * MINUTE,
    advice: [],
    throttled: [],
    askedSinceAt: null,
    ...change,
  };
}

/** The same, with a primary that lets people in and hangs on writes: permits a planned failover. */
export function grayFacts(change: Partial<Facts> = {}): Facts {
  const hangs = { result: "not-serving", code: "write-timed-out" } as const;
  return facts({
    looks: [look("weu", hangs), look("neu", hangs), look("sec", hangs)],
    outage: outage({ outageMs: policy().grayGraceMs, lastNotServingAt: NOW }),
    ...change,
  });
}

/** A healthy group, looked at by everybody. */
export function peace(change: Partial<Facts> = {}): Facts {
  const writes = { result: "writes", code: "ok", latencyMs: 40, regionReference: "ok" } as const;
  return facts({
    looks: [look("weu", writes), look("neu", writes), look("sec", writes)],
    outage: NO_OUTAGE,
    application: { kind: "ratio", value: 0.999, ageMs: 0, windowMs: 60_000 },
    ...change,
  });
}

export function approval(change: Partial<Approval> = {}): Approval {
  return {
    askId: "ask-1",
    incidentId: "inc-1",
    purpose: "fail-over",
    expectedPrimary: "home",
    kind: "forced",
    diagnosis: "regional-loss",
    guards: [],
    lossAtMostMs: policy().lossBudgetMs,
    actor: { name: "ada@example.net", proof: "authenticated" },
    approvedAt: NOW - MINUTE,
    expiresAt: NOW + 1,
    ...change,
  };
}

export function call(change: Partial<PersonCall> = {}): PersonCall {
  return {
    id: "call-1",
    purpose: "fail-over",
    kind: "planned",
    accepts: [],
    reason: "exercise",
    actor: { name: "ada@example.net", proof: "authenticated" },
    calledAt: NOW,
    expiresAt: NOW + 1,
    ...change,
  };
}

/** Facts that only just permit going home by itself: the group lives on the partner side. */
export function failbackFacts(
  change: Partial<Omit<FailbackFacts, "base">> = {},
  base: Partial<Facts> = {},
): FailbackFacts {
  const writes = { target: "partner", result: "writes", code: "ok", latencyMs: 40 } as const;
  return {
    version: 1,
    base: peace({
      site: "weu",
      primary: "partner",
      primaryRegion: "northeurope",
      looks: [look("weu", writes), look("neu", writes), look("sec", writes)],
      ...base,
    }),
    away: true,
    healthySinceAt: NOW - 2 * HOUR,
    windowOpen: true,
    windowOpensAt: null,
    lagSeconds: 30,
    ...change,
  };
}
