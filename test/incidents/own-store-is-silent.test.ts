// Looking never depends on remembering: a site whose own store is down still looks, and its look counts.

import type { HostLine } from "functions-host/host-options";
import { expect, test } from "vitest";
import { TravellingReport } from "../../shared/domain/travelling.ts";
import { callSite } from "../support/call-site.ts";
import {
  MINUTE,
  regionLost,
  roleChanges,
  SETTLED_MS,
  simulate,
} from "../support/simulated-sites.ts";
import { incidentIn } from "../support/stored.ts";

const THIRD_STORE_DOWN = { fault: "store-down", site: "sec", at: SETTLED_MS - 30_000 } as const;

test("the region is lost and the third site's store is down: its vote counts, and the failover happens in time", async () => {
  const sim = await simulate({ faults: [THIRD_STORE_DOWN, regionLost()] });
  const failedOver = () => roleChanges(sim.world).length > 0;
  expect(await sim.runUntil(failedOver, SETTLED_MS + 6 * MINUTE)).toBe(true);
  const posted = incidentIn(sim.world)?.phases.postedAt ?? 0;
  const onset = incidentIn(sim.world)?.phases.onsetAt ?? 0;
  expect(posted - onset).toBeLessThan(3 * MINUTE + 30_000);
  sim.sites.stop();
});

test("the region is lost and the third site's store loses the answers to its writes: its vote counts all the same", async () => {
  const lost = { fault: "store-answer-lost", site: "sec", at: SETTLED_MS - 30_000 } as const;
  const sim = await simulate({ faults: [lost, regionLost()] });
  const failedOver = () => roleChanges(sim.world).length > 0;
  expect(await sim.runUntil(failedOver, SETTLED_MS + 6 * MINUTE)).toBe(true);
  sim.sites.stop();
});

test("it answers the others with its fresh look, in time", async () => {
  const sim = await simulate({ faults: [THIRD_STORE_DOWN, regionLost()] });
  await sim.runTo(SETTLED_MS + 40_000);
  const askedAt = sim.clock.now();
  const { json } = await callSite(sim, "observations/orders-fog", undefined, "sec", "GET");
  expect(sim.clock.now() - askedAt).toBeLessThan(10_000);
  const { looks } = TravellingReport.parse(json);
  expect(looks.at(-1)).toMatchObject({ vantage: "sec", result: "no-answer" });
  sim.sites.stop();
});

test("a tick without its store looks all the same, and keeps a suspicion where it can", async () => {
  const sim = await simulate({ faults: [THIRD_STORE_DOWN] });
  await sim.runTo(SETTLED_MS);
  const { status, json } = await callSite(sim, "tick", undefined, "sec", "POST");
  expect([status, json]).toMatchObject([200, { groups: [{ outcome: "writes" }] }]);
  sim.sites.stop();
});

test("a tick without its store says so in one line of its log, and every other one says nothing", async () => {
  const lines: HostLine[] = [];
  const log = (line: HostLine): void => {
    lines.push(line);
  };
  const sim = await simulate({ faults: [{ ...THIRD_STORE_DOWN, for: MINUTE }], log });
  await sim.runTo(SETTLED_MS + 3 * MINUTE);
  sim.sites.stop();
  const said = lines.filter(({ functionName }) => functionName === "tick");
  expect(said.length).toBeGreaterThanOrEqual(4);
  expect(new Set(said.map(({ host, level, message }) => `${host} ${level}: ${message}`))).toEqual(
    new Set(["sec error: The tick failed in part: own store: silent"]),
  );
});

test("a store whose heartbeat others keep changing is told, and that this is why", async () => {
  const conflict = { fault: "store-conflict", site: "sec", share: 1, at: SETTLED_MS } as const;
  const sim = await simulate({ faults: [conflict] });
  await sim.runTo(SETTLED_MS + 8 * MINUTE);
  const told = sim.world.record.sent.filter(
    ({ event }) => event.data.condition === "ledger-silent" && event.data.subject === "sec",
  );
  expect(told.map(({ event }) => event.text.split("\n")[2])).toEqual([
    "Seen: the store of sec, swedencentral does not take the heartbeat: others keep",
  ]);
  sim.sites.stop();
});
