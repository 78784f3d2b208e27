import { replicationOf } from "../../shared/azure/replication.ts";
import { Diagnosis } from "../../shared/domain/diagnosis.ts";
import type { ActivityEntry, Facts } from "../../shared/domain/facts.ts";
import { GuardId, OverridableGuard } from "../../shared/domain/guard.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { Approval, Override } from "../../shared/domain/person.ts";
import type { Signal, Value } from "./fact-space.ts";
import {
  approval,
  call,
  facts,
  HOUR,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  policy,
  running,
  SECOND,
  SETTLED,
  sample,
  stateOf,
  trouble,
} from "./facts.ts";

// The few distinct values of each signal, the permitting one first.

const hangs = { result: "not-serving", code: "write-timed-out" } as const;
const writes = { result: "writes", code: "ok", latencyMs: 40 } as const;
const partial: Partial<Observation> = {
  result: "alive",
  code: "926",
  failedDatabases: ["orders"],
};

/** What one vantage says; null where nothing was heard. */
const HEARD: Readonly<Record<string, Partial<Observation> | null>> = {
  "no answer": {},
  unheard: null,
  blind: { result: "blind", code: "no-token" },
  "no answer, region reached": { regionReference: "ok" },
  "not serving": { result: "not-serving", code: "40613" },
  hangs,
  alive: { result: "alive", code: "18456" },
  writes,
};

const seenBy = (vantage: string, change: Partial<Observation> | null) =>
  change === null ? [] : [look(vantage, change)];

/** Every combination of what the three vantages say. The first: two outside get no answer. */
export const ALL_LOOKS: Signal = Object.fromEntries(
  ["unheard", ...Object.keys(HEARD).filter((name) => name !== "unheard")].flatMap((weu) =>
    Object.keys(HEARD).flatMap((neu) =>
      Object.keys(HEARD).map((sec): [string, Value] => [
        `${weu} / ${neu} / ${sec}`,
        {
          facts: {
            looks: [
              ...seenBy("weu", HEARD[weu] ?? null),
              ...seenBy("neu", HEARD[neu] ?? null),
              ...seenBy("sec", HEARD[sec] ?? null),
            ],
          },
        },
      ]),
    ),
  ),
);

const looks = (all: readonly [string, Partial<Observation>][]) => ({
  facts: { looks: all.map(([vantage, change]) => look(vantage, change)) },
});

export const LOOKS = {
  lost: looks([
    ["neu", {}],
    ["sec", {}],
  ]),
  "lost, also inside": looks([
    ["weu", {}],
    ["neu", {}],
    ["sec", {}],
  ]),
  hangs: looks([
    ["weu", hangs],
    ["neu", hangs],
    ["sec", hangs],
  ]),
  serves: looks([
    ["weu", writes],
    ["neu", writes],
    ["sec", writes],
  ]),
  "lost in part": looks([
    ["weu", writes],
    ["neu", partial],
    ["sec", partial],
  ]),
  "one alone": looks([["neu", {}]]),
  "lost, one sees life": looks([
    ["weu", writes],
    ["neu", {}],
    ["sec", {}],
  ]),
  nothing: looks([]),
} satisfies Signal;

const ended = (minutesAgo: number) => ({
  onsetAt: NOW - (minutesAgo + 1) * MINUTE,
  endedAt: NOW - minutesAgo * MINUTE,
  rounds: 2,
});
const flaps = [ended(5), ended(10), ended(29)];
const GRACE = policy().graceMs;
const RTO = policy().rtoMs;
const GRAY = policy().grayGraceMs;

