import { describe, expect, test } from "vitest";
import { printCell, printFinding } from "../../bench/print-finding.ts";
import { markOf, scoreOf } from "../../bench/score.ts";
import { median, medianRatio, poissonInterval, quantile } from "../../bench/statistics.ts";

describe("statistics", () => {
  test("a quantile is a value that was measured", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
    expect(median([])).toBeNaN();
  });

  test("a ratio is taken within each round, so that a slow round is slow for both", () => {
    expect(medianRatio([1, 10, 100], [2, 20, 200])).toBe(2);
  });

  test("few events leave a wide interval, none leaves one that is open below", () => {
    const [low, high] = poissonInterval(10);
    expect(low).toBeCloseTo(4.8, 1);
    expect(high).toBeCloseTo(18.4, 1);
    expect(poissonInterval(0)[0]).toBe(0);
    expect(poissonInterval(0)[1]).toBeCloseTo(3.7, 1);
  });
});

describe("a mark is given by the truth alone", () => {
  const truth = { onsetMs: 0, lostFromMs: 1_000, secondaryFit: true, lossSeconds: 2 };
  const deed = { id: "G1", cause: "any", truth, actedAtMs: null, askedAtMs: null, rule: null };

  test.each([
    ["right", { actedAtMs: 5_000 }],
    ["missed", {}],
    ["left-to-a-person", { askedAtMs: 5_000 }],
    ["wrong", { actedAtMs: 5_000, truth: { ...truth, lostFromMs: null } }],
    ["wrong", { actedAtMs: 5_000, truth: { ...truth, secondaryFit: false } }],
    ["wrong", { actedAtMs: 5_000, truth: { ...truth, lossSeconds: 31 } }],
    ["quiet", { truth: { ...truth, lostFromMs: null } }],
    ["needless-ask", { askedAtMs: 5_000, truth: { ...truth, lostFromMs: null } }],
  ])("%s", (mark, change) => expect(markOf({ ...deed, ...change })).toBe(mark));

  test("seconds count from the loss to the decision", () => {
    const score = scoreOf([{ ...deed, actedAtMs: 61_000 }]);
    expect(score.secondsMedian).toBe(60);
    expect(score.marks.right).toBe(1);
  });
});

test("a finding is printed as a table with no more digits than it has to say", () => {
  const bench = { name: "any", question: "Why?", run: async () => finding };
  const finding = { columns: ["what", "ms"], rows: [["a", 1.23456]], notes: ["so"] };
  expect(printFinding(bench, finding)).toContain("| a    | 1.23 |");
  expect([12_345.6, 0.000_123_4, Number.NaN].map(printCell)).toEqual(["12346", "0.000123", "–"]);
});
