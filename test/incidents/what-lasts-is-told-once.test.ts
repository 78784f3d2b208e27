// Something lasts that one site sees and another does not. People hear once that it is so, again as the
// table says, and once that it is over: from whichever site, and never the contrary from the next one.

import { expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import type { Fault } from "../../simulator/faults.ts";
import { callSite } from "../support/call-site.ts";
import { damageRow } from "../support/damaged-rows.ts";
import {
  GROUP,
  MINUTE,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

/** What people have heard of a condition, in order. */
function heard({ world }: Simulation, type: string): readonly unknown[] {
  return world.record.sent
    .filter(({ event }) => event.data.condition === type)
    .map(({ event }) => event.data.what);
}

test.each([
  ["weu", GROUP],
  ["neu", EVERY_GROUP],
] as const)(
  "a pause that nobody can read, in the store of %s alone, of %s: not over while it is there, and over once",
  async (site, group) => {
    const sim = await simulate();
    await sim.runTo(SETTLED_MS);
    const pause = { group, kind: "pause", id: "pause" };
    damageRow(sim.world, site, pause, "a newer schema");
    await sim.runTo(SETTLED_MS + 20 * MINUTE);
    expect(heard(sim, "ledger-unreadable")).toEqual(["bad", "again"]);
    sim.world.stores.get(site)?.parts.get(`${group}/pause`)?.clear();
    await sim.runTo(SETTLED_MS + 25 * MINUTE);
    expect(heard(sim, "ledger-unreadable")).toEqual(["bad", "again", "over"]);
    sim.sites.stop();
  },
);

test.each(["weu", "neu", "sec"])(
  "the site %s stands still for five minutes: told once, over once, and it says of no other that it was silent",
  async (site) => {
    const stopped: Fault = { fault: "site-stopped", site, at: SETTLED_MS, for: 5 * MINUTE };
    const sim = await simulate({ faults: [stopped] });
    await sim.runTo(SETTLED_MS + 12 * MINUTE);
    expect(heard(sim, "site-silent")).toEqual(["bad", "over"]);
    sim.sites.stop();
  },
);

const REGIONS = { weu: "westeurope", neu: "northeurope", sec: "swedencentral" } as const;
type Site = keyof typeof REGIONS;
const SITES = Object.keys(REGIONS) as Site[];
const PAIRS = SITES.flatMap((one) =>
  SITES.filter((to) => to !== one).map((to) => [one, to] as const),
);

test.each(THOROUGH ? PAIRS : [["neu", "weu"] as const])(
  "%s does not reach the region of %s, which reaches it, and a third site ticks no more: each told once, over once",
  async (one, to) => {
    const lasts = { at: SETTLED_MS, for: 22 * MINUTE } as const;
    const third = SITES.find((site) => site !== one && site !== to) ?? one;
    const sim = await simulate({
      faults: [
        { fault: "partition", from: REGIONS[one], to: REGIONS[to], ...lasts },
        { fault: "site-stopped", site: third, ...lasts },
      ],
    });
    await sim.runTo(SETTLED_MS + 22 * MINUTE);
    expect(heard(sim, "ledger-silent")).toEqual(["bad", "again"]);
    expect(heard(sim, "site-silent")).toEqual(["bad", "again"]);
    await sim.runTo(SETTLED_MS + 27 * MINUTE);
    expect(heard(sim, "ledger-silent")).toEqual(["bad", "again", "over"]);
    expect(heard(sim, "site-silent")).toEqual(["bad", "again", "over"]);
    sim.sites.stop();
  },
);

test("a site whose own store is silent does not say that another ticks again", async () => {
  const sim = await simulate({
    faults: [
      { fault: "site-stopped", site: "sec", at: SETTLED_MS },
      { fault: "store-down", site: "weu", at: SETTLED_MS + 6 * MINUTE },
    ],
  });
  await sim.runTo(SETTLED_MS + 12 * MINUTE);
  const said = sim.world.record.sent.filter(({ event }) => event.data.subject === "sec");
  expect(said.map(({ event }) => event.data.what)).toEqual(["bad"]);
  sim.sites.stop();
});

test("two sites that stand in for one that reaches nobody do not say the same twice", async () => {
  const sim = await simulate({
    faults: [
      { fault: "notifier-down", site: "neu", at: SETTLED_MS },
      { fault: "instance-down", on: "home", at: SETTLED_MS + MINUTE },
    ],
  });
  await sim.runTo(SETTLED_MS);
  await callSite(sim, "pause", { group: GROUP, reason: "maintenance", owner: "kim" });
  await sim.runTo(SETTLED_MS + 10 * MINUTE);
  expect(heard(sim, "paused")).toEqual(["bad"]);
  sim.sites.stop();
});
