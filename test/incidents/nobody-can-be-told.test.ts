// The channel is down just when the roles move: hooks that wait for it must not be left waiting.

import { expect, test } from "vitest";
import { MINUTE, regionLost, roleChanges, SECOND, simulate } from "../support/simulated-sites.ts";

test("nobody can be told when the roles move: they hear of it before they hear that it is writable", async () => {
  const sim = await simulate({ faults: [regionLost()] });
  const moved = () => roleChanges(sim.world).some(({ by }) => by === "us");
  expect(await sim.runJustUntil(moved, 20 * MINUTE)).toBe(true);
  sim.world.inject({ fault: "notifier-down", at: 0, for: 15 * SECOND });
  const told = () => sim.world.record.sent.map(({ event }) => event.type);
  expect(await sim.runUntil(() => told().includes("closed"), 20 * MINUTE)).toBe(true);
  const after = told().filter((type) => ["failed-over", "writable", "closed"].includes(type));
  expect(after).toEqual(["failed-over", "writable", "closed"]);
  sim.sites.stop();
});
