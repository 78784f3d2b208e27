import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { decide } from "../../shared/policy/decide.ts";
import { FAILOVER_TABLE } from "../../shared/policy/rules/decide-failover.ts";
import {
  approval,
  call,
  facts,
  grayFacts,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  peace,
  policy,
  running,
  SECOND,
  sample,
  stateOf,
  trouble,
} from "../support/facts.ts";

const ended = (minutesAgo: number) => ({
  onsetAt: NOW - (minutesAgo + 1) * MINUTE,
  endedAt: NOW - minutesAgo * MINUTE,
  rounds: 2,
});
const flaps = { ended: [ended(5), ended(10), ended(29)] };
const writes = { result: "writes", code: "ok" } as const;
const partial: Partial<Observation> = {
  result: "alive",
  code: "926",
  failedDatabases: ["orders"],
};
const partialLooks = [look("weu", writes), look("neu", partial), look("sec", partial)];
const failed = {
  kind: "ended-in-error",
  code: "PlannedFailoverTimedOut",
  timedOutForDatabase: false,
  endedAt: NOW - 2 * MINUTE,
} as const;
const troubled = { looks: [look("neu")], outage: outage({ trouble: trouble() }) };
const stuck = { ...failed, timedOutForDatabase: true };

type Row = readonly [rule: string, facts: Facts, policy: Partial<Policy>];
function rows(cases: readonly (readonly [string, Facts, Partial<Policy>?])[]): Row[] {
  return cases.map(([rule, given, change]) => [rule, given, change ?? {}]);
}

const CASES = rows([
  ["failover-by-other", facts({ operation: running("failover", "other") })],
  ["roles-moved", facts({ movedByOtherAt: NOW })],
  [
    "claim-open",
    facts({
      claim: { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: SECOND },
    }),
  ],
  ["planned-running", grayFacts({ attempt: { kind: "running", sinceMs: SECOND } })],
  [
    "call-guard-absolute",
    peace({ call: call(), secondary: { ...facts().secondary, sql: "silent" } }),
  ],
  ["call-in-observe", peace({ call: call() }), { mode: "observe" }],
  ["call-guard-not-accepted", peace({ call: call({ kind: "forced" }) })],
  ["call-at-wrong-site", peace({ call: call(), site: "weu" })],
  ["call-accepted", peace({ call: call() })],
  ["key-denied", facts({ keyPath: { kind: "denied", code: "AkvKeyDisabled", ageMs: 0 } })],
  [
    "partial-loss",
    peace({
      looks: partialLooks,
      outage: { ...NO_OUTAGE, partialSinceAt: NOW - policy().graceMs },
    }),
  ],
  ["flapping", peace({ outage: { ...NO_OUTAGE, ...flaps } })],
  [
    "long-trouble-guarded",
    facts({ ...troubled, secondary: { ...facts().secondary, sql: "silent" } }),
  ],
  ["long-trouble-observed", facts(troubled), { mode: "observe" }],
  ["long-trouble", facts(troubled)],
  [
    "healed",
    peace({
      outage: { ...NO_OUTAGE, trouble: trouble() },
      approvals: [approval({ diagnosis: "trouble" })],
    }),
  ],
  ["no-majority", facts({ looks: [look("neu")] })],
  ["sign-of-life", facts({ looks: [look("weu", writes), look("neu"), look("sec")] })],
  ["grace", facts({ outage: outage({ outageMs: policy().graceMs - 1 }) })],
  [
    "after-planned",
    grayFacts({
      attempt: failed,
      outage: { ...grayFacts().outage, sinceAttemptMs: MINUTE - 1 },
    }),
  ],
  ["absolute-guard", facts({ claim: { kind: "unknown", because: "timeout" } })],
  ["observe", facts(), { mode: "observe" }],
  [
    "planned-timed-out-for-database",
    grayFacts({ attempt: stuck, outage: { ...grayFacts().outage, sinceAttemptMs: MINUTE } }),
  ],
  ["guard", facts({ loss: { kind: "unknown", because: "no-evidence", database: null } })],
  [
    "storage-failed",
    grayFacts({ outage: { ...grayFacts().outage, storageFailedAt: NOW - MINUTE } }),
  ],
  ["gray-without-planned", grayFacts({ samples: [] })],
  ["not-automatic", facts({ looks: [look("neu", { regionReference: "ok" }), look("sec")] })],
  ["approve-mode", facts(), { mode: "approve" }],
  ["site-in-primary-region", facts({ site: "weu" })],
  ["planned-first", grayFacts()],
  [
    "forced-after-planned",
    grayFacts({ attempt: failed, outage: { ...grayFacts().outage, sinceAttemptMs: MINUTE } }),
  ],
  ["primary-lost", facts()],
]);

