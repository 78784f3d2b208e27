// The primary's region is lost. While the leading site works on it, its worker process crashes, or
// its host is killed (a machine that goes; timers are silent while its lease lasts), or stopped (a
// deployment; an activity in flight, or its result, comes back after a minute): once in the middle of every
// kind of activity. However it was interrupted, the incident ends the same way, and with one failover.

import { describe, expect, test } from "vitest";
import {
  ended,
  FAILED_OVER_ONCE,
  firstAndLast,
  firsts,
  midway,
  outcomeOf,
  type Step,
  undisturbedSteps,
} from "../support/incident-steps.ts";
import { type MotorFault, strike } from "../support/motor-faults.ts";
import { MINUTE, regionLost, simulate } from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const steps = await undisturbedSteps();

describe.each(["worker crash", "host killed"] as const)("%s", (fault) => {
  test.each(THOROUGH ? firstAndLast(steps) : firsts(steps))(
    "in the middle of $name: one effective failover",
    (step) => interrupted(fault, step),
  );
});

describe("host stopped", () => {
  test.each(firsts(steps))("in the middle of $name: one effective failover", (step) =>
    interrupted("host stopped", step),
  );
});

async function interrupted(fault: MotorFault, step: Step): Promise<void> {
  const sim = await simulate({ faults: [regionLost()] });
  strike(sim, fault, midway(step));
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  sim.sites.stop();
}
