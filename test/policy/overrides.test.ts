import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import { OverridableGuard } from "../../shared/domain/guard.ts";
import type { Override } from "../../shared/domain/person.ts";
import { decide } from "../../shared/policy/decide.ts";
import { checkDecision } from "../../shared/policy/second-opinion/check-decision.ts";
import { anyPolicy, anyUnattended } from "../support/any-facts.ts";
import { call, facts, NOW, policy, SECOND } from "../support/facts.ts";

function override(change: Partial<Override> = {}): Override {
  return {
    guard: "key-unknown",
    group: "orders-fog",
    incidentId: null,
    expectedPrimary: "home",
    lossAtMostMs: null,
    reason: "the vault's network is being rebuilt",
    actor: { name: "ada@example.net", proof: "claimed" },
    madeAt: NOW - SECOND,
    expiresAt: NOW + 1,
    ...change,
  };
}

const keyUnknown = (change: Partial<Facts> = {}) =>
  facts({ keyPath: { kind: "unknown", reason: "no-answer", because: "503" }, ...change });
const stateOf = (given: Facts, guard: string) =>
  decide(given, policy()).decision.guards.find((finding) => finding.guard === guard)?.state;

describe("an override", () => {
  test("lifts the guard that it names, and the failover goes ahead", () => {
    expect(decide(keyUnknown(), policy()).decision).toMatchObject({
      verdict: "ask",
      rule: "guard",
    });
    const { decision } = decide(keyUnknown({ overrides: [override()] }), policy());
    expect(decision).toMatchObject({ verdict: "fail-over", rule: "primary-lost" });
    expect(stateOf(keyUnknown({ overrides: [override()] }), "key-unknown")).toBe("lifted");
  });

  test.each<[string, Partial<Override>]>([
    ["has just expired", { expiresAt: NOW }],
    ["is for another group", { group: "shop-fog" }],
    ["is for another incident", { incidentId: "inc-2" }],
    ["is for the other primary", { expectedPrimary: "partner" }],
    ["is for another guard", { guard: "key-denied" }],
  ])("that %s lifts nothing, for rules and check alike", (_, change) => {
    const given = keyUnknown({ overrides: [override(change)] });
    expect(stateOf(given, "key-unknown")).toBe("closed");
    const acting = decide(keyUnknown({ overrides: [override()] }), policy()).decision;
    expect(checkDecision(acting, given, policy())).toMatchObject({ invariant: "I6" });
  });

  test("for this incident lifts the guard in it", () => {
    const given = keyUnknown({ overrides: [override({ incidentId: "inc-1" })] });
    expect(stateOf(given, "key-unknown")).toBe("lifted");
  });

  test("of the loss is good up to the loss it names, and no further", () => {
    const loss = { kind: "bounded", atMostMs: 60 * SECOND, database: "orders" } as const;
    const named = (lossAtMostMs: number | null) =>
      facts({ loss, overrides: [override({ guard: "loss-over-budget", lossAtMostMs })] });
    expect(decide(named(60 * SECOND), policy()).decision.verdict).toBe("fail-over");
    expect(decide(named(60 * SECOND - 1), policy()).decision.verdict).toBe("ask");
    expect(decide(named(null), policy()).decision.verdict).toBe("ask");
  });

  test("approves nothing: in approve mode a person is still asked", () => {
    const { decision } = decide(
      keyUnknown({ overrides: [override()] }),
      policy({ mode: "approve" }),
    );
    expect(decision).toMatchObject({ verdict: "ask", rule: "approve-mode" });
  });

  test("stands for a person's call as well", () => {
    const called = call({ kind: "forced", accepts: [] });
    expect(decide(keyUnknown({ call: called }), policy()).decision.verdict).toBe("hold");
    const given = keyUnknown({ call: called, overrides: [override()] });
    expect(decide(given, policy()).decision).toMatchObject({ rule: "call-accepted" });
  });

  test("of the one changes no other guard, whatever the facts, and the second opinion agrees", () => {
    fc.assert(
      fc.property(
        anyUnattended,
        anyPolicy,
        fc.constantFrom(...OverridableGuard.options),
        (given, rules, guard) => {
          const word = override({ guard, lossAtMostMs: 24 * 60 * 60 * SECOND });
          const without = decide(given, rules).decision;
          const { decision } = decide({ ...given, overrides: [word] }, rules);
          expect(decision.rule).not.toBe("refused-by-check");
          for (const finding of decision.guards) {
            const before = without.guards.find((each) => each.guard === finding.guard);
            if (finding.guard !== guard) expect(finding).toEqual(before);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