describe("decide() about failing over", () => {
  test.each(CASES)("%s", (rule, given, change) => {
    const row = FAILOVER_TABLE.find(({ id }) => id === rule);
    const { decision } = decide(given, policy(change));
    expect(decision).toMatchObject({ rule, verdict: row?.verdict });
  });

  test("every rule but the last has a case, and the last never acts", () => {
    const ids = FAILOVER_TABLE.map(({ id }) => id);
    expect(CASES.map(([rule]) => rule)).toEqual(ids.slice(0, -1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(FAILOVER_TABLE.at(-1)?.verdict).toBe("hold");
  });

  test("a hold says what it waits for, and how much of the grace is left", () => {
    const { decision } = decide(
      facts({ outage: outage({ outageMs: policy().graceMs - 7 * SECOND }) }),
      policy(),
    );
    expect(decision.graceLeftMs).toBe(7 * SECOND);
    expect(decision.waitingFor.map(({ code }) => code)).toEqual(["outage", "grace"]);
    expect(decision.kind).toBeNull();
  });

  test.each(CASES)("%s: a hold always waits for something", (_, given, change) => {
    const { decision } = decide(given, policy(change));
    expect(decision.waitingFor.length > 0).toBe(["hold", "ask"].includes(decision.verdict));
  });
});

describe("kinds", () => {
  const kindOf = (given: Facts) => decide(given, policy()).decision.kind;

  test("forced where the primary does not answer", () => expect(kindOf(facts())).toBe("forced"));

  test("planned first where it lets us in and hangs on writes", () =>
    expect(kindOf(grayFacts())).toBe("planned"));

  test("forced after a planned attempt that ended in an error, after a minute of outage", () =>
    expect(
      kindOf(
        grayFacts({ attempt: failed, outage: { ...grayFacts().outage, sinceAttemptMs: MINUTE } }),
      ),
    ).toBe("forced"));

  test.each([
    ["lag over budget", { lagSeconds: 30.001 }],
    ["lag never measured", { lagSeconds: null }],
    ["lag measured two minutes before the onset", { measuredAt: ONSET - 2 * MINUTE - 1 }],
    ["lag measured after the onset", { measuredAt: ONSET + 1 }],
  ])("gray, with %s: no planned attempt, a person is asked", (_, change) => {
    const samples = [sample({ measuredAt: ONSET, lagSeconds: 1, ...change })];
    expect(decide(grayFacts({ samples }), policy()).decision.rule).toBe("gray-without-planned");
  });

  test("gray, with a lag on budget measured two minutes before the onset: planned", () =>
    expect(
      kindOf(grayFacts({ samples: [sample({ measuredAt: ONSET - 2 * MINUTE, lagSeconds: 30 })] })),
    ).toBe("planned"));

  test("gray, with replication suspended: no planned attempt", () => {
    const groupState = {
      kind: "read",
      targetRole: "secondary",
      replication: replicationOf("SUSPENDED"),
      failoverPolicy: "manual",
    } as const;
    expect(decide(grayFacts({ groupState }), policy()).decision.rule).toBe("gray-without-planned");
  });
});

describe("approvals are facts, put to the same rules", () => {
  const approve = policy({ mode: "approve" });
  const ruleOf = (given: Facts) => decide(given, approve).decision.rule;

  test("approved in approve mode: acts", () =>
    expect(ruleOf(facts({ approvals: [approval()] }))).toBe("primary-lost"));

  test.each([
    ["of another incident", { incidentId: "inc-0" }],
    ["with the other side as primary", { expectedPrimary: "partner" }],
    ["of another diagnosis", { diagnosis: "instance-loss" }],
    ["that expires now", { expiresAt: NOW }],
    ["for going home", { purpose: "fail-back" }],
    ["of a smaller loss", { lossAtMostMs: policy().lossBudgetMs - 1 }],
  ] as const)("an approval %s does not count", (_, change) =>
    expect(ruleOf(facts({ approvals: [approval(change)] }))).toBe("approve-mode"),
  );

  test("approved, but the primary came back while we waited: holds", () =>
    expect(decide(peace({ approvals: [approval()] }), approve).decision.verdict).toBe("hold"));

  test("approved, but one vantage sees life: holds", () => {
    const looks = [look("weu", { result: "blind" }), look("neu"), look("sec")];
    const application = { kind: "ratio", value: 0.5, ageMs: 0, windowMs: 60_000 } as const;
    expect(ruleOf(facts({ looks, application, approvals: [approval()] }))).toBe("sign-of-life");
  });

  test("an approval does not replace the grace", () =>
    expect(ruleOf(facts({ outage: outage({ outageMs: 0 }), approvals: [approval()] }))).toBe(
      "grace",
    ));

  test("an approval lifts the guard it names, and only that one", () => {
    const given = {
      loss: { kind: "unknown", because: "no-evidence", database: null },
      capacityAtTarget: "unknown",
    } as const;
    const one = approval({ guards: ["loss-unknown"], lossAtMostMs: null });
    const both = approval({ guards: ["loss-unknown", "capacity-at-target"], lossAtMostMs: null });
    expect(ruleOf(facts({ ...given, approvals: [one] }))).toBe("guard");
    expect(ruleOf(facts({ ...given, approvals: [both] }))).toBe("primary-lost");
  });

  test("an approved flapping group goes by a planned failover, though it serves now", () => {
    const approvals = [approval({ kind: "planned", diagnosis: "flapping" })];
    const given = peace({ outage: { ...NO_OUTAGE, ...flaps }, approvals });
    expect(decide(given, policy()).decision).toMatchObject({
      rule: "planned-first",
      kind: "planned",
    });
  });

  test("an approval given before a database got stuck knew nothing of it: asks again", () => {
    const after = { ...grayFacts().outage, sinceAttemptMs: MINUTE };
    const given = (approvedAt: number) =>
      grayFacts({
        attempt: stuck,
        outage: after,
        approvals: [approval({ diagnosis: "gray-writes", approvedAt })],
      });
    expect(ruleOf(given(stuck.endedAt))).toBe("planned-timed-out-for-database");
    expect(ruleOf(given(stuck.endedAt + 1))).toBe("forced-after-planned");
  });
});

describe("a person's call", () => {
  const decisionOf = (given: Facts, p = policy()) => decide(given, p).decision;

  test("replaces the grace", () => {
    const given = facts({ outage: outage({ outageMs: 0 }), call: call({ kind: "forced" }) });
    expect(decisionOf(given)).toMatchObject({ rule: "call-accepted", kind: "forced" });
  });

  test("planned at peace needs no down-majority and no loss bound", () =>
    expect(
      decisionOf(
        peace({ call: call(), loss: { kind: "unknown", because: "no-onset", database: null } }),
      ).verdict,
    ).toBe("fail-over"));

  test("forced at peace is refused by name until each guard is accepted", () => {
    const forced = (accepts: ("sign-of-life" | "no-majority")[]) =>
      decisionOf(peace({ call: call({ kind: "forced", accepts }) }));
    const closed = (d: ReturnType<typeof forced>) =>
      d.guards.filter(({ state }) => state === "closed").map(({ guard }) => guard);
    expect(closed(forced([]))).toEqual(["sign-of-life", "no-majority"]);
    expect(closed(forced(["sign-of-life"]))).toEqual(["no-majority"]);
    expect(forced(["sign-of-life", "no-majority"]).rule).toBe("call-accepted");
  });

  test("needs one fresh look", () =>
    expect(decisionOf(peace({ looks: [], call: call() })).rule).toBe("call-guard-absolute"));

  test("an expired call is no call", () =>
    expect(decisionOf(peace({ call: call({ expiresAt: NOW }) })).rule).toBe("no-majority"));

  test("stands down like everybody when somebody else fails over", () =>
    expect(decisionOf(peace({ call: call(), movedByOtherAt: NOW })).verdict).toBe("stand-down"));
});

describe("the order of the main table", () => {
  const ruleOf = (given: Facts, p = policy()) => decide(given, p).decision.rule;

  test("a denied key asks at once, before the grace", () =>
    expect(
      ruleOf(
        facts({
          keyPath: { kind: "denied", code: "AkvKeyAccessDenied", ageMs: 0 },
          outage: outage({ outageMs: 0 }),
        }),
      ),
    ).toBe("key-denied"));

  test("a denied key while the primary serves only holds", () =>
    expect(ruleOf(peace({ keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } }))).toBe(
      "no-majority",
    ));

  test("an outage that lasts its whole grace is no longer flapping", () => {
    expect(ruleOf(facts({ outage: outage({ ...flaps, outageMs: policy().graceMs - 1 }) }))).toBe(
      "flapping",
    );
    expect(ruleOf(facts({ outage: outage(flaps) }))).toBe("primary-lost");
  });

  test("a server that answers without serving has the longer grace, for two minutes", () => {
    const lately = outage({ lastNotServingAt: NOW - 2 * MINUTE });
    const before = outage({ lastNotServingAt: NOW - 2 * MINUTE - 1 });
    expect(ruleOf(facts({ outage: lately }))).toBe("grace");
    expect(ruleOf(facts({ outage: before }))).toBe("primary-lost");
  });

  test("both regions lost: holds without asking for what no approval can give", () =>
    expect(
      decide(
        facts({
          secondary: { sql: "silent", state: stateOf("unknown"), fitness: { kind: "fit" } },
        }),
        policy(),
      ).decision.verdict,
    ).toBe("hold"));

  test("without a canary nothing acts by itself", () =>
    expect(ruleOf(facts(), policy({ canary: false }))).toBe("approve-mode"));

  test("our own request without an answer is reconciled first, even where the target is primary", () => {
    const claim = {
      kind: "open",
      state: "sent",
      epoch: 2,
      failover: "forced",
      sinceMs: 1,
    } as const;
    const groupState = {
      kind: "read",
      targetRole: "primary",
      replication: replicationOf("SUSPENDED"),
      failoverPolicy: "manual",
    } as const;
    expect(ruleOf(facts({ claim, groupState }))).toBe("claim-open");
    expect(ruleOf(facts({ groupState }))).toBe("roles-moved");
  });

  test("another's failover in the activity log counts until its end is logged", () => {
    const start = logged("failover", { startedAt: NOW - MINUTE });
    const end = logged("failover", { ended: { at: NOW - SECOND, how: "badly" } });
    expect(ruleOf(facts({ activity: [start] }))).toBe("failover-by-other");
    expect(ruleOf(facts({ activity: [start, end] }))).toBe("primary-lost");
    expect(ruleOf(facts({ activity: [{ ...start, ours: true }] }))).toBe("primary-lost");
  });

  test("observe mode tells what it would have done, and does nothing", () => {
    const seen = (given: Facts) => decide(given, policy({ mode: "observe" })).decision;
    const would = (rule: string, verdict: string, kind: string | null) => ({
      code: "would-have",
      values: { rule, verdict, kind },
    });
    expect(seen(facts())).toMatchObject({ verdict: "hold", rule: "observe", kind: null });
    expect(seen(facts()).waitingFor).toContainEqual(would("primary-lost", "fail-over", "forced"));
    const unknown = { kind: "unknown", because: "timeout" } as const;
    expect(seen(facts({ keyPath: { ...unknown, reason: "no-answer" } })).because).toContainEqual(
      would("guard", "ask", null),
    );
  });

  test("an impossible quorum is told while it keeps everybody waiting", () => {
    const { decision } = decide(facts(), policy({ vantages: [] }));
    expect(decision).toMatchObject({ verdict: "hold", rule: "no-majority" });
    expect(decision.waitingFor.map(({ code }) => code)).toContain("quorum-impossible");
  });
});
