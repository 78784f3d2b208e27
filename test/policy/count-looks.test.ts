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

  test("nothing at all where a look has a result that nobody knows", () => {
    const looks = [look("neu", { result: "odd" as never })];
    expect(() => countLooks(facts({ looks }), policy())).toThrow(
      "Cannot count a look: unknown result: odd",
    );
  });
});

test("half of the sites that see it write are no majority that it is well", () => {
  const names = ["weu", "neu", "sec", "uks"];
  const vantages = names.map((name) => ({ name, region: name }));
  const up = (writing: readonly string[]) =>
    countLooks(
      facts({ looks: writing.map((name) => look(name, { result: "writes", code: "ok" })) }),
      policy({ vantages }),
    ).upMajority;
  expect(up(names.slice(0, 2))).toBe(false);
  expect(up(names.slice(0, 3))).toBe(true);
});
