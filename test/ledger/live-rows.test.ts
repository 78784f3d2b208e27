// The live rows of a group in one store, as they were read in one request.

import { describe, expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import { beat } from "../../shared/ledger/heartbeats.ts";
import { GROUP_KINDS } from "../../shared/ledger/live-kinds.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { LOOKS, WATCH } from "../../shared/ledger/own-view.ts";
import { PAUSE } from "../../shared/ledger/pauses.ts";
import {
  addRow,
  changeRow,
  listFrom,
  readRow,
  removeRow,
  tryChange,
} from "../../shared/ledger/rows.ts";
import { StoreUnreachable } from "../../shared/ports/store.ts";
import { damageRow } from "../support/damaged-rows.ts";
import { look } from "../support/facts.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { COUNTER, NOW } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

describe("live rows", () => {
  test("of one kind are not taken for those of another with the same id", async () => {
    const { at, run } = startLedger();
    await run(changeRow({ book: at("neu"), type: LOOKS, id: "neu" }, () => ({ looks: [] })));
    const rows = await run(readLive(at("neu")));
    expect(rows.one(WATCH, "neu")).toEqual({ kind: "none" });
    expect(rows.one(LOOKS, "neu")).toMatchObject({ kind: "read", value: { looks: [] } });
    expect(rows.silent).toBe(false);
  });

  test("that nobody can read are named with their store and group, at most fifty of a kind", async () => {
    const { at, run, world } = startLedger();
    for (let nth = 10; nth < 70; nth++) {
      damageRow(world, "neu", { group: GROUP, kind: "pause", id: `kim-${nth}` }, "garbage");
    }
    const rows = await run(readLive(at("neu")));
    expect(rows.isReadable(PAUSE)).toBe(false);
    const found = rows.unreadable(GROUP_KINDS);
    expect([found.length, found[0]]).toEqual([
      50,
      { group: GROUP, kind: "pause", id: "kim-20", store: "neu", because: "broken" },
    ]);
  });

  test("of no group that nobody can read are named without one; what can be read is not named", async () => {
    const { at, run, world } = startLedger();
    const book = at("neu", EVERY_GROUP);
    damageRow(world, "neu", { group: EVERY_GROUP, kind: "pause", id: "kim" }, "garbage");
    await run(beat(await run(readLive(book)), { seen: {}, report: REPORT }, NOW));
    const rows = await run(readLive(book));
    expect(rows.unreadable([PAUSE])).toMatchObject([{ group: null, id: "kim" }]);
    expect(rows.isReadable(WATCH)).toBe(true);
  });

  test("that nobody has written since they were last read are not understood once more", async () => {
    const { at, run, world } = startLedger();
    const row = { book: at("neu"), type: LOOKS, id: "neu" };
    let understood = 0;
    const type = { ...LOOKS, schema: LOOKS.schema.refine(() => ++understood > 0) };
    const read = async () => (await run(readLive(row.book))).one(type, "neu");
    await run(changeRow(row, () => ({ looks: [] })));
    expect([(await read()).kind, (await read()).kind, understood]).toEqual(["read", "read", 1]);
    await run(changeRow(row, () => ({ looks: [look("neu")] })));
    expect([await read(), understood]).toMatchObject([{ value: { looks: [{}] } }, 2]);
    damageRow(world, "neu", { group: GROUP, kind: LOOKS.kind, id: "neu" }, "garbage");
    expect(await read()).toMatchObject({ kind: "unreadable", because: "broken" });
    await run(removeRow(row.book, LOOKS.kind, "neu"));
    expect(await read()).toEqual({ kind: "none" });
  });

  test("of a silent store tell nothing: no row, none that can be read, none that cannot", async () => {
    const { at, run, silence } = startLedger();
    silence("neu");
    const rows = await run(readLive(at("neu")));
    expect(rows.silent).toBe(true);
    expect(rows.one(WATCH, "neu")).toEqual({ kind: "silent", site: "neu" });
    expect([rows.all(PAUSE), rows.idsBefore(PAUSE, 1), rows.unreadable([PAUSE])]).toEqual([
      [],
      [],
      [],
    ]);
    expect(rows.isReadable(PAUSE)).toBe(false);
  });

  test("hide no mistake of ours as silence", async () => {
    const { at, run } = startLedger();
    const { store, ...book } = at("neu");
    const broken = {
      ...book,
      store: { ...store, readLive: () => Promise.reject(new TypeError("x")) },
    };
    await expect(run(readLive(broken))).rejects.toThrow(TypeError);
    const read = { ...book, store: { ...store, read: () => Promise.reject(new TypeError("x")) } };
    await expect(run(readRow({ book: read, type: WATCH, id: "neu" }))).rejects.toThrow(TypeError);
  });
});

const REPORT = { groups: [], unreadable: [] };

describe("one row", () => {
  const ROW = { type: COUNTER, id: "one" };

  test("is there, or not, or not to be told; once added it is not added again", async () => {
    const { at, run, silence } = startLedger();
    const row = { ...ROW, book: at("neu") };
    expect(await run(readRow(row))).toEqual({ kind: "none" });
    expect(await run(addRow(row, { count: 1 }))).toBe(true);
    expect(await run(addRow(row, { count: 2 }))).toBe(false);
    expect(await run(readRow(row))).toMatchObject({ kind: "read", value: { count: 1 } });
    silence("neu");
    expect(await run(readRow(row))).toEqual({ kind: "silent", site: "neu" });
    await expect(run(addRow(row, { count: 3 }))).rejects.toThrow(
      `Cannot write row ${GROUP}/counter/one at neu: its store gives no answer`,
    );
    await expect(run(changeRow(row, () => ({ count: 3 })))).rejects.toThrow("gives no answer");
  });

  test("that is larger than a row may be is not written, and that is said", async () => {
    const { at, run, count } = startLedger();
    const book = at("neu");
    const large = { ...book.store, write: async () => ({ kind: "too-large" }) as const };
    const row = { ...ROW, book: { ...book, store: large } };
    await expect(run(addRow(row, { count: 1 }))).rejects.toThrow("larger than a row may be");
    const tried = tryChange(row, () => ({ count: 1 }));
    expect(await run(tried)).toEqual({ kind: "failed", because: "too-large" });
    expect(count("counter")).toBe(0);
  });

  test("that others change without end is given up after six tries, each after a longer wait", async () => {
    const { at, run, clock } = startLedger();
    const book = at("neu");
    let tries = 0;
    const write = async () => {
      tries++;
      return { kind: "conflict" } as const;
    };
    const row = { ...ROW, book: { ...book, store: { ...book.store, write } } };
    const before = clock.now();
    const tried = tryChange(row, () => ({ count: 1 }));
    expect(await run(tried)).toEqual({ kind: "failed", because: "others-write" });
    const readsMs = 6 * 6;
    expect([tries, clock.now() - before]).toEqual([6, 40 * (1 + 2 + 3 + 4 + 5) + readsMs]);
  });

  test("whose change was written, but not answered, is not known to be written", async () => {
    const { at, run, world } = startLedger();
    world.inject({ fault: "store-answer-lost", site: "neu", at: 0 });
    const tried = tryChange({ ...ROW, book: at("neu") }, () => ({ count: 1 }));
    expect(await run(tried)).toEqual({ kind: "failed", because: "silent" });
  });

  test("that is broken is replaced where that is allowed, and one of a newer release only in a cache", async () => {
    for (const [unreadable, damage, outcome] of [
      ["replace", "garbage", "changed"],
      ["replace", "a newer schema", "changed"],
      ["replace-broken", "garbage", "changed"],
      ["replace-broken", "a newer schema", "unreadable"],
      ["keep", "garbage", "unreadable"],
      ["keep", "a newer schema", "unreadable"],
    ] as const) {
      const { at, run, world } = startLedger();
      damageRow(world, "neu", { group: GROUP, kind: "counter", id: "one" }, damage);
      const row = { book: at("neu"), type: { ...COUNTER, unreadable }, id: "one" };
      expect((await run(tryChange(row, () => ({ count: 1 })))).kind).toBe(outcome);
    }
  });

  test("that our own mistake would make unreadable is not written", async () => {
    const { at, run, count } = startLedger();
    const wrong = tryChange({ ...ROW, book: at("neu") }, () => ({ count: Number.NaN }));
    await expect(run(wrong)).rejects.toThrow();
    expect(count("counter")).toBe(0);
  });

  test("is taken away, and that a silent store does not say is told", async () => {
    const { at, run, silence, count } = startLedger();
    await run(addRow({ ...ROW, book: at("neu") }, { count: 1 }));
    expect(await run(removeRow(at("neu"), "counter", "one"))).toBe(true);
    expect(count("counter")).toBe(0);
    silence("neu");
    await expect(await run(removeRow(at("neu"), "counter", "one"))).toBe(false);
    expect(await run(listFrom(at("neu"), "counter", "", 5))).toEqual([]);
  });

  test("is no store's silence where the store says something else than that", async () => {
    const { at, run } = startLedger();
    const book = at("neu");
    const fail = (error: Error) => ({
      ...book,
      store: { ...book.store, remove: () => Promise.reject(error) },
    });
    expect(await run(removeRow(fail(new StoreUnreachable("gone")), "counter", "one"))).toBe(false);
    await expect(run(removeRow(fail(new TypeError("ours")), "counter", "one"))).rejects.toThrow(
      "ours",
    );
  });
});
