// Signs of life of the sites, and what lasts, as the sites tell each other through their stores.

import { describe, expect, test } from "vitest";
import type { Condition } from "../../shared/domain/condition.ts";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import { conditionsIn, writeCondition } from "../../shared/ledger/conditions.ts";
import {
  beat,
  heartbeatIn,
  nextBeat,
  readHeartbeat,
  seeOthers,
} from "../../shared/ledger/heartbeats.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

const REPORT = { groups: [], unreadable: [] };

describe("a heartbeat", () => {
  const beats = async (bench: ReturnType<typeof startLedger>, at: number) => {
    const rows = await bench.run(readLive(bench.at("neu", EVERY_GROUP)));
    return bench.run(beat(rows, { seen: {}, report: REPORT }, at));
  };

  test("begins at a number that grows with time, and grows by one with every tick", async () => {
    const bench = startLedger();
    const own = () => bench.run(readLive(bench.at("neu", EVERY_GROUP)));
    expect(nextBeat(await own())).toBeNull();
    const first = Math.floor(NOW / 1_000) + 1;
    expect(await beats(bench, NOW)).toEqual({ kind: "kept", beat: first });
    expect(nextBeat(await own())).toBe(first + 1);
    expect(await beats(bench, NOW + 15_000)).toEqual({ kind: "kept", beat: first + 1 });
    const kept = await bench.run(readHeartbeat(bench.at("neu", EVERY_GROUP)));
    expect(kept).toMatchObject({ kind: "read", value: { site: "neu", at: NOW + 15_000 } });
    expect(heartbeatIn(await own())).toEqual(kept);
  });

  test("that could not be kept says why", async () => {
    const bench = startLedger();
    bench.silence("neu");
    expect(await beats(bench, NOW)).toEqual({ kind: "lost", because: "silent" });
  });

  test("that is too large for a row says so", async () => {
    const { run, at } = startLedger();
    const rows = await run(readLive(at("neu", EVERY_GROUP)));
    const failed = { group: "y".repeat(500_000), lookedAt: null, failedBecause: null, sight: null };
    const report = { ...REPORT, groups: [failed] };
    expect(await run(beat(rows, { seen: {}, report }, NOW))).toEqual({
      kind: "lost",
      because: "too-large",
    });
  });

  test("of a site that is not looked at stands as it was last seen, and grows older only as our own did", async () => {
    const bench = startLedger();
    const { run, at } = bench;
    const book = at("neu", EVERY_GROUP);
    const seen = { sec: { beat: 7, changedAt: NOW - 60_000, silent: false } };
    await run(beat(await run(readLive(book)), { seen, report: REPORT }, NOW));
    const own = await run(readLive(book));
    const nobody = await run(seeOthers(own, [], () => NOW + 600_000));
    expect(nobody.seen).toEqual(seen);
    expect(nobody.quietMs("sec")).toBe(60_000);
    expect(nobody.quietMs("weu")).toBe(0);
    const looked = await run(seeOthers(own, [at("weu", EVERY_GROUP)], () => NOW + 600_000));
    expect(looked.seen).toMatchObject({ ...seen, weu: { beat: 0, changedAt: NOW + 600_000 } });
    expect(looked.quietMs("sec")).toBe(660_000);
  });

  test("that our own clock says was seen in the future is seen anew", async () => {
    const { run, at } = startLedger();
    const [book, sec] = [at("neu", EVERY_GROUP), at("sec", EVERY_GROUP)];
    const seen = { sec: { beat: 0, changedAt: NOW + 5_000, silent: false } };
    await run(beat(await run(readLive(book)), { seen, report: REPORT }, NOW));
    const own = await run(readLive(book));
    const early = await run(seeOthers(own, [sec], () => NOW + 4_999));
    expect(early.seen.sec).toEqual({ beat: 0, changedAt: NOW + 4_999, silent: false });
    const later = await run(seeOthers(own, [sec], () => NOW + 5_000));
    expect(later.seen).toEqual(seen);
  });

  test("of a site whose store is silent shows nothing new: it is as quiet as it was", async () => {
    const { run, at, silence } = startLedger();
    const [book, sec] = [at("neu", EVERY_GROUP), at("sec", EVERY_GROUP)];
    const seen = { sec: { beat: 7, changedAt: NOW - 1_000, silent: false } };
    await run(beat(await run(readLive(book)), { seen, report: REPORT }, NOW));
    const own = await run(readLive(book));
    silence("sec");
    const presence = await run(seeOthers(own, [sec], () => NOW));
    const silent = { sec: { ...seen.sec, silent: true } };
    expect([presence.seen, presence.quietMs("sec")]).toEqual([silent, 1_000]);
  });

  test("is never seen for less than no time, where our clock is set back", async () => {
    const { run, at } = startLedger();
    const own = await run(readLive(at("neu", EVERY_GROUP)));
    let now = NOW;
    const { quietMs } = await run(seeOthers(own, [at("sec", EVERY_GROUP)], () => now));
    now = NOW - 5_000;
    expect(quietMs("sec")).toBe(0);
    now = NOW + 5_000;
    expect(quietMs("sec")).toBe(5_000);
  });
});

describe("a condition", () => {
  const ROW: Condition = {
    type: "vantage-blind",
    group: GROUP,
    subject: "sec",
    state: "bad",
    sinceAt: NOW,
    because: null,
    severity: "notice",
    badSinceAt: NOW,
    timesTold: 1,
    step: 0,
    toldAt: NOW,
    toldSeverity: "notice",
    toldBy: "sec",
    overToldAt: null,
  };

  test("is kept in every store that answers, and stands where people have heard of it since from elsewhere", async () => {
    const { at, run, silence, count } = startLedger();
    const books = [at("neu"), at("weu"), at("sec")];
    silence("sec");
    await run(writeCondition(books, [], ROW));
    expect([
      count("condition", "neu"),
      count("condition", "weu"),
      count("condition", "sec"),
    ]).toEqual([1, 1, 0]);
    const kept = async () => conditionsIn(await run(readLive(at("neu"))))[0];
    await run(writeCondition(books, [], { ...ROW, toldAt: NOW - 1, timesTold: 9 }));
    expect(await kept()).toEqual(ROW);
    await run(writeCondition(books, [], { ...ROW, toldAt: null, timesTold: 9 }));
    expect(await kept()).toEqual(ROW);
    await run(writeCondition(books, [], { ...ROW, timesTold: 2 }));
    expect(await kept()).toMatchObject({ timesTold: 2 });
    await run(writeCondition(books, [], { ...ROW, toldAt: NOW + 1, timesTold: 3 }));
    expect(await kept()).toMatchObject({ timesTold: 3 });
  });

  test("of one subject is none of another", async () => {
    const { at, run, count } = startLedger();
    await run(writeCondition([at("neu")], [], ROW));
    await run(writeCondition([at("neu")], [], { ...ROW, subject: "weu" }));
    expect(count("condition")).toBe(2);
  });
});
