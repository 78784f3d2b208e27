// The site in the secondary's region leads. It is lost, or only looks lost while it goes on: another
// takes over, both may believe that it is theirs, and still one request takes effect.

import { describe, expect, test } from "vitest";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import {
  acceptedPosts,
  GRACE_MS,
  MINUTE,
  regionLost,
  SECOND,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, incidentIn } from "../support/stored.ts";

/** The primary's region lives, so that two vantages are left when the leading site has gone. */
const INSTANCE_LOST = { fault: "instance-down", on: "home", at: SETTLED_MS } as const;

describe("the leading site is gone for good", () => {
  test("during the grace: the third site takes over after a minute and fails over", async () => {
    const stopped = { fault: "site-stopped", site: "neu", at: 140 * SECOND } as const;
    const sim = await simulate({ faults: [INSTANCE_LOST, stopped] });
    const takenOver = () => incidentIn(sim.world)?.motorSite === "sec";
    expect(await sim.runUntil(takenOver, 5 * MINUTE)).toBe(true);
    const quietMs = sim.clock.now() - START - stopped.at;
    expect(quietMs).toBeGreaterThan(45 * SECOND);
    expect(quietMs).toBeLessThan(2 * MINUTE);
    expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
    expect(acceptedPosts(sim.world)).toMatchObject([{ from: "sec" }]);
  });

  test("before the incident began: the third site starts its motor, and fails over", async () => {
    const stopped = { fault: "site-stopped", site: "neu", at: SETTLED_MS - 5 * SECOND } as const;
    const sim = await simulate({ faults: [INSTANCE_LOST, stopped] });
    expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  });

  test.each(["intent", "sent"] as const)(
    "with its claim at %s: one effective request",
    async (state) => {
      const sim = await simulate({ faults: [INSTANCE_LOST] });
      expect(await sim.runJustUntil(() => claimIn(sim.world)?.state === state, 10 * MINUTE)).toBe(
        true,
      );
      sim.sites.host("neu").kill();
      sim.world.inject({ fault: "site-stopped", site: "neu", at: 0 });
      expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
      expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
    },
  );

  test("together with the primary's region: one vantage is no majority, nothing is sent", async () => {
    const stopped = { fault: "site-stopped", site: "neu", at: 140 * SECOND } as const;
    const sim = await simulate({ faults: [regionLost(), stopped] });
    await sim.runTo(15 * MINUTE);
    expect(sim.world.record.posts).toEqual([]);
    expect(incidentIn(sim.world)).toMatchObject({ closedAt: null, decision: { verdict: "hold" } });
  });
});

describe("the leading site looks dead and is not", () => {
  test("its timers freeze during the grace while its motor goes on: one request takes effect", async () => {
    const sim = await simulate({ faults: [regionLost()] });
    await sim.runTo(SETTLED_MS + MINUTE);
    freezeTimers(sim);
    expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  });

  test("its timers freeze and only its peers make it tick: one request takes effect", async () => {
    const sim = await simulate({ faults: [regionLost()] });
    await sim.runTo(SETTLED_MS);
    freezeTimers(sim);
    expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
    // Suspected half a minute after the loss at the latest, and hardly later for having to be called.
    const [{ at = Number.POSITIVE_INFINITY } = {}] = acceptedPosts(sim.world);
    expect(at - START - SETTLED_MS).toBeLessThan(GRACE_MS + 80 * SECOND);
  });
});

/** The host comes back at once, without its timers: HTTP and durable work go on. */
function freezeTimers({ sites }: Simulation): void {
  const { store } = sites.host("neu");
  sites.host("neu").kill();
  store.timerLeaseUntil = Number.MAX_SAFE_INTEGER;
}
