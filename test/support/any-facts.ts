import fc from "fast-check";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import { LookResult, type Observation } from "../../shared/domain/observation.ts";
import type { Policy } from "../../shared/domain/policy.ts";
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
} from "./facts.ts";

/** Mostly the value that permits acting, so that chance reaches the far end of the tables. */
function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );
}

/** What closes a guard whatever else is so: oftener, hardly anything would ever act. */
function seldom<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 19, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const unknown = { kind: "unknown", because: "timeout" } as const;
const ended = { onsetAt: NOW - 10 * MINUTE, endedAt: NOW - 9 * MINUTE, rounds: 3 };
const failed = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;

const anyLook: fc.Arbitrary<Observation> = fc
  .record({
    vantage: fc.constantFrom("weu", "neu", "sec", "uks"),
    result: mostly<LookResult>("no-answer", ...LookResult.options),
    code: mostly("login-timed-out", "write-timed-out", "18456", "no-name"),
    target: mostly<"home" | "partner">("home", "partner"),
    startedAt: mostly(NOW - 8 * SECOND, NOW - HOUR, NOW + SECOND, NOW - 28 * SECOND),
    regionReference: mostly<"ok" | "failed" | "unknown">("failed", "ok", "unknown"),
    failedDatabases: mostly<string[]>([], ["orders"]),
  })
  .map((change) => look(change.vantage, { ...change, endedAt: change.startedAt + SECOND }));

const bothDown: fc.Arbitrary<Observation[]> = fc.constant([look("neu"), look("sec")]);
const anyLooks: fc.Arbitrary<Observation[]> = fc.oneof(
  { weight: 2, arbitrary: bothDown },
  { weight: 3, arbitrary: fc.array(anyLook, { maxLength: 5 }) },
);

const anyOutage: fc.Arbitrary<Facts["outage"]> = fc
  .record({
    outageMs: mostly(10 * MINUTE, 5 * MINUTE, 5 * MINUTE - 1, 0),
    lastNotServingAt: mostly<number | null>(null, NOW, NOW - HOUR),
    partialSinceAt: mostly<number | null>(null, NOW - 5 * MINUTE, NOW),
    upSinceAt: mostly<number | null>(null, NOW - 5 * MINUTE, NOW),
    ended: mostly<(typeof ended)[]>([], [ended, ended, ended]),
    attemptEndedAt: mostly<number | null>(null, NOW - 2 * MINUTE),
    sinceAttemptMs: mostly(MINUTE, MINUTE - 1, 0),
    onsetAt: mostly<number | null>(ONSET, null),
  })
  .map(outage);

const anyState = fc.record({
  groupState: mostly<Facts["groupState"]>(
    SETTLED,
    unknown,
    { ...SETTLED, replication: replicationOf("SEEDING") },
    { ...SETTLED, replication: replicationOf("FailoverInProgress") },
    { ...SETTLED, replication: replicationOf("PENDING") },
    { ...SETTLED, replication: replicationOf("") },
    { ...SETTLED, targetRole: "primary" },
    { ...SETTLED, targetRole: "unknown" },
    { ...SETTLED, failoverPolicy: "automatic" },
  ),
  operation: mostly<Facts["operation"]>(
    { kind: "none" },
    unknown,
    running("update", "unknown"),
    running("failover", "other"),
  ),
  secondary: mostly<Facts["secondary"]>(
    facts().secondary,
    { ...facts().secondary, sql: "silent" },
    { ...facts().secondary, sql: "unknown" },
    { ...facts().secondary, fitness: { kind: "unfit", because: "vcores" } },
  ),
  keyPath: mostly<Facts["keyPath"]>(
    { kind: "proven", ageMs: 0 },
    { kind: "not-needed" },
    { kind: "proven", ageMs: HOUR },
    { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 },
    { ...unknown, reason: "no-answer" },
  ),
  loss: mostly<Facts["loss"]>(
    { kind: "bounded", atMostMs: 30 * SECOND, database: "orders" },
    { kind: "bounded", atMostMs: 30 * SECOND + 1, database: "orders" },
    { ...unknown, database: null },
  ),
  claim: mostly<Facts["claim"]>(
    { kind: "none" },
    { kind: "spent", epoch: 1, unmovedAt: null },
    { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: 1 },
    unknown,
  ),
  attempt: mostly<Facts["attempt"]>(
    { kind: "none" },
    { kind: "running", sinceMs: SECOND },
    failed,
    { ...failed, timedOutForDatabase: true },
  ),
});

