import { describe, expect, test } from "vitest";
import { countLooks } from "../../shared/policy/second-opinion/count-looks.ts";
import { facts, look, NOW, policy, SECOND } from "../support/facts.ts";

const down = [look("neu"), look("sec")];

describe("the second opinion counts", () => {
  test("no majority, silence as votes or not, where all who vote are in the primary's region", () => {
    const inside = policy().vantages.map(({ name }) => ({ name, region: "westeurope" }));
    const vantages = [...inside, { name: "uks", region: "uksouth" }];
    const looks = policy().vantages.map(({ name }) => look(name));
    const alive = look("uks", { result: "alive", code: "18456" });
    expect(countLooks(facts({ looks: [...looks, alive] }), policy({ vantages }))).toEqual({
      fresh: true,
      majority: false,
      upMajority: false,
      majorityIfUnknownWereDown: false,
      life: true,
    });
  });

  test("a look that has begun this instant, and none of a clock that has since been set back", () => {
    const majority = (startedAt: number) => {
      const looks = [look("neu"), look("sec", { startedAt })];
      return countLooks(facts({ looks }), policy()).majority;
    };
    expect([majority(NOW), majority(NOW + 1)]).toEqual([true, false]);
  });

  test("nobody as fresh whose looks are all old, or of the other side", () => {
    const old = look("neu", { startedAt: NOW - 60 * SECOND });
    const fresh = (looks: typeof down) => countLooks(facts({ looks }), policy()).fresh;
    expect(fresh([old, look("sec", { target: "partner" })])).toBe(false);
    expect(fresh([old, look("sec", { result: "blind" })])).toBe(true);
  });

  test.each([
    ["life in one that wrote before", ["writes"], true],
    ["life in one that answered before", ["alive"], true],
    ["life in one that wrote before it was blind for long", ["blind", "writes"], true],
    ["no life in one that was down before", ["not-serving", "writes"], false],
    ["no life in one that heard nothing before", ["no-answer", "alive"], false],
    ["no life in one that was always blind", ["blind"], false],
  ] as const)("of a vantage gone blind: %s", (_, before, life) => {
    const results = ["blind", ...before] as const;
    const looks = results.map((result, ago) => look("sec", { result, startedAt: NOW - ago }));
    expect(countLooks(facts({ looks: [look("neu"), ...looks] }), policy())).toMatchObject({
      majority: false,
      majorityIfUnknownWereDown: true,
      life,
    });
  });

  test("half of the vantages that write as no majority", () => {
    const vantages = [...policy().vantages, { name: "uks", region: "uksouth" }];
    const upMajority = (up: number) => {
      const looks = vantages.slice(0, up).map(({ name }) => look(name, { result: "writes" }));
      return countLooks(facts({ looks }), policy({ vantages })).upMajority;
    };
    expect([upMajority(2), upMajority(3)]).toEqual([false, true]);
  });

  test("nothing at all where a look has a result that nobody knows", () => {
    const looks = [look("neu", { result: "odd" as never })];
    expect(() => countLooks(facts({ looks }), policy())).toThrow(
      "Cannot count a look: unknown result: odd",
    );
  });
});
