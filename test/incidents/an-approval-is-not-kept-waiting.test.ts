// The primary's region is lost, its site and its store with it. Nothing of it is waited for before acting.

import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import {
  MINUTE,
  regionLost,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { incidentIn } from "../support/stored.ts";
import { THOROUGH } from "../support/thorough.ts";

/** How long after the approval was sent the request leaves. */
async function approve(sim: Simulation, site: string): Promise<number> {
  const { world, clock } = sim;
  const ask = world.record.sent.find(({ event }) => event.type === "ask");
  const sentAt = clock.now();
  const body = { token: ask?.event.data.token, actor: "ada" };
  const { status } = await callSite(sim, "approve", body, site);
  expect(status).toBe(202);
  // Whoever approves is not kept waiting by the store of the lost region either.
  expect(clock.now() - sentAt).toBeLessThan(7 * SECOND);
  await sim.runUntil(() => world.record.posts.length > 0, 20 * MINUTE);
  return (world.record.posts[0]?.at ?? Number.POSITIVE_INFINITY) - sentAt;
}

async function lostAndAsked(seed: number): Promise<Simulation> {
  const sim = await simulate({ policy: { mode: "approve" }, faults: [regionLost()], seed });
  const asked = () => sim.world.record.sent.some(({ event }) => event.type === "ask");
  expect(await sim.runUntil(asked, SETTLED_MS + 8 * MINUTE)).toBe(true);
  return sim;
}

test.each(["neu", "sec"])(
  "an approval that just misses a look, given at %s: the request leaves within 12 s",
  async (site) => {
    const sim = await lostAndAsked(1);
    const last = incidentIn(sim.world)?.decidedAt;
    await sim.runJustUntil(() => incidentIn(sim.world)?.decidedAt !== last, 20 * MINUTE);
    expect(await approve(sim, site)).toBeLessThanOrEqual(12 * SECOND);
    sim.sites.stop();
  },
);

test.runIf(THOROUGH)(
  "an approval at any instant of a round: the request leaves within 12 s",
  async () => {
    const took: number[] = [];
    for (let phase = 0; phase < 12; phase += 0.25) {
      const sim = await lostAndAsked(3);
      await sim.clock.runUntil(sim.clock.now() + (30 + phase) * SECOND);
      took.push(await approve(sim, "neu"));
      sim.sites.stop();
    }
    expect(Math.max(...took)).toBeLessThanOrEqual(12 * SECOND);
  },
);