export const OUTAGE = {
  "at its grace": { facts: { outage: outage({ sinceAttemptMs: MINUTE }) } },
  "below its grace": { facts: { outage: outage({ outageMs: GRACE - 1, sinceAttemptMs: MINUTE }) } },
  "gray, at its grace": {
    facts: {
      outage: outage({ outageMs: GRAY, lastNotServingAt: NOW, sinceAttemptMs: MINUTE }),
    },
  },
  "slow before, at its grace": {
    facts: { outage: outage({ outageMs: GRAY, wasSlow: true, sinceAttemptMs: MINUTE }) },
  },
  "slow before, below its grace": {
    facts: { outage: outage({ outageMs: GRAY - 1, wasSlow: true, sinceAttemptMs: MINUTE }) },
  },
  "gray, below its grace": {
    facts: {
      outage: outage({ outageMs: GRAY - 1, lastNotServingAt: NOW, sinceAttemptMs: MINUTE }),
    },
  },
  "at its grace, begun with failed storage": {
    facts: { outage: outage({ sinceAttemptMs: MINUTE, storageFailedAt: NOW - MINUTE }) },
  },
  none: { facts: { outage: NO_OUTAGE } },
  "just after our attempt": { facts: { outage: outage({ sinceAttemptMs: MINUTE - 1 }) } },
  "just after an attempt of anyone": {
    facts: { outage: outage({ attemptEndedAt: NOW - MINUTE, sinceAttemptMs: MINUTE - 1 }) },
  },
  "gray, just after our attempt": {
    facts: {
      outage: outage({ outageMs: GRAY, lastNotServingAt: NOW, sinceAttemptMs: MINUTE - 1 }),
    },
  },
  "long trouble": { facts: { outage: { ...NO_OUTAGE, trouble: trouble() } } },
  "long trouble, down again": {
    facts: { outage: outage({ outageMs: GRACE - 1, trouble: trouble() }) },
  },
  "trouble for less": {
    facts: {
      outage: outage({ sinceAttemptMs: MINUTE, trouble: trouble({ sinceAt: NOW - RTO + 1 }) }),
    },
  },
  flapping: { facts: { outage: { ...NO_OUTAGE, ended: flaps } } },
  "flapping, down again": { facts: { outage: outage({ outageMs: GRACE - 1, ended: flaps }) } },
  "partial for the grace": { facts: { outage: { ...NO_OUTAGE, partialSinceAt: NOW - GRACE } } },
  "partial for less": { facts: { outage: { ...NO_OUTAGE, partialSinceAt: NOW - GRACE + 1 } } },
} satisfies Signal;

const unknown = { kind: "unknown", because: "timeout" } as const;

export const GROUP = {
  settled: { facts: { groupState: SETTLED } },
  suspended: { facts: { groupState: { ...SETTLED, replication: replicationOf("SUSPENDED") } } },
  unknown: { facts: { groupState: unknown } },
  pending: { facts: { groupState: { ...SETTLED, replication: replicationOf("PENDING") } } },
  "a word that nobody knows": {
    facts: { groupState: { ...SETTLED, replication: replicationOf("Reversing") } },
  },
  seeding: { facts: { groupState: { ...SETTLED, replication: replicationOf("SEEDING") } } },
  "in progress": {
    facts: { groupState: { ...SETTLED, replication: replicationOf("FailoverInProgress") } },
  },
  "target is primary": { facts: { groupState: { ...SETTLED, targetRole: "primary" } } },
  "role unknown": { facts: { groupState: { ...SETTLED, targetRole: "unknown" } } },
  "Microsoft-managed": { facts: { groupState: { ...SETTLED, failoverPolicy: "automatic" } } },
} satisfies Signal;

const runs = running("failover", "other");

export const OPERATION = {
  none: { facts: { operation: { kind: "none" } } },
  unknown: { facts: { operation: unknown } },
  "not a failover": { facts: { operation: running("scale", "other") } },
  "a failover of others": { facts: { operation: runs } },
  "a failover of whom?": { facts: { operation: { ...runs, by: "unknown" } } },
  "a failover of ours": { facts: { operation: { ...runs, by: "us" } } },
} satisfies Signal;

const fit = facts().secondary;

