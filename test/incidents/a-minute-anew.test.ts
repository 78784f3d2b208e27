// A failover that ended without moving the roles has itself made the primary look down: a minute of outage is
// seen anew before anything is sent, whoever began it and of whatever kind it was.

import { expect, test } from "vitest";
import {
  acceptedPosts,
  GROUP,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn } from "../support/stored.ts";

test("our forced one is rolled back by Azure: the next leaves a minute after, and moves them", async () => {
  const sim = await simulate({ faults: [regionLost()] });
  const operation = () => sim.world.groups.get(GROUP)?.operation ?? null;
  expect(await sim.runJustUntil(() => operation() !== null, 10 * MINUTE)).toBe(true);
  Object.assign(operation() ?? {}, {
    remainingMs: MINUTE,
    timesOutAt: sim.clock.now() + 20 * SECOND,
  });
  const ended = () => claimIn(sim.world)?.spentBecause === "ended-in-error";
  expect(await sim.runJustUntil(ended, 12 * MINUTE)).toBe(true);
  const endedAt = sim.clock.now();
  expect(await sim.runUntil(() => roleChanges(sim.world).length > 0, 15 * MINUTE)).toBe(true);
  const [, second] = acceptedPosts(sim.world);
  expect((second?.at ?? 0) - endedAt).toBeGreaterThanOrEqual(MINUTE);
  expect((second?.at ?? 0) - endedAt).toBeLessThan(2 * MINUTE);
  sim.sites.stop();
});

test("somebody else's has failed just before the grace is over: ours leaves a minute after", async () => {
  const settings = { activityDelayMs: 5 * SECOND };
  const sim = await simulate({ faults: [regionLost()], settings });
  await sim.runTo(SETTLED_MS + 2.5 * MINUTE);
  const failedAt = sim.clock.now();
  const by = { by: "kim@example.net", group: GROUP };
  sim.world.inject({ fault: "activity", what: "failover-failed", ...by, at: 0, for: SECOND });
  expect(await sim.runUntil(() => acceptedPosts(sim.world).length > 0, 15 * MINUTE)).toBe(true);
  const [first] = acceptedPosts(sim.world);
  expect((first?.at ?? 0) - START).toBeGreaterThan(SETTLED_MS + 3 * MINUTE);
  expect((first?.at ?? 0) - failedAt).toBeGreaterThanOrEqual(MINUTE);
  sim.sites.stop();
});
