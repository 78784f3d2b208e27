import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import { GuardId } from "../../shared/domain/guard.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { freshMs, type Policy } from "../../shared/domain/policy.ts";
import type { FailoverKind } from "../../shared/domain/purpose.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { decideFailback } from "../../shared/policy/rules/decide-failback.ts";
import { decideFailover } from "../../shared/policy/rules/decide-failover.ts";
import { checkDecision, checkFailback } from "../../shared/policy/second-opinion/check-decision.ts";
import { anyFacts, anyPolicy, anyUnattended } from "../support/any-facts.ts";
import { approval, failbackFacts, look, NOW, peace, SECOND, trouble } from "../support/facts.ts";

const RUNS = { seed: 20260115, numRuns: 4_000 };

/** The decision of the rules alone, before the check could refuse it. */
function ruled(facts: Facts, policy: Policy) {
  return decideFailover(facts, judgeObservations(facts, policy), policy);
}

function accepted(facts: Facts, guard: GuardId): boolean {
  const by = facts.call === null ? facts.approvals.flatMap((a) => a.guards) : facts.call.accepts;
  return by.includes(guard);
}

/** Whatever acts satisfies `holds`; and it did act sometimes, or the property proved nothing. */
function whateverActs(holds: (facts: Facts, policy: Policy, kind: FailoverKind) => boolean): void {
  let acts = 0;
  fc.assert(
    fc.property(anyFacts, anyPolicy, (facts, policy) => {
      const { verdict, kind } = ruled(facts, policy);
      if (verdict !== "fail-over" || kind === null) return true;
      acts += 1;
      return holds(facts, policy, kind);
    }),
    RUNS,
  );
  expect(acts).toBeGreaterThan(50);
}

function spoke(look: Observation, { now, primary }: Facts, policy: Policy): boolean {
  const ageMs = now - look.startedAt;
  return ageMs >= 0 && ageMs < freshMs(policy) && look.target === primary;
}

describe("the rules and the independent check agree", () => {
  test("no decision of the rules is ever refused", () =>
    whateverActs(
      (facts, policy) =>
        checkDecision(ruled(facts, policy), facts, policy).kind === "sound" &&
        decide(facts, policy).decision.verdict === "fail-over",
    ));
});

describe("whatever acts", () => {
  test("I3: never forces while a sign of life stands that nobody accepted", () =>
    whateverActs(
      (facts, _, kind) =>
        kind === "planned" || facts.secondaryAdvances !== "yes" || accepted(facts, "sign-of-life"),
    ));

  test("I4: has two vantages that vote down, one of them outside, or a person for them", () =>
    whateverActs((facts, policy, kind) => {
      const down = new Set(
        facts.looks
          .filter((l) => spoke(l, facts, policy))
          .filter(({ result }) => result === "no-answer" || result === "not-serving")
          .map(({ vantage }) => vantage),
      );
      down.delete("uks");
      const majority = down.size >= 2 && (down.has("neu") || down.has("sec"));
      return majority || kind === "planned" || accepted(facts, "no-majority");
    }));

  test("I5: has a settled group and a secondary that answers", () =>
    whateverActs(
      ({ groupState: g, operation, secondary, attempt, ...rest }) =>
        g.kind === "read" &&
        g.targetRole === "secondary" &&
        (g.replication.said === "CATCH_UP" ||
          (!["SEEDING", "FailoverInProgress"].includes(g.replication.said) &&
            accepted(
              { groupState: g, operation, secondary, attempt, ...rest },
              "replication-unclear",
            ))) &&
        operation.kind !== "running" &&
        attempt.kind !== "running" &&
        secondary.sql === "answers",
    ));

  test("I6: has the key path proven, or a person for it", () =>
    whateverActs(
      ({ keyPath, ...rest }) =>
        keyPath.kind === "not-needed" ||
        (keyPath.kind === "proven" && keyPath.ageMs === 0) ||
        accepted({ keyPath, ...rest }, keyPath.kind === "denied" ? "key-denied" : "key-unknown"),
    ));

  test("I7: never forces with more at stake than the budget, or than a person accepted", () =>
    whateverActs(
      (facts, policy, kind) =>
        kind === "planned" ||
        (facts.loss.kind === "bounded"
          ? facts.loss.atMostMs <= policy.lossBudgetMs || accepted(facts, "loss-over-budget")
          : accepted(facts, "loss-unknown")),
    ));

  test("I8: never in observe mode, paused or frozen, whoever asks", () =>
    whateverActs(
      ({ pause, pauseReadable }, { mode, freeze }) =>
        mode !== "observe" && pause.length === 0 && pauseReadable && freeze.length === 0,
    ));

  test("I13: never within the cooldown unless a person accepts it", () =>
    whateverActs(
      (facts) =>
        facts.lastRoleChange.kind === "none" ||
        (facts.lastRoleChange.kind === "known" && NOW - facts.lastRoleChange.at >= 3_600_000) ||
        accepted(facts, "cooldown"),
    ));

  test("I5: never before the group was seen followed after a role change unless a person accepts it", () =>
    whateverActs(
      (facts) =>
        facts.lastRoleChange.kind === "none" ||
        (facts.lastRoleChange.kind === "known" &&
          facts.lastRoleChange.at <= (facts.followedAt ?? -Infinity)) ||
        accepted(facts, "unprotected"),
    ));

  test("has a person behind it in approve mode and without a canary", () =>
    whateverActs(
      ({ approvals, call }, { mode, canary }) =>
        (mode === "automatic" && canary) || approvals.length > 0 || call !== null,
    ));
});

