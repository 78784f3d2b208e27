// The primary's region is lost. In the middle of the grace the leading site's worker crashes, or its host
// is killed, or stopped and up again at once: looks are cut short, results of activities vanish for a minute,
// timers meet the lease of a dead host. However that falls out, the request goes out hardly later.

import { describe, expect, test } from "vitest";
import { type MotorFault, strike } from "../support/motor-faults.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  SECOND,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const LATE_MS = 45 * SECOND;
/** Whether a result is lost in a stop, and whether the lease is kept, is drawn. */
const SEEDS = THOROUGH ? [1, 2, 3, 4, 5, 6, 7, 8] : [2];
/** Seconds before the request of the undisturbed run: in the grace, in its last wait, in its last looks. */
const BEFORE = THOROUGH
  ? Array.from({ length: 36 }, (_, n) => 1 + n * 5)
  : [150, 61, 31, 21, 16, 11, 6];

describe.each(SEEDS)("seed %i", (seed) => {
  const undisturbed = postedMs(seed, () => undefined);

  describe.each(["worker crash", "host killed", "host stopped"] as const)("%s", (fault) => {
    test.each(BEFORE)("%i s before the request: it goes out 45 s later at most", async (seconds) =>
      expect(await lateBy(fault, seconds)).toBeLessThanOrEqual(LATE_MS),
    );
  });

  async function lateBy(fault: MotorFault, seconds: number): Promise<number> {
    const wouldBe = await undisturbed;
    const at = await postedMs(seed, (sim) => strike(sim, fault, wouldBe - seconds * SECOND));
    return at - wouldBe;
  }
});

/** When the one request was accepted, counted from the start. */
async function postedMs(seed: number, disturb: (sim: Simulation) => void): Promise<number> {
  const sim = await simulate({ seed, faults: [regionLost()] });
  disturb(sim);
  await sim.runUntil(() => acceptedPosts(sim.world).length > 0, 20 * MINUTE);
  const [first, ...more] = acceptedPosts(sim.world);
  sim.sites.stop();
  expect(more).toEqual([]);
  return (first?.at ?? Number.POSITIVE_INFINITY) - START;
}
