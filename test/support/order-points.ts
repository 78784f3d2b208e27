import type { Diagnosis } from "../../shared/domain/diagnosis.ts";
import type { Facts, FailbackFacts } from "../../shared/domain/facts.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import {
  approval,
  call,
  facts,
  failbackFacts,
  grayFacts,
  HOUR,
  look,
  MINUTE,
  NOW,
  outage,
  peace,
  policy,
  SECOND,
  sample,
  trouble,
} from "./facts.ts";

/** Facts at which two rows match: the one that stands first decides, and with the other one above it, that one. */
export interface OrderPoint<F, R = string> {
  readonly row: R;
  readonly before: R;
  readonly at: F;
  readonly policy?: Partial<Policy>;
}

const point =
  <F, R = string>() =>
  (row: R, before: R, at: F, change: Partial<Policy> = {}): OrderPoint<F, R> => ({
    row,
    before,
    at,
    policy: change,
  });

const observe = { mode: "observe" } as const;
const approve = { mode: "approve" } as const;
const started = {
  activity: [
    {
      what: "failover",
      said: "failover",
      by: "ada@example.net",
      ours: false,
      side: null,
      startedAt: NOW - MINUTE,
      ended: null,
    },
  ],
} satisfies Partial<Facts>;
const moved = { movedByOtherAt: 0 };
const open = {
  claim: { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: 0 },
} satisfies Partial<Facts>;
const running = { attempt: { kind: "running", sinceMs: 0 } } satisfies Partial<Facts>;
const paused = {
  pause: [{ scope: "*", reason: "works", owner: "ada", pausedAt: 0, expiresAt: null }],
};
const overBudget = {
  loss: { kind: "bounded", atMostMs: 30 * SECOND + 1, database: "orders" },
} satisfies Partial<Facts>;
const denied = {
  keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 },
} satisfies Partial<Facts>;
const vaultAway = {
  keyPath: { kind: "unknown", reason: "unreachable", because: "AkvKeyTimeout" },
} satisfies Partial<Facts>;
const inside = { site: "weu" };
const calls = { call: call({ kind: "forced" }) };
const callsPlanned = { call: call() };

const tooShort = { outage: outage({ outageMs: policy().graceMs - 1 }) };
const lost = look("neu");
const hangs = { result: "not-serving", code: "write-timed-out" } as const;
const alive = look("weu", { result: "alive", code: "18456" });
const writes = { result: "writes", code: "ok", latencyMs: 40 } as const;
const partly = { ...writes, failedDatabases: ["orders"] };
const lasting = { looks: [lost], outage: outage({ trouble: trouble() }) };
const both = (change: Parameters<typeof look>[1]) => [look("neu", change), look("sec", change)];
const ended = (agoMs: number) => ({ onsetAt: NOW - agoMs - 1, endedAt: NOW - agoMs, rounds: 2 });
const flaps = { ended: [ended(0), ended(MINUTE), ended(2 * MINUTE)] };
const flapping: Outage = { ...NO_OUTAGE, ...flaps };
const partSince = { partialSinceAt: NOW - policy().graceMs };
const partial: Outage = { ...NO_OUTAGE, ...partSince };

const tried = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;
const stuck = { ...tried, timedOutForDatabase: true };
const afterTry = (sinceAttemptMs: number) => ({
  outage: { ...grayFacts().outage, sinceAttemptMs },
});
const stuckFacts = (change: Partial<Facts> = {}) =>
  grayFacts({ attempt: stuck, ...afterTry(MINUTE), ...change });
const storage = { outage: outage({ storageFailedAt: NOW - MINUTE }) };
const grayStorage = { outage: { ...grayFacts().outage, storageFailedAt: NOW - MINUTE } };
const noPlanned = { samples: [sample({ lagSeconds: 30.001 })] };

/** What an approval of trouble takes along. */
const OF_LOOKS = ["no-majority", "sign-of-life"] as const;
/** Approved, and not acted on until most write again, of trouble that has not ended. */
const waited = (...guards: GuardId[]): Partial<Facts> => ({
  outage: { ...NO_OUTAGE, trouble: trouble() },
  approvals: [approval({ diagnosis: "trouble", guards })],
});
const answered = { ...NO_OUTAGE, trouble: trouble({ answeredAt: NOW }) };

const over = point<Facts>();

