// What people were asked, answered, called for and paused, as every site finds it again.

import { describe, expect, test } from "vitest";
import { Ask } from "../../shared/domain/person.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { liftPause, pausesIn, writePause } from "../../shared/ledger/pauses.ts";
import {
  ASK,
  addApproval,
  approvalsIn,
  asksIn,
  callIn,
  forgetOldAsks,
  keepCall,
  markUnwanted,
  openAsk,
  settleAsk,
} from "../../shared/ledger/people.ts";
import { findDenial } from "../../shared/policy/evidence/find-denial.ts";
import { damageRow } from "../support/damaged-rows.ts";
import { approval, call } from "../support/facts.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { ask, NOW } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

const idAt = (nth: number) => `inc-1~${(NOW + nth).toString(36)}~digest`;

describe("an ask", () => {
  test("that goes out again keeps every token that went out, each once", async () => {
    const { at, run } = startLedger();
    await run(openAsk(at("neu"), ask({ tokenHashes: ["a", "b"] })));
    const later = ask({ tokenHashes: ["b", "c"], askedAt: NOW + 900_000 });
    const again = await run(openAsk(at("neu"), later));
    expect(again).toMatchObject({ tokenHashes: ["a", "b", "c"], askedAt: NOW });
  });

  test("in a newer version keeps what was sent before apart, and an older one comes too late", async () => {
    const { at, run } = startLedger();
    await run(openAsk(at("neu"), ask({ tokenHashes: ["a"] })));
    const newer = ask({ version: 2, guards: ["cooldown"], tokenHashes: ["b"], askedAt: NOW + 9 });
    const { guards, lossAtMostMs } = ask();
    const older = [{ guards, lossAtMostMs, tokenHashes: ["a"] }];
    expect(await run(openAsk(at("neu"), newer))).toEqual({ ...newer, older });
    const again = await run(openAsk(at("neu"), { ...newer, tokenHashes: ["c"] }));
    expect(again).toEqual({ ...newer, older, tokenHashes: ["b", "c"] });
    expect(await run(openAsk(at("neu"), ask({ tokenHashes: ["d"] })))).toEqual(again);
    const late = await run(settleAsk(at("neu"), ask(), { answer: "approved", at: NOW }));
    expect(late).toBeNull();
    const now = await run(settleAsk(at("neu"), newer, { answer: "approved", at: NOW }));
    expect(now).toMatchObject({ answer: "approved", version: 2 });
  });

  test("of which two make the same version keeps with each token what its message showed", async () => {
    const { at, run } = startLedger();
    const shown = ask({ guards: ["cooldown"], tokenHashes: ["a"] });
    await run(openAsk(at("neu"), shown));
    const more = { guards: ["cooldown", "loss-unknown"], lossAtMostMs: null } as const;
    const other = ask({ ...more, guards: [...more.guards] });
    for (const token of ["b", "c"]) {
      await run(openAsk(at("neu"), { ...other, tokenHashes: [token] }));
    }
    const again = await run(openAsk(at("neu"), { ...shown, tokenHashes: ["d"] }));
    const older = [{ ...more, tokenHashes: ["b", "c"] }];
    expect(again).toEqual({ ...shown, tokenHashes: ["a", "d"], older });
  });

  test("remembers since when nobody would ask it, until it has its answer", async () => {
    const { at, run } = startLedger();
    const mark = async (unwantedSinceAt: number | null) => {
      const rows = await run(readLive(at("neu")));
      const marked = { id: ask().id, unwantedSinceAt };
      await run(markUnwanted(at("neu"), marked, rows.one(ASK, ask().id)));
      return asksIn(await run(readLive(at("neu")))).map((one) => one.unwantedSinceAt);
    };
    expect(await mark(NOW)).toEqual([]);
    await run(openAsk(at("neu"), ask()));
    expect([await mark(NOW), await mark(null)]).toEqual([[NOW], [null]]);
    await run(settleAsk(at("neu"), ask(), { answer: "denied", at: NOW }));
    expect(await mark(NOW)).toEqual([null]);
  });

  test("that was answered is not opened again, and takes no more tokens", async () => {
    const { at, run } = startLedger();
    await run(openAsk(at("neu"), ask({ tokenHashes: ["a"] })));
    const denial = { answer: "denied", at: NOW + 1 } as const;
    expect(await run(settleAsk(at("neu"), ask(), denial))).toMatchObject({ answeredAt: NOW + 1 });
    const again = await run(openAsk(at("neu"), ask({ tokenHashes: ["b"] })));
    expect(again).toMatchObject({ answer: "denied", tokenHashes: ["a"] });
  });

  test("that an earlier release wrote is read: it did not say when it was answered", () => {
    const { answeredAt, ...earlier } = ask({ answer: "denied" });
    expect(Ask.parse({ ...earlier, expiresAt: NOW })).toMatchObject({ answeredAt });
    const { kind, version, older, unwantedSinceAt, takesBack, ...before } = ask();
    expect(Ask.parse(before)).toEqual({ ...ask(), kind: "planned" });
  });

  test("that nobody asked is answered by nobody", async () => {
    const { at, run, count } = startLedger();
    expect(
      await run(settleAsk(at("neu"), ask({ id: "never-asked" }), { answer: "approved", at: NOW })),
    ).toBeNull();
    expect(count("ask")).toBe(0);
  });

  test("is found newest first, and those behind the newest twenty go a few at a time", async () => {
    const { at, run, count } = startLedger();
    const book = at("neu");
    for (let nth = 0; nth < 25; nth++) await run(openAsk(book, ask({ id: idAt(nth) })));
    const asks = asksIn(await run(readLive(book)));
    expect([asks.length, asks[0]?.id, asks.at(-1)?.id]).toEqual([20, idAt(24), idAt(5)]);
    await run(forgetOldAsks(await run(readLive(book)), 2));
    expect(count("ask")).toBe(23);
    await run(forgetOldAsks(await run(readLive(book)), 10));
    expect(count("ask")).toBe(20);
    expect(asksIn(await run(readLive(book)))).toHaveLength(20);
  });

  test("that a person has denied is not pushed out by two hours of asks that come and go: the no stands", async () => {
    const { at, run, count } = startLedger();
    const book = at("neu");
    for (let nth = 0; nth < 65; nth++) {
      await run(openAsk(book, ask({ id: idAt(nth) })));
      const answer = nth < 2 ? "denied" : "withdrawn";
      await run(settleAsk(book, ask({ id: idAt(nth) }), { answer, at: NOW }));
      await run(forgetOldAsks(await run(readLive(book)), 2));
    }
    const asks = asksIn(await run(readLive(book)));
    expect(asks.slice(20).map(({ id, answer }) => [id, answer])).toEqual([
      [idAt(1), "denied"],
      [idAt(0), "denied"],
    ]);
    expect(findDenial(asks, "inc-1")).not.toBeNull();
    expect(count("ask")).toBe(22);
  });

  test("whose store takes nothing away is tried once, and its approvals are left as well", async () => {
    const { at, run, silence, clock, count } = startLedger();
    const book = at("neu");
    for (let nth = 0; nth < 23; nth++) {
      await run(openAsk(book, ask({ id: idAt(nth) })));
      await run(addApproval(book, approval({ askId: idAt(nth) })));
    }
    const rows = await run(readLive(book));
    silence("neu");
    const before = clock.now();
    await run(forgetOldAsks(rows, 10));
    expect(clock.now() - before).toBeLessThan(10_000);
    expect([count("ask"), count("approval")]).toEqual([23, 23]);
  });

  test("without an instant in its id counts as the oldest of all", async () => {
    const { at, run } = startLedger();
    const book = at("neu");
    for (const id of [idAt(1), "plain", idAt(0)]) await run(openAsk(book, ask({ id })));
    expect(asksIn(await run(readLive(book))).map(({ id }) => id)).toEqual([
      idAt(1),
      idAt(0),
      "plain",
    ]);
  });
});

