// After a failover somebody must care until the group has a secondary again: in either direction, and
// whatever the mode of going home. In approve mode the way home is asked for like any other failover.

import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  roleChanges,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { asksIn, failbackIn } from "../support/stored.ts";

const SOAK_MS = 2 * MINUTE;
const COOLDOWN_MS = MINUTE;
const OFF = {
  cooldownMs: COOLDOWN_MS,
  failback: { mode: "off" as const, window: null, soakMs: SOAK_MS },
};
const APPROVE = {
  cooldownMs: COOLDOWN_MS,
  failback: { mode: "approve" as const, window: null, soakMs: SOAK_MS },
};

function sentOf({ world }: Simulation, type: "page" | "protected" | "ask") {
  return world.record.sent.flatMap(({ event }) => (event.type === type ? [event] : []));
}

test("going home is asked for, and approved: home by one planned failover, asked once", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 5 * MINUTE })], policy: APPROVE });
  expect(await sim.runUntil(() => sentOf(sim, "ask").length > 0, 60 * MINUTE)).toBe(true);
  await sim.runTo(sim.clock.now() - sim.world.startAt + 3 * MINUTE);
  expect(acceptedPosts(sim.world).map(({ kind }) => kind)).toEqual(["forced"]);

  const token = sentOf(sim, "ask")[0]?.data.token;
  expect(await callSite(sim, "approve", { token, actor: "kim" }, "weu")).toMatchObject({
    status: 202,
  });
  const home = () => failbackIn(sim.world, "weu")?.state === "done";
  expect(await sim.runUntil(home, 100 * MINUTE)).toBe(true);
  expect(acceptedPosts(sim.world).map(({ kind, side }) => [kind, side])).toEqual([
    ["forced", "partner"],
    ["planned", "home"],
  ]);
  expect(roleChanges(sim.world).at(-1)).toEqual({ by: "us", to: "home" });
  expect(sentOf(sim, "ask")).toHaveLength(1);
  sim.sites.stop();
});

const UNPROTECTED = expect.stringContaining("no secondary is known to follow");

test("nobody wants to go home, and the lost region stays away: one page after an hour", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: OFF });
  await sim.runTo(60 * MINUTE);
  expect(sentOf(sim, "page")).toEqual([]);
  await sim.runTo(68 * MINUTE);
  expect(sentOf(sim, "page").map(({ text }) => text)).toEqual([UNPROTECTED]);
  expect(failbackIn(sim.world)).toMatchObject({ state: "off", protectedAt: null });
  sim.sites.stop();
});

test("while the new primary says SUSPENDED nobody hears that it is followed, whatever the old one says", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 5 * MINUTE })], policy: OFF });
  const group = () => [...sim.world.groups.values()][0];
  const copies = () => (group()?.reseedEndsAt ?? null) !== null;
  expect(await sim.runUntil(copies, 30 * MINUTE)).toBe(true);
  const told = () => sentOf(sim, "protected").length > 0;
  expect(await sim.runUntil(told, 30 * MINUTE)).toBe(true);
  expect(copies()).toBe(false);
  sim.sites.stop();
});

test("nobody wants to go home, and the lost region follows again: said once, done, and nothing is asked", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 5 * MINUTE })], policy: OFF });
  const done = () => failbackIn(sim.world)?.state === "done";
  expect(await sim.runUntil(done, 30 * MINUTE)).toBe(true);
  await sim.runTo(sim.clock.now() - sim.world.startAt + 10 * MINUTE);
  expect(sentOf(sim, "protected")).toHaveLength(1);
  expect([...sentOf(sim, "ask"), ...sentOf(sim, "page")]).toEqual([]);
  expect([...asksIn(sim.world, "weu"), ...asksIn(sim.world)]).toEqual([]);
  expect(roleChanges(sim.world)).toEqual([{ by: "us", to: "partner" }]);
  sim.sites.stop();
});

test("the partner is lost while it is primary, and stays away: a page after an hour unprotected at home", async () => {
  const sim = await simulate({
    faults: [{ fault: "other-failover", kind: "planned", at: SETTLED_MS }],
    policy: OFF,
  });
  await sim.runTo(6 * MINUTE);
  sim.world.inject({ fault: "region-dark", region: "northeurope", at: 0 });
  await sim.runTo(73 * MINUTE);
  expect(roleChanges(sim.world).at(-1)).toEqual({ by: "us", to: "home" });
  expect(sentOf(sim, "page").map(({ text }) => text)).toEqual([UNPROTECTED]);
  sim.sites.stop();
});