/** For each row that moves at all: why it stands above another. */
export const FAILOVER_POINTS: readonly OrderPoint<Facts>[] = [
  over("failover-by-other", "roles-moved", facts({ ...started, ...moved })),
  over("failover-by-other", "claim-open", facts({ ...started, ...open })),
  over("roles-moved", "claim-open", facts({ ...moved, ...open })),
  over("claim-open", "planned-running", facts({ ...open, ...running })),
  over("planned-running", "call-guard-absolute", facts({ ...running, ...paused, ...calls })),
  over("planned-running", "call-accepted", facts({ ...running, ...calls })),
  over("call-guard-absolute", "call-in-observe", facts({ ...paused, ...calls }), observe),
  over(
    "call-guard-absolute",
    "call-guard-not-accepted",
    facts({ ...paused, ...overBudget, ...calls }),
  ),
  over("call-in-observe", "call-guard-not-accepted", facts({ ...overBudget, ...calls }), observe),
  over("call-in-observe", "call-accepted", facts(calls), observe),
  over(
    "call-guard-not-accepted",
    "call-at-wrong-site",
    facts({ ...overBudget, ...calls, ...inside }),
  ),
  over("call-guard-not-accepted", "call-accepted", facts({ ...overBudget, ...calls })),
  over("call-at-wrong-site", "call-accepted", facts({ ...calls, ...inside })),
  over(
    "call-accepted",
    "key-denied",
    facts({ ...denied, call: call({ kind: "forced", accepts: [...GuardId.options] }) }),
  ),
  over("call-accepted", "no-majority", peace(callsPlanned)),
  over("call-accepted", "grace", facts({ ...calls, ...tooShort })),
  over(
    "key-denied",
    "partial-loss",
    facts({ ...denied, outage: outage({ ...partSince, outageMs: policy().graceMs }) }),
  ),
  over("key-denied", "sign-of-life", facts({ ...denied, looks: [...both({}), alive] })),
  over("key-denied", "grace", facts({ ...denied, ...tooShort })),
  over("key-denied", "absolute-guard", facts({ ...denied, ...paused })),
  over(
    "partial-loss",
    "flapping",
    peace({ looks: both(partly), outage: { ...partial, ...flaps } }),
  ),
  over("partial-loss", "no-majority", peace({ looks: both(partly), outage: partial })),
  over("flapping", "no-majority", peace({ outage: flapping })),
  over("long-trouble-guarded", "long-trouble-observed", facts({ ...lasting, ...paused }), observe),
  over("long-trouble-guarded", "long-trouble", facts({ ...lasting, ...paused })),
  over("long-trouble-observed", "long-trouble", facts(lasting), observe),
  over("long-trouble", "no-majority", facts(lasting)),
  over(
    "long-trouble",
    "grace",
    facts({ looks: [lost], outage: { ...tooShort.outage, trouble: trouble() } }),
  ),
  over(
    "long-trouble",
    "sign-of-life",
    facts({ looks: [...both({}), alive], outage: outage({ trouble: trouble() }) }),
  ),
  over("flapping", "grace", facts({ outage: { ...tooShort.outage, ...flaps } })),
  over("healed", "no-majority", peace(waited())),
  over("healed", "guard", peace({ ...waited(...OF_LOOKS), capacityAtTarget: "unknown" })),
  over("healed", "planned-first", peace({ ...waited(...OF_LOOKS), outage: answered })),
  over("healed", "primary-lost", peace(waited(...OF_LOOKS))),
  over("no-majority", "sign-of-life", facts({ looks: [lost, alive] })),
  over("sign-of-life", "grace", facts({ looks: [...both({}), alive], ...tooShort })),
  over(
    "grace",
    "after-planned",
    facts({ attempt: tried, outage: { ...tooShort.outage, sinceAttemptMs: 0 } }),
  ),
  over("grace", "guard", facts({ ...overBudget, ...tooShort })),
  over("after-planned", "absolute-guard", grayFacts({ attempt: tried, ...afterTry(0), ...paused })),
  over("after-planned", "planned-timed-out-for-database", stuckFacts(afterTry(0))),
  over("absolute-guard", "observe", facts(paused), observe),
  over("absolute-guard", "guard", facts({ ...paused, ...overBudget })),
  over("observe", "planned-timed-out-for-database", stuckFacts(), observe),
  over("observe", "guard", facts(overBudget), observe),
  over("observe", "primary-lost", facts(), observe),
  over("planned-timed-out-for-database", "guard", stuckFacts(overBudget)),
  over("planned-timed-out-for-database", "forced-after-planned", stuckFacts()),
  over("guard", "gray-without-planned", grayFacts({ ...noPlanned, ...overBudget })),
  over("guard", "storage-failed", facts({ ...overBudget, ...storage })),
  over("storage-failed", "gray-without-planned", grayFacts({ ...noPlanned, ...grayStorage })),
  over("storage-failed", "planned-first", grayFacts(grayStorage)),
  over("storage-failed", "primary-lost", facts(storage)),
  over("gray-without-planned", "not-automatic", grayFacts(noPlanned), { automatic: [] }),
  over("gray-without-planned", "primary-lost", grayFacts(noPlanned)),
  over("not-automatic", "approve-mode", facts(), { automatic: [], ...approve }),
  over("not-automatic", "primary-lost", facts(), { automatic: [] }),
  over("approve-mode", "site-in-primary-region", facts(inside), approve),
  over("approve-mode", "primary-lost", facts(), approve),
  over("site-in-primary-region", "planned-first", grayFacts(inside)),
  over("site-in-primary-region", "primary-lost", facts(inside)),
  over("forced-after-planned", "primary-lost", grayFacts({ attempt: tried, ...afterTry(MINUTE) })),
  over("primary-lost", "otherwise", facts()),
];

