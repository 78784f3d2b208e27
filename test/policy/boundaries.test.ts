// Both sides of every rule's boundary (test/support/rule-sides.ts). A limit that moved by one step fails
// here, whichever way it moved.

import { describe, expect, test } from "vitest";
import type { Facts, FailbackFacts } from "../../shared/domain/facts.ts";
import { decide, decideHome } from "../../shared/policy/decide.ts";
import { FAILBACK_TABLE } from "../../shared/policy/rules/decide-failback.ts";
import { FAILOVER_TABLE } from "../../shared/policy/rules/decide-failover.ts";
import { policy } from "../support/facts.ts";
import { FAILOVER_SIDES } from "../support/rule-sides.ts";
import { FAILBACK_SIDES } from "../support/rule-sides-home.ts";

const idsOf = (rules: readonly { readonly id: string }[]) => new Set(rules.map(({ id }) => id));
const covered = (sides: readonly { readonly rule: string }[]) =>
  new Set([...sides.map(({ rule }) => rule), "otherwise"]);

describe("failing over, both sides of", () => {
  test.each(FAILOVER_SIDES)("$rule", ({ rule, decides, not, policy: here, otherwise }) => {
    const ruleOf = (given: Facts, p = here) => decide(given, policy(p)).decision.rule;
    expect(ruleOf(decides)).toBe(rule);
    expect(ruleOf(not, otherwise)).not.toBe(rule);
  });

  test("every rule, in the order of the table", () =>
    expect([...covered(FAILOVER_SIDES)]).toEqual([...idsOf(FAILOVER_TABLE)]));
});

describe("going home, both sides of", () => {
  test.each(FAILBACK_SIDES)("$rule", ({ rule, decides, not, policy: here, otherwise }) => {
    const ruleOf = (given: FailbackFacts, p = here) => decideHome(given, policy(p)).decision.rule;
    expect(ruleOf(decides)).toBe(rule);
    expect(ruleOf(not, otherwise)).not.toBe(rule);
  });

  test("every rule, in the order of the table", () =>
    expect([...covered(FAILBACK_SIDES)]).toEqual([...idsOf(FAILBACK_TABLE)]));
});