export const SECONDARY = {
  fit: { facts: { secondary: fit } },
  "state unknown": {
    facts: { secondary: { sql: "answers", state: stateOf("unknown"), fitness: unknown } },
  },
  silent: { facts: { secondary: { ...fit, sql: "silent" } } },
  "sql unknown": { facts: { secondary: { ...fit, sql: "unknown" } } },
  updating: { facts: { secondary: { ...fit, state: stateOf("Updating") } } },
  unfit: { facts: { secondary: { ...fit, fitness: { kind: "unfit", because: "fewer-vcores" } } } },
} satisfies Signal;

export const KEY = {
  proven: { facts: { keyPath: { kind: "proven", ageMs: policy().keyProofMs } } },
  "not needed": { facts: { keyPath: { kind: "not-needed" } } },
  "proof too old": { facts: { keyPath: { kind: "proven", ageMs: policy().keyProofMs + 1 } } },
  unknown: { facts: { keyPath: { ...unknown, reason: "no-answer" } } },
  denied: { facts: { keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } } },
} satisfies Signal;

const bounded = (atMostMs: number): Value => ({
  facts: { loss: { kind: "bounded", atMostMs, database: "orders" } },
});

export const LOSS = {
  "on budget": bounded(policy().lossBudgetMs),
  "over budget": bounded(policy().lossBudgetMs + 1),
  "far over budget": bounded(HOUR),
  unknown: { facts: { loss: { ...unknown, database: null } } },
} satisfies Signal;

export const CLAIM = {
  spent: { facts: { claim: { kind: "spent", epoch: 1, unmovedAt: null } } },
  none: { facts: { claim: { kind: "none" } } },
  open: {
    facts: { claim: { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: 1 } },
  },
  unknown: { facts: { claim: unknown } },
} satisfies Signal;

const tried = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;

export const ATTEMPT = {
  none: { facts: { attempt: { kind: "none" } } },
  running: { facts: { attempt: { kind: "running", sinceMs: SECOND } } },
  failed: { facts: { attempt: tried } },
  "stuck on a database": { facts: { attempt: { ...tried, timedOutForDatabase: true } } },
} satisfies Signal;

const log = (...activity: ActivityEntry[]): Value => ({ facts: { activity } });

export const ACTIVITY = {
  nothing: log(),
  "a failover started": log(logged("failover", { startedAt: NOW - MINUTE })),
  "a failover failed": log(
    logged("failover", { startedAt: NOW - 2 * MINUTE, ended: { at: NOW - MINUTE, how: "badly" } }),
  ),
  "a failover succeeded": log(logged("failover", { ended: { at: NOW - HOUR + 1, how: "well" } })),
  "a change before the onset": log(
    logged("key", { startedAt: ONSET - 15 * MINUTE, ended: { at: ONSET, how: "well" } }),
  ),
  "a change that has not ended": log(logged("scale", { startedAt: NOW - HOUR })),
  "a change of the secondary": log(logged("scale", { side: "partner", startedAt: ONSET })),
  "a change of ours": log(logged("scale", { ours: true, startedAt: ONSET })),
} satisfies Signal;

export const WORK = {
  "Ready before the log's change": {
    facts: { primaryWork: { operation: null, readyAt: NOW - HOUR } },
  },
  "Ready since": { facts: { primaryWork: { operation: null, readyAt: NOW - HOUR + 1 } } },
  "never Ready": { facts: { primaryWork: { operation: null, readyAt: null } } },
  "scaling runs": {
    facts: {
      primaryWork: {
        operation: { what: "scale", said: "UpsertManagedServer", beganAt: NOW - 4 * HOUR },
        readyAt: NOW - 5 * HOUR,
      },
    },
  },
} satisfies Signal;

const pause = { scope: "*", reason: "works", owner: "ada", pausedAt: 0, expiresAt: null };

