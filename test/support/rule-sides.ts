import type { Facts, FailbackFacts } from "../../shared/domain/facts.ts";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import {
  approval,
  call,
  facts,
  failbackFacts,
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

const { graceMs, grayGraceMs, cooldownMs, rtoMs } = policy();
const open = { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: 0 } as const;
const spent = { kind: "spent", epoch: 2, unmovedAt: null } as const;
const denied = { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } as const;
const tried = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;
const stuck = { ...tried, timedOutForDatabase: true };
const updating = { ...facts().secondary, state: stateOf("Updating") };
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
const overBudget = { kind: "bounded", atMostMs: 30 * SECOND + 1, database: "orders" } as const;

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
  { rule: "claim-open", decides: facts({ claim: open }), not: facts({ claim: spent }) },
  {
    rule: "planned-running",
    decides: facts({ attempt: { kind: "running", sinceMs: 0 } }),
    not: facts(),
  },
  {
    rule: "call-guard-absolute",
    decides: peace({ call: call({ expiresAt: NOW + 1 }), secondary: updating }),
    not: peace({ call: call({ expiresAt: NOW }), secondary: updating }),
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
    decides: facts({ ...alone, secondary: updating }),
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
  { rule: "absolute-guard", decides: facts({ secondary: updating }), not: facts() },
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

const home = policy().failback;
const back = (change: Parameters<typeof call>[0] = {}) => call({ purpose: "fail-back", ...change });
const cooling = { lastRoleChange: { kind: "known", at: NOW - cooldownMs + 1 } } as const;

export const FAILBACK_SIDES: readonly Sides<FailbackFacts>[] = [
  {
    rule: "failover-by-other",
    decides: failbackFacts(
      {},
      { activity: [logged("failover", { startedAt: NOW - 30 * MINUTE + 1 })] },
    ),
    not: failbackFacts({}, { activity: [logged("failover", { startedAt: NOW - 30 * MINUTE })] }),
  },
  {
    rule: "roles-moved",
    decides: failbackFacts({}, { movedByOtherAt: 0 }),
    not: failbackFacts(),
  },
  {
    rule: "claim-open",
    decides: failbackFacts({}, { claim: open }),
    not: failbackFacts({}, { claim: spent }),
  },
  {
    rule: "planned-running",
    decides: failbackFacts({}, { attempt: { kind: "running", sinceMs: 0 } }),
    not: failbackFacts(),
  },
  { rule: "not-away", decides: failbackFacts({ away: false }), not: failbackFacts() },
  {
    rule: "call-would-force",
    decides: failbackFacts({}, { call: back({ kind: "forced" }) }),
    not: failbackFacts({}, { call: back() }),
  },
  {
    rule: "call-guard-absolute",
    decides: failbackFacts({}, { call: back(), secondary: updating }),
    not: failbackFacts({}, { call: back({ expiresAt: NOW }), secondary: updating }),
  },
  {
    rule: "call-in-observe",
    decides: failbackFacts({}, { call: back() }),
    not: failbackFacts({}, { call: back() }),
    policy: { mode: "observe" },
    otherwise: { mode: "approve" },
  },
  {
    rule: "call-guard-not-accepted",
    decides: failbackFacts({}, { call: back(), ...cooling }),
    not: failbackFacts(
      {},
      { call: back(), lastRoleChange: { kind: "known", at: NOW - cooldownMs } },
    ),
  },
  {
    rule: "call-at-wrong-site",
    decides: failbackFacts({}, { call: back(), site: "neu" }),
    not: failbackFacts({}, { call: back(), site: "sec" }),
  },
  {
    rule: "call-accepted",
    decides: failbackFacts({}, { call: back() }),
    not: failbackFacts({}, { call: call() }),
  },
  {
    rule: "failback-off",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { failback: { ...home, mode: "off" } },
    otherwise: { failback: home },
  },
  {
    rule: "primary-in-trouble",
    decides: failbackFacts({}, { looks: [look("sec", { target: "partner" })] }),
    not: failbackFacts({}, { looks: [look("sec", { target: "home" })] }),
  },
  {
    rule: "home-not-healthy",
    decides: failbackFacts({ healthySinceAt: null }),
    not: failbackFacts({ healthySinceAt: 0 }),
  },
  {
    rule: "soak",
    decides: failbackFacts({ healthySinceAt: NOW - 2 * HOUR + 1 }),
    not: failbackFacts({ healthySinceAt: NOW - 2 * HOUR }),
  },
  { rule: "window-closed", decides: failbackFacts({ windowOpen: false }), not: failbackFacts() },
  {
    rule: "absolute-guard",
    decides: failbackFacts({}, { secondary: updating }),
    not: failbackFacts(),
  },
  {
    rule: "observe",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { mode: "observe" },
    otherwise: { mode: "automatic" },
  },
  {
    rule: "lag",
    decides: failbackFacts({ lagSeconds: 30.001 }),
    not: failbackFacts({ lagSeconds: 30 }),
  },
  {
    rule: "cooling-down",
    decides: failbackFacts({}, cooling),
    not: failbackFacts({}, { ...cooling, capacityAtTarget: "unknown" }),
  },
  {
    rule: "guard",
    decides: failbackFacts({}, { ...cooling, capacityAtTarget: "unknown" }),
    not: failbackFacts({}, { ...cooling, capacityAtTarget: "ready" }),
  },
  {
    rule: "failback-approve",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { failback: { ...home, mode: "approve" } },
    otherwise: { failback: home },
  },
  {
    rule: "failback-approve",
    decides: failbackFacts(),
    not: failbackFacts(),
    policy: { mode: "approve" },
    otherwise: { mode: "automatic" },
  },
  {
    rule: "site-in-primary-region",
    decides: failbackFacts({}, { site: "neu" }),
    not: failbackFacts(),
  },
  {
    rule: "home-again",
    decides: failbackFacts({ healthySinceAt: NOW - 2 * HOUR }),
    not: failbackFacts({ healthySinceAt: NOW - 2 * HOUR + 1 }),
  },
];
