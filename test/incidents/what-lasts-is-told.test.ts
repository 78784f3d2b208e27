// Something lasts that somebody should know: one site tells it, again after the waits of the table, and
// once when it is over. The world's own ledger of what was sent is the judge.

import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import {
  GROUP,
  MINUTE,
  regionLost,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

/** What was sent of one condition, by how many minutes after the start, over all sites. */
function toldOf({ world }: Simulation, type: string): readonly (readonly [number, string])[] {
  return world.record.sent
    .filter(({ event }) => event.data.condition === type)
    .map(({ at, event }) => [
      Math.floor((at - START) / MINUTE),
      `${event.data.what} ${event.type}${event.urgent ? ", urgent" : ""}`,
    ]);
}

// Of 72 hours the conditions alone are proven: test/policy/conditions.test.ts.
test("a while in which nothing is wrong: nothing is sent", async () => {
  const sim = await simulate();
  await sim.runTo(THOROUGH ? 120 * MINUTE : 35 * MINUTE);
  sim.sites.stop();
  expect(sim.world.record.sent).toEqual([]);
});

test("a pause without an end, and the region is lost: a page at once, and again every quarter of an hour", async () => {
  const sim = await simulate({ faults: [{ ...regionLost(), at: 4 * MINUTE }] });
  await sim.runTo(SETTLED_MS);
  const pause = { group: GROUP, reason: "network change", owner: "operator" };
  expect((await callSite(sim, "pause", pause)).status).toBe(200);
  await sim.runTo(45 * MINUTE);
  sim.sites.stop();
  expect(sim.world.record.posts).toEqual([]);
  const told = toldOf(sim, "paused");
  expect(told.map(([, what]) => what)).toEqual([
    "bad page, urgent",
    "again page, urgent",
    "again page, urgent",
  ]);
  const [first = 0, second = 0, third = 0] = told.map(([minute]) => minute);
  expect(first).toBeLessThanOrEqual(6);
  // By whole minutes, of ticks that are a quarter of one apart.
  for (const wait of [second - first, third - second]) expect([15, 16]).toContain(wait);
});

test("a site ticks no more: the others say so once, again after a quarter of an hour, and once when it is back", async () => {
  const stopped = { fault: "site-stopped", site: "sec", at: SETTLED_MS, for: 23 * MINUTE } as const;
  const sim = await simulate({ faults: [stopped] });
  await sim.runTo(40 * MINUTE);
  sim.sites.stop();
  expect(toldOf(sim, "site-silent").map(([, what]) => what)).toEqual([
    "bad notice",
    "again notice",
    "over notice",
  ]);
});