export const PAUSE = {
  off: { facts: { pause: [], pauseReadable: true } },
  on: { facts: { pause: [pause], pauseReadable: true } },
  "ends now": { facts: { pause: [{ ...pause, expiresAt: NOW }], pauseReadable: true } },
  unreadable: { facts: { pause: [], pauseReadable: false } },
} satisfies Signal;

const GUARDS: readonly GuardId[] = GuardId.options;
/** One for each diagnosis, so that whatever is wrong has its own. */
const approvals = (change: Partial<Approval>): Value => ({
  facts: {
    call: null,
    approvals: Diagnosis.options.map((diagnosis) => approval({ diagnosis, ...change })),
  },
});
const calls = (change: Partial<NonNullable<Facts["call"]>>): Value => ({
  facts: { call: call(change), approvals: [] },
});

export const PERSON = {
  nobody: { facts: { call: null, approvals: [] } },
  approved: approvals({}),
  "approved, all accepted": approvals({ guards: [...GUARDS], lossAtMostMs: null }),
  "approved, but expired, elsewhere or for the way home": {
    facts: {
      call: null,
      approvals: [
        ...(approvals({ guards: [...GUARDS], expiresAt: NOW }).facts?.approvals ?? []),
        ...(approvals({ guards: [...GUARDS], incidentId: "inc-0" }).facts?.approvals ?? []),
        ...(approvals({ guards: [...GUARDS], expectedPrimary: "partner" }).facts?.approvals ?? []),
        ...(approvals({ guards: [...GUARDS], purpose: "fail-back" }).facts?.approvals ?? []),
      ],
    },
  },
  "calls planned": calls({}),
  "calls forced": calls({ kind: "forced" }),
  "calls forced, all accepted": calls({ kind: "forced", accepts: [...GUARDS] }),
  "called, but it has expired": calls({ kind: "forced", accepts: [...GUARDS], expiresAt: NOW }),
} satisfies Signal;

const LIFTABLE = GUARDS.slice(GUARDS.indexOf("sign-of-life"));

/** One who accepts all guards but a single one; of those that nobody lifts, one is enough. */
export const ALL_BUT_ONE: Signal = {
  nobody: PERSON.nobody,
  ...Object.fromEntries(
    ["paused" as const, ...LIFTABLE].map((guard) => [
      `approved, all accepted but ${guard}`,
      approvals({ guards: GUARDS.filter((g) => g !== guard), lossAtMostMs: HOUR - 1 }),
    ]),
  ),
  "calls forced": PERSON["calls forced"],
  "calls planned": PERSON["calls planned"],
  "calls forced, all accepted": PERSON["calls forced, all accepted"],
};

const overrides = (change: Partial<Override>): Value => ({
  facts: {
    overrides: OverridableGuard.options.map((guard) => ({
      guard,
      group: "orders-fog",
      incidentId: null,
      expectedPrimary: "home",
      lossAtMostMs: policy().lossBudgetMs + 1,
      reason: "works",
      actor: { name: "ada@example.net", proof: "authenticated" },
      madeAt: NOW - SECOND,
      expiresAt: NOW + 1,
      ...change,
    })),
  },
});

export const OVERRIDE = {
  none: { facts: { overrides: [] } },
  "on every guard": overrides({}),
  "on every guard, for another incident": overrides({ incidentId: "inc-0" }),
  "on every guard, expired": overrides({ expiresAt: NOW }),
} satisfies Signal;

export const MODE = {
  automatic: { policy: { mode: "automatic", canary: true } },
  approve: { policy: { mode: "approve", canary: true } },
  observe: { policy: { mode: "observe", canary: true } },
  "no canary": { policy: { mode: "automatic", canary: false } },
} satisfies Signal;

export const LAG = {
  "on budget": { facts: { samples: [sample({ measuredAt: ONSET, lagSeconds: 30 })] } },
  "over budget": { facts: { samples: [sample({ measuredAt: ONSET, lagSeconds: 31 })] } },
  unmeasured: { facts: { samples: [] } },
} satisfies Signal;
