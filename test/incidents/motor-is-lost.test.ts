// The primary's region is lost. The orchestration that works on it ends as `Failed`, as orchestrations
// do that merely ran while a worker crashed, or hangs with nothing scheduled: once after every kind of
// activity. The row in the ledger knows better than the orchestration, and the tick starts another.

import { describe, expect, test } from "vitest";
import {
  ended,
  FAILED_OVER_ONCE,
  firstAndLast,
  justAfter,
  outcomeOf,
  undisturbedSteps,
} from "../support/incident-steps.ts";
import { strike } from "../support/motor-faults.ts";
import { MINUTE, regionLost, simulate } from "../support/simulated-sites.ts";
import { incidentIn } from "../support/stored.ts";

const steps = await undisturbedSteps();
/** With the last activity the incident is over: no motor is missed after it. */
const missed = firstAndLast(steps).filter((step) => step !== steps.at(-1));

describe.each(["instance Failed", "instance hung"] as const)("%s", (fault) => {
  test.each(missed)("after $name: another motor, one effective failover", async (step) => {
    const sim = await simulate({ faults: [regionLost()] });
    strike(sim, fault, justAfter(step));
    expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
    expect(incidentIn(sim.world)?.motor).toBe(2);
    sim.sites.stop();
  });
});