const anyContext = fc.record({
  secondaryAdvances: mostly<Facts["secondaryAdvances"]>("no", "unknown", "yes"),
  application: mostly<Facts["application"]>(
    { kind: "ratio", value: 0, ageMs: 0, windowMs: 60_000 },
    { kind: "ratio", value: 0.5, ageMs: 0, windowMs: 60_000 },
    { kind: "ratio", value: 1, ageMs: HOUR, windowMs: 60_000 },
    unknown,
  ),
  capacityAtTarget: mostly<Facts["capacityAtTarget"]>("ready", "not-ready", "unknown"),
  activity: mostly<Facts["activity"]>(
    [],
    [logged("failover", { startedAt: NOW - MINUTE })],
    [logged("key", { startedAt: ONSET })],
    [logged("scale", { startedAt: NOW - 4 * HOUR })],
  ),
  primaryWork: seldom<Facts["primaryWork"]>(
    facts().primaryWork,
    { operation: null, readyAt: null },
    { operation: null, readyAt: NOW - 5 * HOUR },
    {
      operation: { what: "update", said: "UpsertManagedServer", beganAt: NOW - 4 * HOUR },
      readyAt: null,
    },
  ),
  lastRoleChange: mostly<Facts["lastRoleChange"]>(
    { kind: "none" },
    { kind: "known", at: NOW - HOUR },
    { kind: "known", at: NOW - HOUR + 1 },
    { kind: "known", at: NOW + 1 },
    { kind: "unknown", because: "row-broken" },
  ),
  followedAt: seldom<number | null>(NOW, null, NOW - HOUR, NOW - HOUR - 1, NOW + 1),
  movedByOtherAt: mostly<number | null>(null, NOW),
  undoRefusedAt: seldom<number | null>(null, NOW - 30 * MINUTE, NOW - 30 * MINUTE + 1),
  deniedAt: seldom<number | null>(null, NOW, NOW - HOUR),
  pause: mostly<Facts["pause"]>(
    [],
    [{ scope: "*", reason: "works", owner: "ada", pausedAt: 0, expiresAt: null }],
  ),
  pauseReadable: mostly(true, false),
  primary: mostly<Facts["primary"]>("home", null),
  site: mostly("neu", "sec", "weu"),
});

/** What may happen without any person. */
export const anyUnattended: fc.Arbitrary<Facts> = fc
  .tuple(anyLooks, anyOutage, anyState, anyContext)
  .map(([looks, seen, state, context]) => facts({ looks, outage: seen, ...state, ...context }));

const allGuards: fc.Arbitrary<GuardId[]> = fc.constant([...GuardId.options]);
const anyGuards: fc.Arbitrary<GuardId[]> = fc.oneof(allGuards, fc.subarray([...GuardId.options]));

/** The same, with people approving and calling. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .tuple(
    anyUnattended,
    mostly<"none" | "approval" | "call">("none", "approval", "call"),
    anyGuards,
    fc.constantFrom("regional-loss", "gray-writes", "flapping", "path", "key-denied", "none"),
    mostly<number | null>(30 * SECOND, null, HOUR),
    fc.constantFrom("planned", "forced"),
  )
  .map(([given, person, guards, diagnosis, lossAtMostMs, kind]) => {
    switch (person) {
      case "none":
        return given;
      case "approval":
        return { ...given, approvals: [approval({ guards, diagnosis, lossAtMostMs })] };
      case "call":
        return { ...given, call: call({ accepts: guards, kind }) };
      default:
        return person satisfies never;
    }
  });

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    mode: mostly<Policy["mode"]>("automatic", "approve", "observe"),
    canary: mostly(true, false),
    freeze: mostly<Policy["freeze"]>(
      [],
      [{ schedule: "0 12 * * THU", forMs: HOUR, timezone: "UTC" }],
    ),
  })
  .map(policy);
