import { describe, expect, test } from "vitest";
import { badSince, isSuspicious } from "../../shared/policy/evidence/suspicion.ts";
import { look, NOW, SECOND } from "../support/facts.ts";

const at = (second: number, result: "blind" | "alive" | "writes" | "no-answer" | "not-serving") =>
  look("neu", { result, startedAt: NOW + second * SECOND, endedAt: NOW + second * SECOND + 1 });
const lost = (second: number) => ({ ...at(second, "writes"), failedDatabases: ["orders"] });

describe("a site suspects the primary", () => {
  test("at the second bad look in a row, whatever the looks before", () => {
    expect(isSuspicious([at(0, "no-answer"), at(1, "no-answer")])).toBe(true);
    expect(isSuspicious([at(0, "writes"), at(1, "not-serving"), lost(2)])).toBe(true);
  });

  test("not at the first one, nor at one after a look that was well, or blind", () => {
    expect(isSuspicious([])).toBe(false);
    expect(isSuspicious([at(0, "no-answer")])).toBe(false);
    for (const between of ["writes", "alive", "blind"] as const) {
      expect(isSuspicious([at(0, "no-answer"), at(1, between), at(2, "no-answer")])).toBe(false);
      expect(isSuspicious([at(0, "no-answer"), at(1, "no-answer"), at(2, between)])).toBe(false);
    }
  });
});

describe("since when this site's own looks find the primary down", () => {
  test.each([
    ["the last look was well", [at(0, "no-answer"), at(1, "writes")], NOW, null],
    ["from the first bad one", [at(0, "writes"), at(1, "no-answer"), at(2, "no-answer")], NOW, 1],
    ["a blind one changes nothing", [at(0, "writes"), at(1, "no-answer"), at(2, "blind")], null, 1],
    ["only blind ones are kept", [at(3, "blind")], NOW, 0],
    ["all that are kept are bad", [at(3, "no-answer")], NOW, 0],
    [
      "from a write that hung on",
      [at(0, "writes"), at(1, "not-serving"), at(2, "no-answer")],
      NOW,
      1,
    ],
    ["from a lost database on", [at(0, "writes"), lost(1)], NOW, 1],
    ["nothing is known from before", [at(3, "no-answer")], null, 3],
  ] as const)("%s", (_name, looks, before, second) => {
    const since = badSince(looks, before);
    expect(since).toBe(second === null ? null : NOW + second * SECOND);
  });
});
