// In whose store a row lives, and what is said of stores that give no answer.

import { describe, expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import { createStores, readOwn } from "../../shared/ledger/group-ledger.ts";
import type { readLive } from "../../shared/ledger/live-rows.ts";
import { addRow, NotWritten } from "../../shared/ledger/rows.ts";
import { writeToBooks } from "../../shared/ledger/write-to-books.ts";
import { createMemoryStore } from "../../simulator/azure/port/memory-store.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { COUNTER } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";

const named = (books: readonly { site: string; group: string }[]) =>
  books.map(({ site, group }) => `${site}/${group}`);

describe("the rows of a group", () => {
  test("that a failover needs lie in the region that it leads to, whoever is primary", () => {
    const { ledger } = startLedger("sec");
    expect(named([ledger.target("home"), ledger.target("partner")])).toEqual([
      `neu/${GROUP}`,
      `weu/${GROUP}`,
    ]);
  });

  test("that both regions hold come with the target's first", () => {
    const { ledger } = startLedger("sec");
    expect(named(ledger.both("home"))).toEqual([`neu/${GROUP}`, `weu/${GROUP}`]);
    expect(named(ledger.both("partner"))).toEqual([`weu/${GROUP}`, `neu/${GROUP}`]);
  });

  test("are ours, everybody's, and of this group alone", () => {
    const { ledger, group } = startLedger("sec");
    expect(named([ledger.own])).toEqual([`sec/${GROUP}`]);
    expect(named(ledger.all).toSorted()).toEqual([`neu/${GROUP}`, `sec/${GROUP}`, `weu/${GROUP}`]);
    expect(ledger.group).toBe(group);
  });

  test("lie with us, and once, where a region has no site of its own", () => {
    const { world, clock, group } = startLedger();
    const { self } = configOf("neu");
    const store = createMemoryStore(world, self, "neu");
    const alone = createStores({ self, sites: [self] }, new Map([["neu", store]]), clock);
    expect(named(alone.of(group).both("home"))).toEqual([`neu/${GROUP}`]);
    expect(named([alone.of(group).target("partner")])).toEqual([`neu/${GROUP}`]);
  });

  test("are found through one ledger for each group, which remembers", () => {
    const { stores, ledger, group } = startLedger();
    ledger.memory.primary = "partner";
    expect(stores.of(group)).toBe(ledger);
    const other = stores.of({ ...group, name: "other-fog" });
    expect(other.memory).toMatchObject({ primary: null, looks: [], unkeptSinceAt: null });
    expect(other.own.group).toBe("other-fog");
  });

  test("have no place where our own site has no store: that is said at once", () => {
    const { clock } = startLedger();
    const nothing = () => createStores(configOf("neu"), new Map(), clock);
    expect(nothing).toThrow("Cannot find our own store: no store was given for site neu");
  });
});

test("rows of no group are found in our own store, in that of a site, and in all", () => {
  const { stores } = startLedger("sec");
  expect(named([stores.own])).toEqual([`sec/${EVERY_GROUP}`]);
  expect(stores.at("weu")).toMatchObject({ site: "weu", group: EVERY_GROUP });
  expect(stores.at("nowhere")).toBeNull();
  expect(named(stores.all).toSorted()).toEqual([
    `neu/${EVERY_GROUP}`,
    `sec/${EVERY_GROUP}`,
    `weu/${EVERY_GROUP}`,
  ]);
});

describe("what a site remembers of a group", () => {
  test("is waited for as long as whoever asks has patience, and no longer", async () => {
    const { ledger, run, silence, clock } = startLedger();
    expect((await run(readOwn(ledger, 100))).rows.silent).toBe(false);
    silence("neu");
    const before = clock.now();
    expect((await run(readOwn(ledger, 100))).rows.silent).toBe(true);
    expect(clock.now() - before).toBe(100);
    expect((await run(readOwn(ledger))).rows.silent).toBe(true);
    expect(clock.now() - before).toBeGreaterThan(4_000);
  });
});

describe("a row that is written to several stores", () => {
  const write = (book: Parameters<typeof readLive>[0]) =>
    addRow({ book, type: COUNTER, id: "one" }, { count: 1 });

  test("says which have it, and which do not or did not say", async () => {
    const { ledger, run, silence, count } = startLedger();
    expect(await run(writeToBooks(ledger.both("home"), write))).toEqual({
      writtenAt: ["neu", "weu"],
      missingAt: [],
    });
    silence("weu");
    expect(await run(writeToBooks(ledger.both("home"), write))).toEqual({
      writtenAt: ["neu"],
      missingAt: ["weu"],
    });
    expect([count("counter", "neu"), count("counter", "weu")]).toEqual([1, 1]);
  });

  test("is written to all of them side by side", async () => {
    const { ledger, run, clock } = startLedger();
    const before = clock.now();
    await run(writeToBooks(ledger.all, write));
    expect(clock.now() - before).toBeLessThan(10);
  });

  test("hides no mistake of ours", async () => {
    const { ledger, run } = startLedger();
    const broken = writeToBooks(ledger.all, () => Promise.reject(new TypeError("a mistake")));
    await expect(run(broken)).rejects.toThrow("a mistake");
  });
});

test("a row that was not written says which, where, and why", () => {
  const why = (["silent", "others-write", "too-large", "unreadable"] as const).map(
    (because) => new NotWritten("row a/b/c", "neu", because).message,
  );
  expect(why).toEqual([
    "Cannot write row a/b/c at neu: its store gives no answer",
    "Cannot write row a/b/c at neu: others keep changing it",
    "Cannot write row a/b/c at neu: it is larger than a row may be",
    "Cannot write row a/b/c at neu: what is there cannot be understood",
  ]);
  expect(new NotWritten("row a/b/c", "neu", "silent").name).toBe("NotWritten");
});
