import { expect, test } from "vitest";
import { nextLookAfterMs } from "../../shared/policy/evidence/next-look.ts";
import { MINUTE, policy, SECOND } from "../support/facts.ts";

// Every ten seconds a look, which takes eight at most.
const next = (graceLeftMs: number | null, tookMs = 0) =>
  nextLookAfterMs({ graceLeftMs }, policy(), tookMs);

test("the interval counts from look to look: a round that took some of it is followed by the rest", () => {
  expect(next(null)).toBe(10 * SECOND);
  expect(next(null, 3 * SECOND)).toBe(7 * SECOND);
  expect(next(4 * MINUTE, 3 * SECOND)).toBe(7 * SECOND);
});

test.each([10 * SECOND, 10 * SECOND + 1])("a round of %i ms is followed at once", (tookMs) => {
  expect(next(null, tookMs)).toBe(0);
  expect(next(4 * MINUTE, tookMs)).toBe(0);
});

test("the last look of the grace ends just when the grace does", () => {
  expect(next(18 * SECOND)).toBe(10 * SECOND);
  expect(next(18 * SECOND - 1)).toBe(10 * SECOND - 1);
  expect(next(8 * SECOND + 1)).toBe(1);
});

test("a grace that ends before a look could is not waited for without a pause", () => {
  expect(next(8 * SECOND)).toBe(1);
  expect(next(1)).toBe(1);
});

test("a grace that is over hurries nobody", () => {
  expect(next(0)).toBe(10 * SECOND);
});
