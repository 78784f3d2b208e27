import fc from "fast-check";
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

test("a round that would end before the grace, with none to follow in time, waits until it ends just after it", () => {
  expect(next(17 * SECOND, 8 * SECOND)).toBe(2 * SECOND);
  expect(next(17 * SECOND - 1, 8 * SECOND)).toBe(10 * SECOND - 1);
  expect(next(8 * SECOND + 1, 8 * SECOND)).toBe(SECOND + 1);
  expect(next(15 * SECOND, 10 * SECOND)).toBe(6 * SECOND);
});

test("a grace that ends before a look could is not waited for without a pause", () => {
  expect(next(8 * SECOND, 8 * SECOND)).toBe(1);
  expect(next(1, 8 * SECOND)).toBe(1);
  expect(next(5 * SECOND, 10 * SECOND)).toBe(0);
});

test("a grace that is over hurries nobody", () => {
  expect(next(0)).toBe(10 * SECOND);
});

test("the primary is not left unwatched for the end of a grace: neither for much more than two intervals, nor for a minute", () => {
  expect(next(20 * SECOND, 15 * SECOND)).toBe(6 * SECOND);
  expect(next(20 * SECOND + 1, 15 * SECOND)).toBe(0);
  const rare = { intervalMs: 30 * SECOND };
  const after = (graceLeftMs: number) => nextLookAfterMs({ graceLeftMs }, rare, 30 * SECOND);
  expect(after(45 * SECOND)).toBe(16 * SECOND);
  expect(after(45 * SECOND + 1)).toBe(0);
});

// Timers of the host: none under two seconds, and each up to a second early.
test("however long a round takes, and however early timers are, the last one ends five seconds after the grace at most", () => {
  const seconds = (min: number, max: number) =>
    fc.integer({ min: min * SECOND, max: max * SECOND });
  const rounds = seconds(5, 20).chain((intervalMs) =>
    fc.record({
      intervalMs: fc.constant(intervalMs),
      tookMs: fc.integer({ min: 0, max: intervalMs }),
      graceMs: seconds(100, 400),
      earlyMs: fc.array(seconds(0, 1), { minLength: 100, maxLength: 100 }),
    }),
  );
  fc.assert(
    fc.property(rounds, ({ intervalMs, tookMs, graceMs, earlyMs }) => {
      let graceLeftMs = graceMs;
      for (const early of earlyMs) {
        if (graceLeftMs <= 0) break;
        const afterMs = nextLookAfterMs({ graceLeftMs }, { intervalMs }, tookMs);
        graceLeftMs -= tookMs + (afterMs === 0 ? 0 : Math.max(2 * SECOND, afterMs) - early);
      }
      expect(graceLeftMs).toBeLessThanOrEqual(0);
      expect(graceLeftMs).toBeGreaterThanOrEqual(-5 * SECOND);
    }),
  );
});