const home = policy().failback;
const off = { failback: { ...home, mode: "off" } } as const;
const byApproval = { failback: { ...home, mode: "approve" } } as const;
const forced = { call: call({ purpose: "fail-back", kind: "forced" }) };
const planned = { call: call({ purpose: "fail-back" }) };
const cooling = { lastRoleChange: { kind: "known", at: NOW - HOUR + 1 } } as const;
const unsoaked = { healthySinceAt: NOW - 2 * HOUR + 1 };
const sick = { healthySinceAt: null };
const shut = { windowOpen: false };
const late = { lagSeconds: null };
const oneDown = { looks: [look("sec", { target: "partner" })] };
const noKey = {
  keyPath: { kind: "unknown", reason: "no-answer", because: "timeout" },
} satisfies Partial<Facts>;
const nearby = { site: "neu" };

const back = point<FailbackFacts>();

/** The same on the way home, for what stands beside each other there alone. */
export const FAILBACK_POINTS: readonly OrderPoint<FailbackFacts>[] = [
  back("failover-by-other", "roles-moved", failbackFacts({}, { ...started, ...moved })),
  back("roles-moved", "claim-open", failbackFacts({}, { ...moved, ...open })),
  back("claim-open", "planned-running", failbackFacts({}, { ...open, ...running })),
  back("planned-running", "not-away", failbackFacts({ away: false }, running)),
  back("not-away", "call-would-force", failbackFacts({ away: false }, forced)),
  back("call-would-force", "call-guard-absolute", failbackFacts({}, { ...forced, ...paused })),
  back("call-would-force", "call-accepted", failbackFacts({}, forced)),
  back(
    "call-guard-absolute",
    "call-in-observe",
    failbackFacts({}, { ...planned, ...paused }),
    observe,
  ),
  back(
    "call-in-observe",
    "call-guard-not-accepted",
    failbackFacts({}, { ...planned, ...cooling }),
    observe,
  ),
  back(
    "call-guard-not-accepted",
    "call-at-wrong-site",
    failbackFacts({}, { ...planned, ...cooling, ...nearby }),
  ),
  back("call-at-wrong-site", "call-accepted", failbackFacts({}, { ...planned, ...nearby })),
  back("call-accepted", "failback-off", failbackFacts({}, planned), off),
  back("call-accepted", "soak", failbackFacts(unsoaked, planned)),
  back("call-accepted", "window-closed", failbackFacts(shut, planned)),
  back("call-accepted", "failback-approve", failbackFacts({}, planned), byApproval),
  back("failback-off", "primary-in-trouble", failbackFacts({}, oneDown), off),
  back("failback-off", "failback-approve", failbackFacts(), { ...off, ...approve }),
  back("primary-in-trouble", "home-not-healthy", failbackFacts(sick, oneDown)),
  back("home-not-healthy", "soak", failbackFacts(sick)),
  back("home-not-healthy", "home-again", failbackFacts(sick), {
    failback: { ...home, soakMs: 0 },
  }),
  back("soak", "window-closed", failbackFacts({ ...unsoaked, ...shut })),
  back("window-closed", "absolute-guard", failbackFacts(shut, paused)),
  back("window-closed", "guard", failbackFacts(shut, noKey)),
  back("window-closed", "failback-approve", failbackFacts(shut), byApproval),
  back("absolute-guard", "observe", failbackFacts({}, paused), observe),
  back("observe", "lag", failbackFacts(late), observe),
  back("observe", "failback-approve", failbackFacts(), { ...observe, ...byApproval }),
  back("observe", "home-again", failbackFacts(), observe),
  back("lag", "cooling-down", failbackFacts(late, cooling)),
  back("lag", "failback-approve", failbackFacts(late), byApproval),
  back("cooling-down", "guard", failbackFacts({}, cooling)),
  back("guard", "failback-approve", failbackFacts({}, noKey), byApproval),
  back("failback-approve", "site-in-primary-region", failbackFacts({}, nearby), byApproval),
  back("site-in-primary-region", "home-again", failbackFacts({}, nearby)),
  back("home-again", "otherwise", failbackFacts()),
];

