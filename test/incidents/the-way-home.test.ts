// After a failover the lost region comes back and the group goes home by a planned failover, by itself.
// The site that leads the way home is the one in the home region; its motor may die like any other.

import { expect, test } from "vitest";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  roleChanges,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, failbackIn } from "../support/stored.ts";

const SOON = {
  cooldownMs: 5 * MINUTE,
  failback: { mode: "automatic" as const, window: null, soakMs: 2 * MINUTE },
};
const THERE_AND_BACK = [
  { by: "us", to: "partner" },
  { by: "us", to: "home" },
];

function away(): Promise<Simulation> {
  return simulate({ faults: [regionLost({ for: 8 * MINUTE })], policy: SOON });
}

function isHome({ world }: Simulation): boolean {
  return failbackIn(world, "weu")?.state === "done" && failbackIn(world, "neu")?.state === "done";
}

test("the region is back and has been well for the soak: home by one planned failover", async () => {
  const sim = await away();
  expect(await sim.runUntil(() => isHome(sim), 60 * MINUTE)).toBe(true);
  expect(roleChanges(sim.world)).toEqual(THERE_AND_BACK);
  expect(acceptedPosts(sim.world).map(({ kind, side }) => [kind, side])).toEqual([
    ["forced", "partner"],
    ["planned", "home"],
  ]);
});

test.each(["intent", "sent"] as const)(
  "the home host is killed with its claim at %s: home, once",
  async (state) => {
    const sim = await away();
    const reached = () => claimIn(sim.world, "weu")?.state === state;
    expect(await sim.runJustUntil(reached, 60 * MINUTE)).toBe(true);
    sim.sites.host("weu").kill();
    expect(await sim.runUntil(() => isHome(sim), 90 * MINUTE)).toBe(true);
    expect(roleChanges(sim.world)).toEqual(THERE_AND_BACK);
    expect(acceptedPosts(sim.world)).toHaveLength(2);
  },
);

test("the home side is lost again on the way: nothing is forced", async () => {
  const sim = await away();
  expect(
    await sim.runJustUntil(() => claimIn(sim.world, "weu")?.state === "sent", 60 * MINUTE),
  ).toBe(true);
  sim.world.inject({ fault: "region-dark", region: "westeurope", at: 0, for: 20 * MINUTE });
  await sim.runTo(60 * MINUTE);
  const forced = sim.world.record.posts.filter(({ kind }) => kind === "forced");
  expect(forced.map(({ side }) => side)).toEqual(["partner"]);
});
