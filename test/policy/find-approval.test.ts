import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Approval, Override } from "../../shared/domain/person.ts";
import {
  findApprovals,
  findCall,
  findOverrides,
} from "../../shared/policy/evidence/find-approval.ts";
import { approval, call, facts, NOW, SECOND } from "../support/facts.ts";

const FORCED = { purpose: "fail-over", kind: "forced", diagnosis: "regional-loss" } as const;
const loss = (atMostMs: number): Facts["loss"] => ({
  kind: "bounded",
  atMostMs,
  database: "orders",
});
const unknown: Facts["loss"] = { kind: "unknown", because: "no-evidence", database: null };

describe("an approval of a forced failover", () => {
  const holds = (change: Partial<Approval>, at: Facts["loss"]) =>
    findApprovals(facts({ loss: at, approvals: [approval(change)] }), FORCED).length === 1;

  test("covers the loss it was told, to the millisecond", () => {
    expect(holds({ lossAtMostMs: 5 * SECOND }, loss(5 * SECOND))).toBe(true);
    expect(holds({ lossAtMostMs: 5 * SECOND }, loss(5 * SECOND + 1))).toBe(false);
    expect(holds({ lossAtMostMs: null }, loss(0))).toBe(false);
    expect(holds({ lossAtMostMs: 5 * SECOND }, unknown)).toBe(false);
  });

  test("that accepted an unknown loss accepted any", () => {
    const any = { guards: ["loss-unknown" as const], lossAtMostMs: null };
    expect(holds(any, unknown)).toBe(true);
    expect(holds(any, loss(3_600_000))).toBe(true);
  });

  test("is asked nothing of a loss when the failover is planned", () => {
    const given = facts({ loss: unknown, approvals: [approval({ lossAtMostMs: null })] });
    expect(findApprovals(given, { ...FORCED, kind: "planned" })).toHaveLength(1);
    expect(findApprovals(given, FORCED)).toEqual([]);
  });
});

describe("an override", () => {
  const word = (change: Partial<Override> = {}): Override => ({
    guard: "loss-over-budget",
    group: "orders-fog",
    incidentId: null,
    expectedPrimary: "home",
    lossAtMostMs: 5 * SECOND,
    reason: "works",
    actor: { name: "ada@example.net", proof: "authenticated" },
    madeAt: NOW - SECOND,
    expiresAt: NOW + 1,
    ...change,
  });
  const stands = (change: Partial<Override>, at = loss(5 * SECOND)) =>
    findOverrides(facts({ loss: at, overrides: [word(change)] })).length === 1;

  test("of the loss covers as much as it says, and no unknown one", () => {
    expect(stands({})).toBe(true);
    expect(stands({}, loss(5 * SECOND + 1))).toBe(false);
    expect(stands({ lossAtMostMs: null })).toBe(false);
    expect(stands({}, unknown)).toBe(false);
    expect(stands({ guard: "loss-unknown", lossAtMostMs: null }, unknown)).toBe(true);
  });

  test.each<[string, Partial<Override>, boolean]>([
    ["for this incident", { incidentId: "inc-1" }, true],
    ["for another incident", { incidentId: "inc-0" }, false],
    ["for another group", { group: "shop-fog" }, false],
    ["for the other primary", { expectedPrimary: "partner" }, false],
    ["that ends now", { expiresAt: NOW }, false],
  ])("%s", (_, change, expected) => expect(stands(change)).toBe(expected));
});

describe("a call", () => {
  const found = (change: Parameters<typeof call>[0]) =>
    findCall(facts({ call: call(change) }), "fail-over") !== null;

  test("stands until it expires, for what it was made", () => {
    expect(found({ expiresAt: NOW + 1 })).toBe(true);
    expect(found({ expiresAt: NOW })).toBe(false);
    expect(found({ purpose: "fail-back" })).toBe(false);
    expect(findCall(facts(), "fail-over")).toBeNull();
  });
});
