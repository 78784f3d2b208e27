// Each bench on a small scale: that it measures anything, and that its counters count.

import { expect, test } from "vitest";
import { costOfApp, costOfMonitor } from "../../bench/durable-cost.ts";
import { measurePhases } from "../../bench/grace-to-request.ts";
import { countIncidents, runNoisyHours } from "../../bench/incidents-under-noise.ts";
import { countCalls } from "../../bench/outward-calls.ts";

const MINUTE = 60_000;

test("a loss leads to a request, and the way there is timed", async () => {
  const [phase] = await measurePhases(1);
  expect(phase?.afterGraceMs).toBeGreaterThan(0);
  expect(phase?.afterLossAndGraceMs).toBeGreaterThanOrEqual(phase?.afterGraceMs ?? 0);
  expect(phase?.afterLossAndGraceMs).toBeLessThanOrEqual(30_000);
});

test("noise opens fewer incidents than it makes bad looks, by about the share of them that pair up", () => {
  const { incidents, atFirstBadLook } = countIncidents(0.01, 20_000, 1);
  expect(incidents / 20).toBeGreaterThan(60);
  expect(incidents / 20).toBeLessThan(80);
  expect(atFirstBadLook).toBeGreaterThan(50 * incidents);
});

test("the whole app opens incidents too when half of all looks fail", async () => {
  const { incidents, failovers } = await runNoisyHours(0.5, 1 / 30, 1);
  expect(incidents).toBe(1);
  expect(failovers).toBe(0);
});

test("a healthy group costs no durable work, and the eternal monitor costs some all the time", async () => {
  const { hub, ledger } = await costOfApp({ kind: "healthy", ms: MINUTE });
  expect(hub).toEqual({ turns: 0, events: 0, messages: 0, activities: 0 });
  expect(ledger.groups.reads).toBeGreaterThan(0);
  expect(ledger.sites.writes).toBeGreaterThan(0);
  const monitor = await costOfMonitor(5 * MINUTE, false);
  expect(monitor.activities).toBeGreaterThanOrEqual(18);
  expect(monitor.events).toBeGreaterThan(monitor.turns);
});

test("what goes over the wire is counted by whom it is for", async () => {
  const { calls } = await countCalls("healthy", 2 * MINUTE);
  expect(calls.get("reads of Resource Manager")).toBeGreaterThan(0);
});
