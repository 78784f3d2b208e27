// What does not matter changes no decision, and what speaks for the primary never makes the rules act:
// each pair of facts is compared with itself, so nothing here knows what is right, only what is the same.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { decide } from "../../shared/policy/decide.ts";
import { anyFacts, anyPolicy, anyUnattended } from "../support/any-facts.ts";
import { HOUR, look, MINUTE, NOW, SECOND } from "../support/facts.ts";

const RUNS = { seed: 20260115, numRuns: 1_500 };
const noCalendar = anyPolicy.map((policy) => ({ ...policy, freeze: [] }));
const decided = (facts: Facts, policy: Policy) => decide(facts, policy).decision;

/** All of a decision but the words that name what was renamed or moved. */
function gist({ rule, verdict, diagnosis, kind, guards, graceLeftMs }: Decision) {
  return {
    rule,
    verdict,
    diagnosis,
    kind,
    graceLeftMs,
    guards: guards.map(({ guard, state }) => `${guard} ${state}`),
  };
}

function changesNothing(
  change: (facts: Facts, policy: Policy) => readonly [Facts, Policy],
  policies: fc.Arbitrary<Policy> = anyPolicy,
): void {
  fc.assert(
    fc.property(anyFacts, policies, (facts, policy) => {
      expect(gist(decided(...change(facts, policy)))).toEqual(gist(decided(facts, policy)));
    }),
    RUNS,
  );
}

/** Moves every instant in a value by so much; ages, sizes and words stay. */
function later<T>(value: T, byMs: number): T {
  return JSON.parse(JSON.stringify(value), (key, part) =>
    /^(now|at|.*At)$/.test(key) && typeof part === "number" ? part + byMs : part,
  );
}

function renamed<T>(value: T, names: Readonly<Record<string, string>>): T {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === "string" ? (names[part] ?? part) : part,
  );
}

describe("changes no decision:", () => {
  test("other names for sites and regions", () => {
    const names = {
      weu: "tokyo",
      neu: "osaka",
      sec: "seoul",
      uks: "pune",
      westeurope: "japaneast",
      northeurope: "japanwest",
      swedencentral: "koreacentral",
      uksouth: "centralindia",
    };
    changesNothing((facts, policy) => [renamed(facts, names), renamed(policy, names)]);
  });

  test("the same looks once more", () =>
    changesNothing((facts, policy) => [
      { ...facts, looks: [...facts.looks, ...facts.looks] },
      policy,
    ]));

  test("looks in another order, whoever looked and when", () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (facts, policy) => {
        // One vantage that sees one thing twice at one instant is one look.
        const told = new Map(
          facts.looks.map((l) => [`${l.vantage} ${l.startedAt} ${l.result}`, l]),
        );
        const looks = [...told.values()];
        expect(gist(decided({ ...facts, looks: looks.toReversed() }, policy))).toEqual(
          gist(decided({ ...facts, looks }, policy)),
        );
      }),
      RUNS,
    );
  });

  test("samples, activity, approvals and pauses in another order", () =>
    changesNothing((facts, policy) => [
      {
        ...facts,
        samples: facts.samples.toReversed(),
        activity: facts.activity.toReversed(),
        approvals: facts.approvals.toReversed(),
        pause: facts.pause.toReversed(),
      },
      policy,
    ]));

  test.each([SECOND, 7 * HOUR, 90 * 24 * HOUR])("everything %i ms later, no calendar", (byMs) =>
    changesNothing((facts, policy) => [later(facts, byMs), policy], noCalendar),
  );

  test("an older look of a vantage that has a newer one, which saw something", () =>
    changesNothing((facts, policy) => {
      const older = facts.looks
        .filter(({ startedAt, target }) => startedAt <= NOW && target === facts.primary)
        .filter(({ result }) => result !== "blind")
        .map((seen) => ({ ...seen, result: "writes" as const, startedAt: seen.startedAt - 1 }));
      return [{ ...facts, looks: [...older, ...facts.looks] }, policy];
    }));
});

describe("more against the primary never takes back what was decided:", () => {
  test.each(["weu", "neu", "sec"])("%s gets no answer either", (vantage) => {
    let forced = 0;
    const newest = { startedAt: NOW, endedAt: NOW };
    fc.assert(
      fc.property(anyUnattended, anyPolicy, (facts, policy) => {
        if (decided(facts, policy).kind !== "forced") return;
        forced += 1;
        for (const looks of [
          [...facts.looks, look(vantage, newest)],
          [look(vantage, newest), ...facts.looks],
        ]) {
          expect(decided({ ...facts, looks }, policy).verdict).toBe("fail-over");
        }
      }),
      RUNS,
    );
    expect(forced).toBeGreaterThan(10);
  });

  test("a longer outage", () => {
    fc.assert(
      fc.property(
        anyUnattended,
        anyPolicy,
        fc.integer({ min: 0, max: 60 }),
        (facts, p, minutes) => {
          const { outage } = facts;
          const longer = {
            ...outage,
            outageMs: outage.outageMs + minutes * MINUTE,
            sinceAttemptMs: outage.sinceAttemptMs + minutes * MINUTE,
          };
          if (decided(facts, p).verdict !== "fail-over") return;
          expect(decided({ ...facts, outage: longer }, p).verdict).toBe("fail-over");
        },
      ),
      RUNS,
    );
  });
});

describe("less against the primary never makes the rules act:", () => {
  const neverActs = (change: (facts: Facts) => Facts) => {
    fc.assert(
      fc.property(anyUnattended, anyPolicy, (facts, policy) => {
        if (decided(facts, policy).verdict === "fail-over") return;
        expect(decided(change(facts), policy).verdict).not.toBe("fail-over");
      }),
      RUNS,
    );
  };

  test("down is seen a while later, so that less of it has lasted", () =>
    neverActs((facts) => {
      const { outage } = facts;
      const outageMs = Math.max(0, outage.outageMs - 40 * SECOND);
      const sinceAttemptMs = Math.max(0, outage.sinceAttemptMs - 40 * SECOND);
      return { ...facts, outage: { ...outage, outageMs, sinceAttemptMs } };
    }));

  test("one look fewer", () => neverActs((facts) => ({ ...facts, looks: facts.looks.slice(1) })));
});