const names = point<Facts, Diagnosis>();
const coded = (code: string) => both({ result: "blind", code });
const withOneDown = (code: string) =>
  facts({ looks: [...coded(code), look("weu")], outage: NO_OUTAGE });
const slow = { ...writes, latencyMs: policy().probeTimeoutMs / 2 };
const says = (...sources: readonly Facts["advice"][number]["source"][]): Partial<Facts> => ({
  advice: sources.map((source) => ({ source, kind: "failing", said: "5xx", ageMs: 0 })),
});
const reached = [look("neu", { regionReference: "ok" }), look("sec")];
const sickened = { outage: outage({ wasSlow: true }) };
const everywhere = ["weu", "neu", "sec"].map((vantage) => look(vantage));

/** The same for what is wrong. */
export const DIAGNOSIS_POINTS: readonly OrderPoint<Facts, Diagnosis>[] = [
  names("key-denied", "trouble", facts({ ...denied, ...lasting })),
  names(
    "trouble",
    "flapping",
    facts({
      looks: [lost],
      outage: outage({ ...flaps, outageMs: 0, trouble: trouble() }),
    }),
  ),
  names("trouble", "regional-loss", facts({ outage: { ...tooShort.outage, trouble: trouble() } })),
  names("key-denied", "flapping", peace({ ...denied, outage: flapping })),
  names("key-denied", "regional-loss", facts(denied)),
  names("flapping", "partial-loss", peace({ looks: both(partly), outage: flapping })),
  names("flapping", "regional-loss", facts({ outage: { ...tooShort.outage, ...flaps } })),
  names("partial-loss", "unclear", peace({ looks: [...both(partly), look("weu")] })),
  names(
    "partial-loss",
    "gray-latency",
    peace({ looks: both({ ...partly, latencyMs: policy().probeTimeoutMs }) }),
  ),
  names("gray-latency", "path", facts({ looks: reached, ...sickened })),
  names("gray-latency", "gray-writes", facts({ looks: both(hangs), ...sickened })),
  names("gray-latency", "regional-loss", facts(sickened)),
  names(
    "path",
    "gray-writes",
    facts({ looks: [look("neu", { ...hangs, regionReference: "ok" }), look("sec")] }),
  ),
  names("path", "regional-loss", facts({ looks: reached })),
  names("gray-writes", "key-unreachable", facts({ looks: both(hangs), ...vaultAway })),
  names("gray-writes", "instance-loss", grayFacts()),
  names("key-unreachable", "instance-loss", facts({ looks: everywhere, ...vaultAway })),
  names("key-unreachable", "regional-loss", facts(vaultAway)),
  names("instance-loss", "regional-loss", facts({ looks: everywhere })),
  names("regional-loss", "unclear", facts()),
  names("dns", "unclear", withOneDown("no-name")),
  names("identity", "unclear", withOneDown("no-token")),
  names(
    "overload",
    "unclear",
    facts({ looks: [...both({ result: "alive", code: "10928" }), look("weu")] }),
  ),
  names("gray-latency", "unclear", peace({ looks: [...both(slow), look("weu")] })),
  names("unclear", "maintenance", peace({ looks: [look("neu")], ...says("maintenance") })),
  names("maintenance", "control-plane", peace(says("maintenance", "primary-arm"))),
  names("control-plane", "none", peace(says("primary-arm"))),
];

const HEARD: readonly Parameters<typeof look>[1][] = [
  {},
  hangs,
  { result: "blind", code: "no-name" },
  { result: "blind", code: "no-token" },
  { result: "alive", code: "18456" },
  { result: "alive", code: "10928" },
  { result: "alive", code: "926", failedDatabases: ["orders"] },
  partly,
  slow,
  writes,
];

/** Whatever three vantages can say at once, as far as a diagnosis depends on it. */
export const ALL_HEARD: readonly Facts[] = HEARD.flatMap((weu) =>
  HEARD.flatMap((neu) =>
    HEARD.map((sec) => facts({ looks: [look("weu", weu), look("neu", neu), look("sec", sec)] })),
  ),
);
