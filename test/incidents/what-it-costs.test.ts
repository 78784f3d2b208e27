// What the ledger costs in requests, counted at its port over three sites, and that it costs the same
// after a year.

import { expect, test } from "vitest";
import { storageRequests } from "../../bench/counting-hub.ts";
import type { LedgerCounts } from "../../bench/counting-stores.ts";
import { costOfApp } from "../../bench/durable-cost.ts";
import { addedId } from "../../shared/ledger/added-ids.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { GROUP, MINUTE } from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const GROUP_HOUR_MAX = 1_500;
const SITES_HOUR_MAX = 2_500;
const INCIDENT_MAX = 1_500;
const DAY = 24 * 60 * MINUTE;

const sum = ({ reads, writes }: LedgerCounts): number => reads + writes;

test("in peace a group and the sites stay within their budgets, and nothing durable is done", async () => {
  const { hub, ledger } = await costOfApp({ kind: "healthy", ms: 20 * MINUTE });
  expect(3 * sum(ledger.groups)).toBeLessThanOrEqual(GROUP_HOUR_MAX);
  expect(3 * sum(ledger.sites)).toBeLessThanOrEqual(SITES_HOUR_MAX);
  expect(hub).toEqual({ turns: 0, events: 0, messages: 0, activities: 0 });
});

test("an incident, from the loss until it is closed, stays within its own", async () => {
  const { hub, ledger, tookMs } = await costOfApp({ kind: "lost" });
  expect(tookMs).toBeLessThan(7 * MINUTE);
  const requests = storageRequests(hub) + sum(ledger.groups) + sum(ledger.sites);
  expect(requests).toBeLessThanOrEqual(INCIDENT_MAX);
});

/** What a year with an incident a week leaves behind. */
function putYear(world: World): void {
  for (const { name } of world.sites) {
    for (const kind of ["audit", "event", "receipt"]) putKind(world, name, kind);
  }
}

function putKind(world: World, site: string, kind: string): void {
  const rows = world.stores.get(site);
  if (rows === undefined) return;
  const name = `${GROUP}/${kind}`;
  const part = rows.parts.get(name) ?? new Map();
  rows.parts.set(name, part);
  for (let row = 0; row < 10_400; row++) {
    const at = world.at - row * 50 * MINUTE;
    const id = addedId(at, `old-${row}`);
    const json = JSON.stringify({ at, writtenAt: at, sentAt: at });
    part.set(id, { id, etag: `W/"old${row}"`, json, schemaVersion: 1 });
  }
}

/** Blips as often as the span asks for: a tick, a look and an incident cost what they cost. */
const WEEKS = THOROUGH ? 4 : 1;
const EVERY_MS = THOROUGH ? 7 * DAY : 12 * MINUTE;

test("after a year's rows the same span costs the same: requests and rows read", async () => {
  const span = { kind: "blips", count: WEEKS, everyMs: EVERY_MS } as const;
  const before = await costOfApp(span);
  const after = await costOfApp(span, putYear);
  expect(after.rowsRead).toBeLessThanOrEqual(before.rowsRead * 1.02 + 500);
  // What it takes to sweep a year's rows comes on top, and stays small.
  expect(sum(after.ledger.groups)).toBeLessThanOrEqual(sum(before.ledger.groups) * 1.05 + 100);
  expect(sum(after.ledger.sites)).toBe(sum(before.ledger.sites));
});
