import { VirtualClock } from "functions-host/clock";
import { expect, test } from "vitest";
import { createMissingStore } from "../../shared/azure/table-store/missing-store.ts";
import type { AuditEntry } from "../../shared/domain/event.ts";
import { addAudit } from "../../shared/ledger/audit.ts";
import { keepAnswer } from "../../shared/ledger/call-answers.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { forgetEndedPauses, liftPause, pausesIn, writePause } from "../../shared/ledger/pauses.ts";
import { keepCall } from "../../shared/ledger/people.ts";
import { SWEPT_KINDS, sweep } from "../../shared/ledger/retention.ts";
import { LIVE_KINDS, StoreUnreachable } from "../../shared/ports/store.ts";
import { digestOf } from "../../shared/text/digest.ts";
import { createMemoryStore } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { damageRow } from "../support/damaged-rows.ts";
import { call } from "../support/facts.ts";
import { bookAt, NOW } from "../support/ledger-rows.ts";
import { configOf, GROUP } from "../support/simulated-sites.ts";

const DAY = 24 * 60 * 60_000;

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
  const rows = (kind: string): number =>
    world.stores.get("neu")?.parts.get(`${GROUP}/${kind}`)?.size ?? 0;
  return { world, book, run, rows };
}

function entry(at: number): AuditEntry {
  const nobody = { incidentId: null, rule: null, receiptId: null, actor: "kim", detail: {} };
  return { ...nobody, id: `none~pause~${at}`, at, site: "neu", group: GROUP, action: "pause" };
}

const kindOf = (kind: string) => {
  const found = SWEPT_KINDS.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`Cannot sweep: no such kind: ${kind}`);
  return found;
};

test("no live kind is ever swept", () => {
  expect(SWEPT_KINDS.filter(({ kind }) => LIVE_KINDS.has(kind))).toEqual([]);
});

test("what is older than it is kept goes, a few rows at a time, and says how much and up to when", async () => {
  const { book, run, rows } = startBook();
  for (let day = 0; day < 30; day++) {
    await run(addAudit(book, entry(NOW - day * DAY), NOW - day * DAY));
  }
  const options = { before: NOW - 20 * DAY, atMost: 5 };
  expect(await run(sweep(book, kindOf("audit"), options))).toEqual({
    removed: 5,
    upToAt: NOW - 21 * DAY,
  });
  expect(await run(sweep(book, kindOf("audit"), options))).toMatchObject({ removed: 4 });
  expect(await run(sweep(book, kindOf("audit"), options))).toBeNull();
  expect(rows("audit")).toBe(21);
});

test("a call goes with its answer, and a young one stays", async () => {
  const { book, run, rows } = startBook();
  for (const [id, ageMs] of [
    ["call-a", 500 * DAY],
    ["call-b", DAY],
  ] as const) {
    await run(keepCall(book, call({ id, calledAt: NOW - ageMs })));
  }
  await run(sweep(book, kindOf("call"), { before: NOW - 400 * DAY, atMost: 5 }));
  expect(rows("call")).toBe(1);
});

test("calls go wherever they lie among however many: each sweep begins at another place", async () => {
  const { book, run, rows } = startBook();
  for (let n = 0; n < 120; n++) {
    const old = n % 10 === 0;
    await run(
      keepCall(book, call({ id: digestOf(`call ${n}`), calledAt: NOW - (old ? 500 : 1) * DAY })),
    );
  }
  for (let beat = 0; beat < 40; beat++) {
    const options = { before: NOW - 400 * DAY, atMost: 5, from: digestOf(String(beat)) };
    await run(sweep(book, kindOf("call"), options));
  }
  expect(rows("call")).toBe(108);
});

test("pauses that ended long ago go, lifted ones too; what stands, or was given anew, stays", async () => {
  const { book, run, rows } = startBook();
  const pause = { scope: GROUP, reason: "works", pausedAt: NOW - 200 * DAY, expiresAt: null };
  const ended = NOW - 100 * DAY;
  await run(writePause(book, { ...pause, owner: "bot-1", expiresAt: ended }));
  await run(writePause(book, { ...pause, owner: "bot-2", expiresAt: ended }));
  await run(writePause(book, { ...pause, owner: "bot-3", expiresAt: NOW - DAY }));
  await run(writePause(book, { ...pause, owner: "kim" }));
  await run(writePause(book, { ...pause, owner: "lee" }));
  await run(liftPause(book, "lee", ended));
  const seen = await run(readLive(book));
  await run(writePause(book, { ...pause, owner: "bot-2" }));
  await run(forgetEndedPauses(seen, { before: NOW - 90 * DAY, atMost: 10 }));
  const { standing } = pausesIn([await run(readLive(book))], NOW);
  expect(standing.map(({ owner }) => owner).sort()).toEqual(["bot-2", "kim"]);
  expect(rows("pause")).toBe(3);
});

test("while the store is silent nothing goes, and nobody is disturbed", async () => {
  const { book, run } = startBook();
  const silent = { ...book, store: createMissingStore("neu") };
  const swept = sweep(silent, kindOf("audit"), { before: NOW, atMost: 5 });
  expect(await run(swept)).toBeNull();
});

test("a store that takes nothing away is asked once, and a call stays as long as its answer", async () => {
  const { book, run, rows } = startBook();
  for (const id of ["call-a", "call-b"]) {
    await run(keepCall(book, call({ id, calledAt: NOW - 500 * DAY })));
  }
  let asked = 0;
  const remove = (): Promise<never> => {
    asked++;
    return Promise.reject(new StoreUnreachable("Cannot reach the store: no answer"));
  };
  const stuck = { ...book, store: { ...book.store, remove } };
  const options = { before: NOW - 400 * DAY, atMost: 5 };
  expect(await run(sweep(stuck, kindOf("call"), options))).toBeNull();
  expect([asked, rows("call")]).toEqual([1, 2]);
});

test("a row without an instant, of a newer release, or of just now stays, whatever surrounds it", async () => {
  const { book, run, rows, world } = startBook();
  const [old, before] = [NOW - 500 * DAY, NOW - 400 * DAY];
  await run(keepCall(book, call({ id: "a-old", calledAt: old })));
  damageRow(world, "neu", { group: GROUP, kind: "call", id: "b-no-instant" }, "wrong types");
  damageRow(world, "neu", { group: GROUP, kind: "call", id: "c-newer" }, "a newer schema");
  damageRow(world, "neu", { group: GROUP, kind: "call", id: "d-garbage" }, "garbage");
  await run(keepCall(book, call({ id: "e-at-the-limit", calledAt: before })));
  await run(keepAnswer([book], "a-old", { incidentId: null, missingAt: [] }));
  const swept = await run(sweep(book, kindOf("call"), { before, atMost: 9 }));
  expect(swept).toEqual({ removed: 1, upToAt: old });
  expect([rows("call"), rows("call-answer")]).toEqual([4, 0]);
});
