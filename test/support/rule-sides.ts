import type { Facts } from "../../shared/domain/facts.ts";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import {
  approval,
  call,
  facts,
  grayFacts,
  HOUR,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  peace,
  policy,
  SECOND,
  sample,
  stateOf,
  trouble,
} from "./facts.ts";

/** Facts at which a rule decides, and the same facts one step further, at which it does not. */
export interface Sides<F> {
  readonly rule: string;
  readonly decides: F;
  readonly not: F;
  readonly policy?: Partial<Policy>;
  /** The policy on the other side, where that is what moves. */
  readonly otherwise?: Partial<Policy>;
}

const { graceMs, grayGraceMs, rtoMs } = policy();
export const OPEN = {
  kind: "open",
  state: "sent",
  epoch: 2,
  failover: "forced",
  sinceMs: 0,
} as const;
export const SPENT = { kind: "spent", epoch: 2, unmovedAt: null } as const;
const denied = { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } as const;
const tried = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;
const stuck = { ...tried, timedOutForDatabase: true };
export const UPDATING = { ...facts().secondary, state: stateOf("Updating") };
const partial = { result: "alive", code: "926", failedDatabases: ["orders"] } as const;
const partialFacts = (outageSeen: Outage) =>
  peace({
    looks: ["neu", "sec"].map((name) => look(name, { ...partial, failedDatabases: ["orders"] })),
    outage: outageSeen,
  });
const troubled = { outage: outage({ trouble: trouble() }) };
const alone = { ...troubled, looks: [look("sec")] };
const ended = (agoMs: number) => ({
  onsetAt: NOW - agoMs - MINUTE,
  endedAt: NOW - agoMs,
  rounds: 2,
});
const flaps = (agoMs: number): Outage => ({
  ...NO_OUTAGE,
  ended: [ended(MINUTE), ended(9 * MINUTE), ended(agoMs)],
});
const gray = (change: Partial<Outage>) => ({ ...grayFacts().outage, ...change });
const alive = look("weu", { result: "alive", code: "18456" });
const begun = logged("scale", { startedAt: NOW - 4 * HOUR });
const readySince = (agoMs: number) => ({ operation: null, readyAt: NOW - agoMs });
const overBudget = { kind: "bounded", atMostMs: 30 * SECOND + 1, database: "orders" } as const;

/** Approved, and not acted on until most write again. */
const waited = (looks: Facts["looks"]) =>
  peace({
    looks,
    outage: { ...NO_OUTAGE, trouble: trouble() },
    approvals: [approval({ diagnosis: "trouble", guards: ["no-majority", "sign-of-life"] })],
  });