test("approvals behind the newest twenty are not looked at", async () => {
  const { at, run } = startLedger();
  const book = at("neu");
  for (let nth = 0; nth < 21; nth++) {
    await run(addApproval(book, approval({ askId: idAt(nth), expiresAt: NOW + 9_000 })));
  }
  const standing = approvalsIn(await run(readLive(book)), "inc-1", NOW);
  expect([standing.length, standing[0]?.askId]).toEqual([20, idAt(1)]);
});

describe("a person's call", () => {
  const WHEN = { now: NOW, sinceAt: NOW - 60_000 };
  const made = call({ calledAt: NOW - 1_000, expiresAt: NOW + 1_000 });

  test("stands for its purpose until it expires, and not for what began after it", async () => {
    const { at, run } = startLedger();
    await run(keepCall(at("neu"), made));
    const rows = await run(readLive(at("neu")));
    expect(callIn(rows, "fail-over", WHEN)).toEqual(made);
    expect(callIn(rows, "fail-back", WHEN)).toBeNull();
    expect(callIn(rows, "fail-over", { ...WHEN, now: NOW + 999 })).toEqual(made);
    expect(callIn(rows, "fail-over", { ...WHEN, now: NOW + 1_000 })).toBeNull();
    expect(callIn(rows, "fail-over", { ...WHEN, sinceAt: NOW - 1_000 })).toEqual(made);
    expect(callIn(rows, "fail-over", { ...WHEN, sinceAt: NOW - 999 })).toBeNull();
  });

  test("is the newest of its purpose, in whatever order they arrive", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { at, run } = startLedger();
      const calls = [made, call({ ...made, id: "call-2", calledAt: NOW - 500 })];
      for (const nth of order) {
        const next = calls[nth];
        if (next !== undefined) await run(keepCall(at("neu"), next));
      }
      expect(callIn(await run(readLive(at("neu"))), "fail-over", WHEN)?.id).toBe("call-2");
    }
  });

  test("of the same moment as another does not take its place", async () => {
    const { at, run } = startLedger();
    await run(keepCall(at("neu"), made));
    await run(keepCall(at("neu"), { ...made, id: "call-2" }));
    expect(callIn(await run(readLive(at("neu"))), "fail-over", WHEN)?.id).toBe("call-1");
  });
});

