// Whatever a store may hold under the name of a row, every reader gets a value, and the tick finds it.

import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { AUDIT, RECEIPT } from "../../shared/ledger/audit.ts";
import { CALL_ANSWER } from "../../shared/ledger/call-answers.ts";
import { GROUP_KINDS, SITE_KINDS } from "../../shared/ledger/live-kinds.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { CALL } from "../../shared/ledger/people.ts";
import { type RowType, readRow, tryChange } from "../../shared/ledger/rows.ts";
import { EVENT } from "../../shared/ledger/sent.ts";
import { LIVE_KINDS } from "../../shared/ports/store.ts";
import { createMemoryStore } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { DAMAGES, damageRow } from "../support/damaged-rows.ts";
import { bookAt, NOW } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";

const LIVE = [...new Set([...GROUP_KINDS, ...SITE_KINDS])];
const ADDED: readonly RowType<unknown>[] = [AUDIT, RECEIPT, EVENT, CALL, CALL_ANSWER];

function startBook() {
  const clock = new VirtualClock(NOW);
  const { groups, sites, self } = configOf();
  const world = createWorld({ clock, seed: 1, groups, sites });
  const book = bookAt(createMemoryStore(world, self, "neu"), clock, GROUP);
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    work.then(mark, mark);
    await clock.runUntil(() => done);
    return work;
  };
  return { world, book, run };
}

test("every kind of live row has its reader", () => {
  const read = LIVE.map(({ kind }) => kind);
  expect(read.toSorted()).toEqual([...LIVE_KINDS].sort());
});

describe.each(DAMAGES)("%s", (damage) => {
  test.each(LIVE.map((type) => [type.kind, type] as const))("in a row %s", async (kind, type) => {
    const { world, book, run } = startBook();
    damageRow(world, "neu", { group: GROUP, kind, id: "one" }, damage);
    const alone = await run(readRow({ book, type, id: "one" }));
    expect(alone.kind).toBe("unreadable");
    const rows = await run(readLive(book));
    expect(rows.one(type, "one")).toEqual(alone);
    expect(rows.all(type)).toEqual([]);
    expect(rows.unreadable(LIVE)).toMatchObject([{ kind, id: "one", store: "neu" }]);
    // Nobody throws: who may not write over it is told so.
    const outcome = await run(tryChange({ book, type, id: "one" }, () => null));
    expect(outcome.kind).toBe("unreadable");
  });

  test.each(ADDED.map((type) => [type.kind, type] as const))("in a row %s", async (kind, type) => {
    const { world, book, run } = startBook();
    damageRow(world, "neu", { group: GROUP, kind, id: "one" }, damage);
    expect((await run(readRow({ book, type, id: "one" }))).kind).toBe("unreadable");
  });
});