/** Adding this to what was seen must never make the app act by itself. */
function neverStartsActing(change: (facts: Facts) => Facts): void {
  fc.assert(
    fc.property(anyUnattended, anyPolicy, (facts, policy) => {
      const before = ruled(facts, policy).verdict;
      const after = ruled(change(facts), policy).verdict;
      return after !== "fail-over" || before === "fail-over";
    }),
    RUNS,
  );
}

const newest = { startedAt: NOW, endedAt: NOW } as const;

describe("I11: what is unknown moves nobody to act", () => {
  test.each(["weu", "neu", "sec"])("a blind report of %s", (vantage) =>
    neverStartsActing((facts) => ({
      ...facts,
      looks: [...facts.looks, look(vantage, { ...newest, result: "blind" })],
    })),
  );

  test.each(["weu", "neu", "sec"])("a sign of life seen by %s", (vantage) =>
    neverStartsActing((facts) => ({
      ...facts,
      looks: [...facts.looks, look(vantage, { ...newest, result: "alive" })],
    })),
  );

  test("a secondary that advances", () =>
    neverStartsActing((facts) => ({ ...facts, secondaryAdvances: "yes" })));

  test("an application that succeeds", () =>
    neverStartsActing((facts) => ({
      ...facts,
      application: { kind: "ratio", value: 1, ageMs: 0, windowMs: 60_000 },
    })));

  test("silence of everybody", () => neverStartsActing((facts) => ({ ...facts, looks: [] })));

  test("another vantage that says nothing", () => {
    fc.assert(
      fc.property(anyUnattended, anyPolicy, (facts, policy) => {
        const more = [...policy.vantages, { name: "nou", region: "norwayeast" }];
        const after = ruled(facts, { ...policy, vantages: more }).verdict;
        return after !== "fail-over" || ruled(facts, policy).verdict === "fail-over";
      }),
      RUNS,
    );
  });

  test("blind or missing looks never make a vote, down or up", () => {
    fc.assert(
      fc.property(anyUnattended, anyPolicy, (facts, policy) => {
        const blind = facts.looks.map((l) => ({ ...l, result: "blind" as const }));
        const { down, downMajority, signsOfLife, votes } = judgeObservations(
          { ...facts, looks: blind, secondaryAdvances: "unknown", application: UNKNOWN },
          policy,
        );
        expect({ down, downMajority, signsOfLife }).toEqual({
          down: 0,
          downMajority: false,
          signsOfLife: [],
        });
        expect(votes.every(({ vote }) => vote === "abstain")).toBe(true);
      }),
      RUNS,
    );
  });
});

const UNKNOWN = { kind: "unknown", because: "timeout" } as const;

describe("I10: going home", () => {
  test("is planned or nothing, whatever is true", () => {
    let acts = 0;
    fc.assert(
      fc.property(anyFacts, anyPolicy, fc.boolean(), (base, policy, away) => {
        const serves = { result: "writes", code: "ok", startedAt: NOW - SECOND } as const;
        const looks = [look("neu", serves), look("sec", serves)];
        const called = base.call && { ...base.call, purpose: "fail-back" as const };
        const given = failbackFacts({ away }, { ...base, looks, site: "neu", call: called });
        const decision = decideFailback(given, judgeObservations(given.base, policy), policy);
        if (decision.verdict === "fail-over") acts += 1;
        expect(checkFailback(decision, given, policy)).toEqual({ kind: "sound" });
        expect(decideHome(given, policy).decision).toEqual(decision);
        expect(decision.kind).toBe(decision.verdict === "fail-over" ? "planned" : null);
      }),
      RUNS,
    );
    expect(acts).toBeGreaterThan(50);
  });
});

test("whatever is so, nothing is forced on an approval of a primary that has healed", () => {
  let waited = 0;
  const troubled = fc.constantFrom(null, trouble());
  fc.assert(
    fc.property(anyFacts, anyPolicy, fc.boolean(), troubled, (any, p, serves, since) => {
      const looks = serves ? peace().looks : any.looks;
      const seen = { ...any, call: null, looks, outage: { ...any.outage, trouble: since } };
      const { diagnosis } = decide(seen, p).decision;
      const approvals = [approval({ diagnosis, guards: [...GuardId.options], lossAtMostMs: null })];
      const { rule, verdict } = decide({ ...seen, approvals }, p).decision;
      const { onsetAt, partialSinceAt } = seen.outage;
      const up = judgeObservations(seen, p).votes.filter(({ vote }) => vote === "up").length;
      const isOver = onsetAt === null && partialSinceAt === null && since === null;
      if (rule === "healed") waited += 1;
      expect((up > p.vantages.length / 2 || isOver) && verdict === "fail-over").toBe(false);
    }),
    { ...RUNS, numRuns: 500 },
  );
  expect(waited).toBeGreaterThan(50);
});