describe("a pause", () => {
  const PAUSE = { scope: GROUP, reason: "works", owner: "kim", pausedAt: NOW, expiresAt: null };

  test("that nobody can read in one of two stores leaves it unknown whether we are paused", async () => {
    const { at, run, world } = startLedger();
    const read = () => run(Promise.all([at("neu"), at("weu")].map(readLive)));
    expect(pausesIn(await read(), NOW)).toEqual({ standing: [], readable: true });
    damageRow(world, "weu", { group: GROUP, kind: "pause", id: "kim" }, "garbage");
    expect(pausesIn(await read(), NOW)).toEqual({ standing: [], readable: false });
    await run(writePause(at("neu"), PAUSE));
    expect(pausesIn(await read(), NOW)).toEqual({ standing: [PAUSE], readable: false });
  });

  test("that nobody can read is lifted like any other, and what takes its place pauses nobody", async () => {
    const { at, run, world } = startLedger();
    damageRow(world, "neu", { group: GROUP, kind: "pause", id: "kim" }, "garbage");
    expect(await run(liftPause(at("neu"), "kim", NOW))).toBe(true);
    expect(pausesIn([await run(readLive(at("neu")))], NOW)).toEqual({
      standing: [],
      readable: true,
    });
    expect(await run(liftPause(at("neu"), "kim", NOW))).toBe(false);
  });

  test("that never was is not lifted, and no row comes of it", async () => {
    const { at, run, count } = startLedger();
    expect(await run(liftPause(at("neu"), "kim", NOW))).toBe(false);
    expect(count("pause")).toBe(0);
  });

  test("that has expired is not lifted once more", async () => {
    const { at, run } = startLedger();
    await run(writePause(at("neu"), { ...PAUSE, expiresAt: NOW + 10 }));
    expect(await run(liftPause(at("neu"), "kim", NOW + 10))).toBe(false);
    expect(await run(liftPause(at("neu"), "kim", NOW + 9))).toBe(true);
  });

  test("is named after its owner where a table takes that name, and else after its digest", async () => {
    const { at, run, world } = startLedger();
    const owners = ["kim", "K-9", "k".repeat(64), "k".repeat(65), "kim!", "!kim", ""];
    for (const owner of owners) await run(writePause(at("neu"), { ...PAUSE, owner }));
    const ids = [...(world.stores.get("neu")?.parts.get(`${GROUP}/pause`)?.keys() ?? [])];
    expect(ids.slice(0, 3)).toEqual(owners.slice(0, 3));
    expect(ids.slice(3).every((id) => /^~[A-Za-z0-9_-]+$/.test(id))).toBe(true);
    expect(ids).toHaveLength(owners.length);
  });
});
