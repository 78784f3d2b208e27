// Looks that fail by chance, for 10,000 group-days: nothing is failed over, nobody is asked, and the
// incidents that open are no more than said here. How days are skipped: test/support/noisy-days.ts.

import { describe, expect, test } from "vitest";
import { liveThrough } from "../support/noisy-days.ts";
import { THOROUGH } from "../support/thorough.ts";

/** A few seconds where nothing else runs. */
const PATIENCE_MS = 180_000;

/** 10,000 days of each; of the noisier ones the gate takes a tenth. */
const DAYS = [
  { noise: 0.001, days: 10_000, incidentsMax: 250 },
  THOROUGH
    ? { noise: 0.01, days: 10_000, incidentsMax: 20_000 }
    : { noise: 0.01, days: 1_000, incidentsMax: 2_000 },
];

describe("group-days of three vantages that look every 15 s", () => {
  test.each(DAYS)(
    "$days of them with $noise of all looks failing: at most $incidentsMax incidents",
    {
      timeout: PATIENCE_MS,
    },
    ({ noise, days, incidentsMax }) => {
      const seen = liveThrough({ days, noise, seed: 20260115 });
      expect(seen).toMatchObject({ failovers: 0, asks: 0 });
      expect(seen.incidents).toBeGreaterThan(0);
      expect(seen.incidents).toBeLessThanOrEqual(incidentsMax);
      // As many looks failed as were meant to: three vantages, 5,760 looks a day each.
      expect(seen.badLooks / (3 * 5_760 * days * noise)).toBeCloseTo(1, 1);
      console.log(JSON.stringify({ noise, ...seen }));
    },
  );

  test("rounds that are skipped change nothing but the time it takes", () => {
    const some = { days: 60, noise: 0.02, seed: 7 };
    const { rounds: run, ...skipped } = liveThrough(some);
    const { rounds: all, ...whole } = liveThrough({ ...some, skip: false });
    expect(skipped).toEqual(whole);
    expect(run).toBeLessThan(all / 2);
  });
});
