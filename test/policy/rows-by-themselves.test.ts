// Single rows, and made-up ones, without the table around them: what a row says twice must hold by itself
// on the day when somebody moves a row.

import { describe, expect, test } from "vitest";
import type { Decision, GuardFinding } from "../../shared/domain/decision.ts";
import type { GuardId } from "../../shared/domain/guard.ts";
import { decide } from "../../shared/policy/decide.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { caseOf, decideBy } from "../../shared/policy/rules/decide-by.ts";
import { FAILOVER_TABLE, FAILOVER_TABLES } from "../../shared/policy/rules/decide-failover.ts";
import { FAILBACK_RULES } from "../../shared/policy/rules/failback-rules.ts";
import { type Case, closedReasons, isClosed, type Rule } from "../../shared/policy/rules/rule.ts";
import { writeDecision } from "../../shared/policy/rules/write-decision.ts";
import { approval, facts, failbackFacts, look, NOW, peace, policy } from "../support/facts.ts";

const INTENT = { purpose: "fail-over", kind: "forced", diagnosis: "regional-loss" } as const;

function caseWith(change: Partial<Case> = {}, given = facts()): Case {
  const context = { facts: given, judgement: judgeObservations(given, policy()), policy: policy() };
  return { ...caseOf(context, INTENT, FAILOVER_TABLES.guards), ...change };
}

const guard = (change: Partial<GuardFinding> = {}): GuardFinding => ({
  guard: "cooldown",
  strength: "liftable",
  state: "closed",
  because: { code: "cooldown", values: { sinceMs: 1 } },
  ...change,
});
const open = guard({ guard: "paused", state: "open", because: null });
const noVotes = judgeObservations(facts({ looks: [look("neu")] }), policy());

describe("a row that fails over holds by itself", () => {
  const matches = (id: string, c: Case) => FAILOVER_TABLE.find((row) => row.id === id)?.when(c);
  const errored = facts({
    attempt: { kind: "ended-in-error", code: "x", timedOutForDatabase: false, endedAt: NOW },
  });

  test.each([
    ["primary-lost", {}, facts()],
    ["planned-first", { kind: "planned" }, facts()],
    ["forced-after-planned", {}, errored],
  ] as [string, Partial<Case>, typeof errored][])("%s", (id, change, given) => {
    const at = (more: Partial<Case>) => matches(id, caseWith({ ...change, ...more }, given));
    expect(at({})).toBe(true);
    expect(at({ guards: [open, guard()] })).toBe(false);
    expect(at({ guards: [open, guard({ state: "lifted" })] })).toBe(true);
    expect(at({ judgement: noVotes })).toBe(false);
    expect(at({ judgement: noVotes, approved: true })).toBe(true);
  });

  test("primary-lost sends nothing planned, and forced-after-planned nothing before a planned one", () => {
    expect(matches("primary-lost", caseWith({ kind: "planned" }))).toBe(false);
    expect(matches("forced-after-planned", caseWith())).toBe(false);
  });

  test("home-again", () => {
    const at = (more: object) => {
      const failback = { ...failbackFacts(), ...more };
      const c = { ...caseWith({ guards: [open, guard({ state: "lifted" })] }), failback };
      const row = FAILBACK_RULES.find(({ id }) => id === "home-again");
      return [row?.when(c), row?.when({ ...c, guards: [open, guard()] })];
    };
    expect(at({})).toEqual([true, false]);
    expect(at({ away: false })).toEqual([false, false]);
    expect(at({ windowOpen: false })).toEqual([false, false]);
  });
});

describe("a guard stands in the way", () => {
  test("while it is closed: not where it is open or lifted, nor by another that is closed", () => {
    const closed = (id: GuardId, ...guards: GuardFinding[]) => isClosed(caseWith({ guards }), id);
    expect(closed("cooldown", open, guard())).toBe(true);
    expect(closed("cooldown", open, guard({ state: "lifted" }))).toBe(false);
    expect(closed("paused", open, guard())).toBe(false);
  });

  test("and gives its reason with its name, where it is closed and has one", () => {
    const guards = [
      open,
      guard(),
      guard({ guard: "key-denied", because: null }),
      guard({ guard: "no-majority", state: "lifted" }),
    ];
    const reasons = [{ code: "cooldown", values: { guard: "cooldown", sinceMs: 1 } }];
    expect(closedReasons(caseWith({ guards }))).toEqual(reasons);
    expect(closedReasons(caseWith({ guards }), "cooldown")).toEqual(reasons);
    expect(closedReasons(caseWith({ guards }), "no-majority")).toEqual([]);
  });
});

describe("a decision is written down", () => {
  const row = (change: Partial<Rule> = {}): Rule => ({
    id: "made-up",
    verdict: "hold",
    says: "made up",
    when: () => true,
    because: () => [],
    ...change,
  });
  const write = (rule: Rule, change: Partial<Case> = {}): Decision =>
    writeDecision(rule, caseWith({ guards: [], ...change }), null);

  test("as a hold that always says what it waits for: its reasons, or its name", () => {
    const because = [{ code: "votes", values: {} }];
    expect(write(row()).waitingFor).toEqual([{ code: "made-up", values: {} }]);
    expect(write(row({ because: () => because })).waitingFor).toEqual(because);
  });

  test("never as an act of which no row says the kind", () => {
    const act = row({ verdict: "fail-over" });
    expect(write(act).kind).toBe("forced");
    expect(() => write(act, { kind: null as never })).toThrow(
      "Cannot decide to act: rule made-up says of what kind no failover is",
    );
    expect(write(row(), { kind: null as never })).toMatchObject({ verdict: "hold", kind: null });
  });

  test("as a hold where no row matches at all", () =>
    expect(
      decideBy({ ...FAILOVER_TABLES, rules: [] }, () => caseWith(), policy(), null),
    ).toMatchObject({
      rule: "otherwise",
      verdict: "hold",
      kind: null,
      because: [
        { code: "votes", values: { down: 2, needed: 2 } },
        { code: "no-rule", values: {} },
      ],
    }));
});

describe("the whole table", () => {
  test("tells in observe mode what it would have done in automatic mode, its guards included", () => {
    const would = (vantages = policy().vantages) =>
      decide(facts(), policy({ mode: "observe", vantages })).decision.because.at(-1)?.values;
    expect(would()).toEqual({ rule: "primary-lost", verdict: "fail-over", kind: "forced" });
    // By itself it takes a vantage inside the primary's region.
    expect(would(policy().vantages.slice(1))).toMatchObject({ rule: "absolute-guard" });
  });

  test("lets a site act that is no vantage", () =>
    expect(decide(facts({ site: "ops" }), policy()).decision.rule).toBe("primary-lost"));

  test("goes on without votes by no approval but one that accepts just that", () => {
    const ruleFor = (...guards: GuardId[]) => {
      const approvals = [approval({ diagnosis: "unclear", guards })];
      return decide(facts({ looks: [look("neu")], approvals }), policy()).decision.rule;
    };
    expect(ruleFor()).toBe("no-majority");
    expect(ruleFor("no-majority")).toBe("primary-lost");
  });

  test("names each database that a majority sees lost", () => {
    const partial = { result: "writes" as const, failedDatabases: ["stock", "orders"] };
    const given = peace({
      looks: [look("neu", partial), look("sec", partial)],
      outage: { ...peace().outage, partialSinceAt: NOW - policy().graceMs },
    });
    const { rule, because } = decide(given, policy()).decision;
    expect([rule, because[0]?.values.databases]).toEqual(["partial-loss", "orders stock"]);
  });
});
