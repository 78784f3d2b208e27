// The channel is down just when the roles move: hooks that wait for it must not be left waiting.

import { expect, test } from "vitest";
import {
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  START,
  simulate,
} from "../support/simulated-sites.ts";

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

test.each([45, 300])(
  "nobody can be told for %i s: they hear all the same that it moved and is writable, each once",
  async (seconds) => {
    const sim = await simulate({ faults: [regionLost()] });
    const moved = () => roleChanges(sim.world).some(({ by }) => by === "us");
    expect(await sim.runJustUntil(moved, 20 * MINUTE)).toBe(true);
    const movedMs = sim.clock.now() - START;
    sim.world.inject({ fault: "notifier-down", at: 0, for: seconds * SECOND });
    await sim.runTo(movedMs + seconds * SECOND + 2 * MINUTE);
    const told = sim.world.record.sent.map(({ event }) => event.type);
    const after = told.filter((type) => ["failed-over", "writable"].includes(type));
    expect(after).toEqual(["failed-over", "writable"]);
    sim.sites.stop();
  },
);
