// What a message says of who sees what, and of why the mode alone keeps a hand still.

import { expect, test } from "vitest";
import { decide } from "../../shared/policy/decide.ts";
import { isHeldByMode, wouldHave } from "../../shared/policy/evidence/held-by-mode.ts";
import { whoSees } from "../../shared/policy/evidence/who-sees.ts";
import { facts, look, NOW, policy } from "../support/facts.ts";

test("each vantage is told with what counted of it, silent ones too, beside the application's ratio", () => {
  const application = { kind: "ratio", value: 0.4, ageMs: 0, windowMs: 60_000 } as const;
  const seen = whoSees(
    facts({ looks: [look("neu"), look("sec", { result: "writes", code: "ok" })], application }),
    policy(),
  );
  expect(seen.looks).toEqual([
    { vantage: "weu", result: null },
    { vantage: "neu", result: "no-answer" },
    { vantage: "sec", result: "writes" },
  ]);
  expect(seen.applicationRatio).toBe(0.4);
});

test("in mode observe it is told what would have been done, in any other nothing", () => {
  const observed = decide(facts(), policy({ mode: "observe" })).decision;
  expect(isHeldByMode(observed)).toBe(true);
  expect(wouldHave(observed)).toMatchObject({ code: "would-have" });
  const acts = decide(facts({ now: NOW }), policy()).decision;
  expect(isHeldByMode(acts)).toBe(false);
  expect(wouldHave(acts)).toBeNull();
});