export const FAILOVER_SIDES: readonly Sides<Facts>[] = [
  {
    rule: "failover-by-other",
    decides: facts({ activity: [logged("failover", { startedAt: NOW - 30 * MINUTE + 1 })] }),
    not: facts({ activity: [logged("failover", { startedAt: NOW - 30 * MINUTE })] }),
  },
  {
    rule: "failover-by-other",
    decides: facts({
      activity: [
        logged("failover", { startedAt: NOW - 2 }),
        logged("failover", { ended: { at: NOW - 3, how: "badly" } }),
      ],
    }),
    not: facts({
      activity: [
        logged("failover", { startedAt: NOW - 2 }),
        logged("failover", { ended: { at: NOW - 2, how: "badly" } }),
      ],
    }),
  },
  { rule: "roles-moved", decides: facts({ movedByOtherAt: 0 }), not: facts() },
  { rule: "claim-open", decides: facts({ claim: OPEN }), not: facts({ claim: SPENT }) },
  {
    rule: "planned-running",
    decides: facts({ attempt: { kind: "running", sinceMs: 0 } }),
    not: facts(),
  },
  {
    rule: "call-guard-absolute",
    decides: peace({ call: call({ expiresAt: NOW + 1 }), secondary: UPDATING }),
    not: peace({ call: call({ expiresAt: NOW }), secondary: UPDATING }),
  },
  {
    rule: "call-in-observe",
    decides: peace({ call: call() }),
    not: peace({ call: call() }),
    policy: { mode: "observe" },
    otherwise: { mode: "approve" },
  },
  {
    rule: "call-guard-not-accepted",
    decides: facts({ call: call({ kind: "forced" }), loss: overBudget }),
    not: facts({ call: call({ kind: "forced", accepts: ["loss-over-budget"] }), loss: overBudget }),
  },
  {
    rule: "call-at-wrong-site",
    decides: peace({ call: call(), site: "weu" }),
    not: peace({ call: call(), site: "sec" }),
  },
  { rule: "call-accepted", decides: peace({ call: call() }), not: peace() },
  {
    rule: "key-denied",
    decides: facts({ keyPath: denied }),
    not: facts({ keyPath: denied, looks: [look("neu")] }),
  },
  {
    rule: "partial-loss",
    decides: partialFacts({ ...NO_OUTAGE, partialSinceAt: NOW - graceMs }),
    not: partialFacts({ ...NO_OUTAGE, partialSinceAt: NOW - graceMs + 1 }),
  },
  {
    rule: "flapping",
    decides: peace({ outage: flaps(30 * MINUTE - 1) }),
    not: peace({ outage: flaps(30 * MINUTE) }),
  },
  {
    rule: "flapping",
    decides: facts({ outage: { ...outage(), ...flaps(0), outageMs: graceMs - 1, onsetAt: ONSET } }),
    not: facts({ outage: { ...outage(), ...flaps(0), outageMs: graceMs, onsetAt: ONSET } }),
  },
  {
    rule: "long-trouble-guarded",
    decides: facts({ ...alone, secondary: UPDATING }),
    not: facts(alone),
  },
  {
    rule: "long-trouble-observed",
    decides: facts(alone),
    not: facts(alone),
    policy: { mode: "observe" },
    otherwise: { mode: "approve" },
  },
  {
    rule: "long-trouble",
    decides: facts(alone),
    not: facts({ ...alone, outage: outage({ trouble: trouble({ sinceAt: NOW - rtoMs + 1 }) }) }),
  },
  {
    rule: "long-trouble",
    decides: facts({ ...troubled, looks: [...facts().looks, alive] }),
    not: facts(troubled),
  },
  {
    rule: "healed",
    decides: waited(peace().looks),
    not: waited([look("neu"), ...peace().looks.slice(2)]),
  },
  { rule: "no-majority", decides: facts({ looks: [look("sec")] }), not: facts() },
  {
    rule: "sign-of-life",
    decides: facts({ looks: [...facts().looks, alive] }),
    not: facts({ looks: [...facts().looks, { ...alive, startedAt: alive.startedAt - 1 }] }),
  },
  {
    rule: "grace",
    decides: facts({ outage: outage({ outageMs: graceMs - 1 }) }),
    not: facts({ outage: outage({ outageMs: graceMs }) }),
  },
  {
    rule: "grace",
    decides: grayFacts({ outage: gray({ outageMs: grayGraceMs - 1 }) }),
    not: grayFacts({ outage: gray({ outageMs: grayGraceMs }) }),
  },
  {
    rule: "after-planned",
    decides: grayFacts({ attempt: tried, outage: gray({ sinceAttemptMs: MINUTE - 1 }) }),
    not: grayFacts({ attempt: tried, outage: gray({ sinceAttemptMs: MINUTE }) }),
  },
  {
    rule: "after-planned",
    decides: facts({
      outage: outage({ attemptEndedAt: NOW - MINUTE, sinceAttemptMs: MINUTE - 1 }),
    }),
    not: facts({ outage: outage({ attemptEndedAt: NOW - MINUTE, sinceAttemptMs: MINUTE }) }),
  },
  { rule: "absolute-guard", decides: facts({ secondary: UPDATING }), not: facts() },
  {
    rule: "observe",
    decides: facts(),
    not: facts(),
    policy: { mode: "observe" },
    otherwise: { mode: "automatic" },
  },
  {
    rule: "planned-timed-out-for-database",
    decides: grayFacts({ attempt: stuck, outage: gray({ sinceAttemptMs: MINUTE }) }),
    not: grayFacts({ attempt: tried, outage: gray({ sinceAttemptMs: MINUTE }) }),
  },
  { rule: "guard", decides: facts({ loss: overBudget }), not: facts() },
  { rule: "guard", decides: facts({ followedAt: null }), not: facts() },
  {
    rule: "guard",
    decides: facts({ followedAt: NOW - HOUR - 1 }),
    not: facts({ followedAt: NOW - HOUR }),
  },
  { rule: "guard", decides: facts({ deniedAt: NOW }), not: facts({ deniedAt: null }) },
  {
    rule: "guard",
    decides: facts({ undoRefusedAt: NOW - 30 * MINUTE + 1 }),
    not: facts({ undoRefusedAt: NOW - 30 * MINUTE }),
  },
  {
    rule: "guard",
    decides: facts({ activity: [begun], primaryWork: readySince(4 * HOUR) }),
    not: facts({ activity: [begun], primaryWork: readySince(4 * HOUR - 1) }),
  },
  {
    rule: "storage-failed",
    decides: grayFacts({ outage: gray({ storageFailedAt: NOW }) }),
    not: grayFacts({ outage: gray({ storageFailedAt: null }) }),
  },
  {
    rule: "storage-failed",
    decides: facts({ outage: outage({ storageFailedAt: ONSET }) }),
    not: facts({
      outage: outage({ storageFailedAt: ONSET }),
      approvals: [approval({ expiresAt: NOW + 1 })],
    }),
  },
  {
    rule: "gray-without-planned",
    decides: grayFacts({ samples: [sample({ lagSeconds: 30.001 })] }),
    not: grayFacts({ samples: [sample({ lagSeconds: 30 })] }),
  },
  {
    rule: "not-automatic",
    decides: facts(),
    not: facts(),
    policy: { automatic: ["instance-loss"] },
    otherwise: { automatic: ["instance-loss", "regional-loss"] },
  },
  {
    rule: "approve-mode",
    decides: facts({ approvals: [approval({ expiresAt: NOW })] }),
    not: facts({ approvals: [approval({ expiresAt: NOW + 1 })] }),
    policy: { mode: "approve" },
    otherwise: { mode: "approve" },
  },
  {
    rule: "approve-mode",
    decides: facts(),
    not: facts(),
    policy: { canary: false },
    otherwise: { canary: true },
  },
  { rule: "site-in-primary-region", decides: facts({ site: "weu" }), not: facts() },
  {
    rule: "planned-first",
    decides: grayFacts({ outage: gray({ outageMs: grayGraceMs }) }),
    not: grayFacts({ outage: gray({ outageMs: grayGraceMs - 1 }) }),
  },
  {
    rule: "forced-after-planned",
    decides: grayFacts({ attempt: tried, outage: gray({ sinceAttemptMs: MINUTE }) }),
    not: grayFacts({ attempt: tried, outage: gray({ sinceAttemptMs: MINUTE - 1 }) }),
  },
  {
    rule: "primary-lost",
    decides: facts(),
    not: facts({ outage: outage({ outageMs: graceMs - 1 }) }),
  },
];
