import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { readClaim } from "../../shared/ledger/claims.ts";
import { addRow, changeRow, listRows, RowUnreadable, readRow } from "../../shared/ledger/rows.ts";
import { createMemoryStore, putNewerRow } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { COUNTER, NOW } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";
import { describeClaims, describeOtherRows, type LedgerUnderTest } from "./ledger.contract.ts";

function startWorld() {
  const clock = new VirtualClock(NOW);
  const { groups, sites } = configOf();
  const world = createWorld({ clock, seed: 1, groups, sites });
  const reach = (name: string, region: string) => createMemoryStore(world, { name, region }, "neu");
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
    await expect(run(readRow(here, COUNTER, GROUP, "one"))).rejects.toThrow(RowUnreadable);
    const change = changeRow(here, COUNTER, GROUP, "one", () => ({ count: 1 }));
    await expect(run(change)).rejects.toThrow("written by a newer release");
    expect(await run(addRow(here, COUNTER, GROUP, "one", { count: 1 }))).toBe(false);
    expect(world.stores.get("neu")?.parts.get(`${GROUP}/counter`)?.get("one")?.json).toBeNull();
  });

  test("is passed over in a list; the rows beside it are not lost", async () => {
    const { world, run, here } = startWorld();
    await run(addRow(here, COUNTER, GROUP, "one", { count: 1 }));
    putNewerRow(world, "neu", { group: GROUP, kind: "counter", id: "two" }, 99);
    await run(addRow(here, COUNTER, GROUP, "three", { count: 3 }));
    expect(await run(listRows(here, COUNTER, GROUP))).toEqual([{ count: 1 }, { count: 3 }]);
  });
});

test("a store that does not answer is an error, never an empty ledger", async () => {
  const { world, run, here } = startWorld();
  world.inject({ fault: "store-down", site: "neu", at: 0 });
  await expect(run(readClaim(here, GROUP))).rejects.toThrow("Cannot reach the store");
});
