import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import {
  changeClaim,
  claimIn,
  readClaim,
  sendClaim,
  takeClaim,
} from "../../shared/ledger/claims.ts";
import { changeIncident, openIncident } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { addRow, changeRow, readRow, tryChange } from "../../shared/ledger/rows.ts";
import { createMemoryStore, putNewerRow } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { bookAt, COUNTER, NOW, suspicion, wanted } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";
import { describeClaims, describeOtherRows, type LedgerUnderTest } from "./ledger.contract.ts";

function startWorld() {
  const clock = new VirtualClock(NOW);
  const { groups, sites } = configOf();
  const world = createWorld({ clock, seed: 1, groups, sites });
  const reach = (name: string, region: string) =>
    bookAt(createMemoryStore(world, { name, region }, "neu"), clock);
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    work.then(mark, mark);
    await clock.runUntil(() => done);
    return work;
  };
  return { world, run, here: reach("neu", "northeurope"), there: reach("sec", "swedencentral") };
}

const startMemory = (): LedgerUnderTest => startWorld();

describe("claims in the memory store", () => describeClaims(startMemory));
describe("incidents, people and heartbeats in the memory store", () =>
  describeOtherRows(startMemory));

describe("a row that a newer release wrote", () => {
  test("cannot be read or changed, and stays", async () => {
    const { world, run, here } = startWorld();
    putNewerRow(world, "neu", { group: GROUP, kind: "counter", id: "one" }, 99);
    expect(await run(readRow({ book: here, type: COUNTER, id: "one" }))).toMatchObject({
      kind: "unreadable",
      because: "newer",
    });
    const change = () => tryChange({ book: here, type: COUNTER, id: "one" }, () => ({ count: 1 }));
    expect(await run(change())).toEqual({ kind: "unreadable", because: "newer" });
    const must = changeRow({ book: here, type: COUNTER, id: "one" }, () => ({ count: 1 }));
    await expect(run(must)).rejects.toThrow("what is there cannot be understood");
    expect(await run(addRow({ book: here, type: COUNTER, id: "one" }, { count: 1 }))).toBe(false);
    expect(world.stores.get("neu")?.parts.get(`${GROUP}/counter`)?.get("one")?.json).toBeNull();
  });

  test("is replaced where it is a cache: the next writer takes its place", async () => {
    const { world, run, here } = startWorld();
    putNewerRow(world, "neu", { group: GROUP, kind: "counter", id: "one" }, 99);
    const cache = { ...COUNTER, unreadable: "replace" } as const;
    const change = tryChange({ book: here, type: cache, id: "one" }, (now) => ({
      count: (now?.count ?? 0) + 1,
    }));
    expect(await run(change)).toMatchObject({ kind: "changed", value: { count: 1 } });
    expect(await run(readRow({ book: here, type: COUNTER, id: "one" }))).toMatchObject({
      value: { count: 1 },
    });
  });
});

test("a store that does not answer is a value, never an empty ledger", async () => {
  const { world, run, here } = startWorld();
  world.inject({ fault: "store-down", site: "neu", at: 0 });
  const silent = { kind: "silent", site: "neu" };
  expect(await run(readClaim(here))).toEqual(silent);
  expect(claimIn(await run(readLive(here)))).toEqual(silent);
  const change = tryChange({ book: here, type: COUNTER, id: "one" }, () => ({ count: 1 }));
  expect(await run(change)).toEqual({ kind: "failed", because: "silent" });
});

describe("what may never happen, in production too", () => {
  test("a phase that was reached is not taken back", async () => {
    const { run, here } = startWorld();
    const { incident } = await run(openIncident(here, suspicion()));
    const work = { incidentId: incident.id, motor: 0 };
    const phases = { ...incident.phases, postedAt: NOW };
    await run(changeIncident(here, work, (row) => ({ ...row, phases })));
    const back = changeIncident(here, work, (row) => ({ ...row, phases: incident.phases }));
    await expect(run(back)).rejects.toThrow("phases only grow: postedAt was reached");
    const lower = changeIncident(here, work, (row) => ({ ...row, motor: -1 }));
    await expect(run(lower)).rejects.toThrow("motors only grow");
  });

  test("an epoch does not go back, nor a claim that was sent", async () => {
    const { run, here } = startWorld();
    await run(takeClaim(here, wanted(), NOW));
    await run(sendClaim(here, { epoch: 1, holder: "neu" }, NOW));
    const unsent = changeClaim(here, 1, (row) => ({ ...row, state: "intent" }));
    await expect(run(unsent)).rejects.toThrow("epochs only grow: 1 sent to 1 intent");
    const lower = changeClaim(here, 1, (row) => ({ ...row, epoch: 3 }));
    await expect(run(lower)).rejects.toThrow("epochs only grow: 1 sent to 3 sent");
  });
});
