// Every combination of a coarse space of facts (test/support/fact-slices.ts), decided by the rules and
// held against the laws (test/support/laws) and against the check that the product makes. Nothing is
// drawn by chance: what is right here is right at every one of these points.

import { describe, expect, test } from "vitest";
import { byCheck, byLaws, exhaust, LAWS, TABLES } from "../support/exhaust.ts";
import { NARROW_SLICES, SLICES } from "../support/fact-slices.ts";
import { findOverlaps, sizeOf } from "../support/fact-space.ts";
import { THOROUGH } from "../support/thorough.ts";

/** A few seconds each where nothing else runs. */
const PATIENCE_MS = 180_000;

describe("every combination", () => {
  const taken = THOROUGH ? SLICES : NARROW_SLICES;
  const slices = taken.map((slice) => [slice.name, slice] as const);

  test.each(slices)("of %s", { timeout: PATIENCE_MS }, (name, slice) => {
    const run = exhaust(slice, TABLES, [byLaws(LAWS), byCheck]);
    expect(run.found).toBeNull();
    expect(run.points).toBe(sizeOf(slice));
    expect(run.acts).toBeGreaterThan(0);
    console.log(`${name}: ${run.points} points, ${run.acts} of them act`);
  });

  test("makes two million points, and half a million in the gate", () => {
    const pointsOf = (all: typeof SLICES) => all.reduce((sum, slice) => sum + sizeOf(slice), 0);
    expect(pointsOf(SLICES)).toBeGreaterThan(2_000_000);
    expect(pointsOf(NARROW_SLICES)).toBeGreaterThan(500_000);
    console.log(`every combination: ${pointsOf(taken)} points in ${taken.length} slices`);
  });

  test("depends on the values of its signals alone", () => {
    expect(SLICES.flatMap((slice) => findOverlaps(slice))).toEqual([]);
    const yes = { facts: { pauseReadable: true } };
    const no = { policy: { canary: true } };
    const faulty = { name: "faulty", signals: { a: { yes, no }, b: { yes } } };
    expect(findOverlaps(faulty)).toEqual([
      "faulty: a is uneven",
      "faulty: a and b both set facts.pauseReadable",
    ]);
  });
});
