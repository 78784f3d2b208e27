// The exhaustive check can fail: with any one row taken out of the tables, some point is found wrong.
// A guard's loss is noticed twice, once by the laws of acting, and once by the product's own check.

import { describe, expect, test } from "vitest";
import { GuardId as Guard, type GuardId } from "../../shared/domain/guard.ts";
import type { GuardRow } from "../../shared/policy/guards/guard-row.ts";
import type { Case, Rule } from "../../shared/policy/rules/rule.ts";
import {
  type BothTables,
  byCheck,
  byLaws,
  exhaust,
  type Found,
  LAWS,
  TABLES,
  type Watch,
} from "../support/exhaust.ts";
import { SLICES } from "../support/fact-slices.ts";
import { LAWS_OF_ACTING } from "../support/laws/laws-of-acting.ts";

/** So near the facts that permit acting each row's loss is seen: no need to walk the whole space. */
const DEVIATIONS = [1, 2, 3];

/** The same is said by a standing rule first, in both directions: both readings must be lost. */
const ALSO_A_RULE: Partial<Record<GuardId, string>> = {
  "claim-open": "claim-open",
  moving: "failover-by-other",
};

function firstFound(tables: BothTables, watch: Watch): Found | null {
  for (const deviations of DEVIATIONS) {
    for (const slice of SLICES) {
      const { found } = exhaust(slice, tables, [watch], deviations);
      if (found !== null) return found;
    }
  }
  return null;
}

function withoutGuard(guard: GuardId): BothTables {
  const keep = (rows: readonly GuardRow[]) => rows.filter((row) => row.guard !== guard);
  const { absolute, liftable } = TABLES.failover.guards;
  const guards = { absolute: keep(absolute), liftable: keep(liftable) };
  const also = ALSO_A_RULE[guard];
  return {
    failover: { rules: without(TABLES.failover.rules, also), guards },
    failback: { rules: without(TABLES.failback.rules, also), guards },
  };
}

function without<C extends Case>(rules: readonly Rule<C>[], id: string | undefined) {
  return rules.filter((rule) => rule.id !== id);
}

const { failover, failback } = TABLES;
const idsOf = (rules: readonly { readonly id: string }[]) =>
  rules.map(({ id }) => id).filter((id) => id !== "otherwise");

describe("with one row taken away", () => {
  test.each(Guard.options)("guard %s: something acts that must not", (guard) =>
    expect(firstFound(withoutGuard(guard), byLaws(LAWS_OF_ACTING))).not.toBeNull(),
  );

  test.each(Guard.options)("guard %s: the check refuses what the rules let pass", (guard) =>
    expect(firstFound(withoutGuard(guard), byCheck)).not.toBeNull(),
  );

  test.each(idsOf(failover.rules))("rule %s, failing over", (id) => {
    const tables = { failover: { ...failover, rules: without(failover.rules, id) }, failback };
    expect(firstFound(tables, byLaws(LAWS))).not.toBeNull();
  });

  test.each(idsOf(failback.rules))("rule %s, going home", (id) => {
    const tables = { failover, failback: { ...failback, rules: without(failback.rules, id) } };
    expect(firstFound(tables, byLaws(LAWS))).not.toBeNull();
  });
});
