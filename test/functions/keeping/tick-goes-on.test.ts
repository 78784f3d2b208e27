// What a tick keeps going: motors, the way home, the proof of the key, its view of other sites, and its beat.

import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { createTick } from "../../../functions/keeping/tick.ts";
import type { Heartbeat } from "../../../shared/domain/watch.ts";
import { addAudit } from "../../../shared/ledger/audit.ts";
import { takeClaim } from "../../../shared/ledger/claims.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { beat, heartbeatIn } from "../../../shared/ledger/heartbeats.ts";
import { changeIncident, openIncident } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { type Bench, leaveHome, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { suspicion, wanted } from "../../support/ledger-rows.ts";
import { createMotorHost, type MotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, failbackIn, incidentIn } from "../../support/stored.ts";

const DAY = 24 * 60 * MINUTE;

let bench: Bench;
let host: MotorHost;
beforeEach(async () => {
  bench = await startBench();
  host = createMotorHost();
});

const tick = (app: App = bench.neu) => bench.run(createTick(app)(host.client));
const store = () => bench.neu.stores.of(bench.group).own;
async function beatOf(app: App = bench.neu): Promise<Heartbeat> {
  const last = valueOrNull(heartbeatIn(await bench.run(readLive(app.stores.own))));
  if (last === null) throw new Error("there is no beat");
  return last;
}

type Read = App["ports"]["failoverGroups"]["read"];

/** The same site, to which Resource Manager says this of the group. */
function reading(read: (...of: Parameters<Read>) => ReturnType<Read>, app: App = bench.neu): App {
  const failoverGroups = { ...app.ports.failoverGroups, read };
  return { ...app, ports: { ...app.ports, failoverGroups } };
}

test("after a failover a store that is gone is waited for once in a tick, of which nothing fails", async () => {
  await leaveHome(bench);
  bench.world.inject({ fault: "store-down", site: "weu", at: 0 });
  const ticks: { readonly failed: readonly string[]; readonly tookMs: number }[] = [];
  for (let nth = 0; nth < 20; nth++) {
    const begunAt = bench.clock.now();
    const { failed } = await tick(bench.sec);
    ticks.push({ failed, tookMs: bench.clock.now() - begunAt });
    await bench.pass(15 * SECOND);
  }
  const settled = ticks.slice(-4);
  expect(settled.flatMap(({ failed }) => failed)).toEqual([]);
  // The simulated store keeps a caller waiting for 5 s.
  for (const { tookMs } of settled) expect(tookMs).toBeLessThan(2 * 5 * SECOND);
});

describe("a tick that cannot look at a group", () => {
  test("says why, in its summary and its beat, and still names the rows that nobody can read", async () => {
    damageRow(bench.world, "neu", { group: GROUP, kind: "pause", id: "kim" }, "garbage");
    await bench.pass(MINUTE);
    const app = reading(() => Promise.reject(new TypeError("a mistake of ours")));
    const summary = await tick(app);
    expect(summary.groups).toEqual([{ group: GROUP, outcome: "TypeError" }]);
    expect(summary.failed).toEqual([`${GROUP}: TypeError`]);
    expect(summary.unreadable).toMatchObject([{ id: "kim", store: "neu" }]);
    const { report } = await beatOf();
    expect(report.groups).toMatchObject([{ group: GROUP, failedBecause: "TypeError" }]);
    expect(report.groups[0]?.lookedAt).toBeLessThan(bench.clock.now() - MINUTE / 2);
    expect(report.unreadable).toMatchObject([{ id: "kim" }]);
  });

  test("ends after 45 seconds, and has beaten after 20", async () => {
    await bench.pass(MINUTE);
    const startedAt = bench.clock.now();
    const { groups } = await tick(reading(() => new Promise<never>(() => {})));
    expect(groups).toEqual([{ group: GROUP, outcome: "no-answer-in-time" }]);
    expect(Math.floor((bench.clock.now() - startedAt) / SECOND)).toBe(45);
    const { at, report } = await beatOf();
    expect(Math.floor((at - startedAt) / SECOND)).toBe(20);
    expect(report.groups).toMatchObject([
      { group: GROUP, failedBecause: null, lookedAt: expect.any(Number) },
    ]);
  });

  test("says how many of its chores failed, and does the others", async () => {
    await bench.run(openIncident(store(), suspicion({ at: bench.clock.now() })));
    const startNew = () => Promise.reject(new Error("the host gives no answer"));
    const client = Object.assign(Object.create(host.client), { startNew });
    const { groups, failed } = await bench.run(createTick(bench.neu)(client));
    expect(groups).toEqual([{ group: GROUP, outcome: "writes, 1 of 4 chores failed" }]);
    expect(failed).toEqual([`${GROUP}: writes, 1 of 4 chores failed`]);
  });
});

describe("a tick looks at the other sites", () => {
  const seenBeat = async (app: App = bench.neu) => (await beatOf(app)).seen.weu?.beat;

  test("at every second beat, and at its first", async () => {
    const fresh: boolean[] = [];
    const wanted: boolean[] = [];
    for (let nth = 0; nth < 6; nth++) {
      await tick(bench.weu);
      await tick();
      fresh.push((await seenBeat()) === (await beatOf(bench.weu)).beat);
      wanted.push(nth === 0 || (await beatOf()).beat % 2 === 0);
      await bench.pass(15 * SECOND);
    }
    expect(fresh).toEqual(wanted);
  });

  test("at every beat where it may have to stand in for one while the primary fails", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    for (const [app, everyBeat] of [
      [bench.sec, true],
      [bench.neu, false],
    ] as const) {
      const seen = new Set<unknown>();
      for (let nth = 0; nth < 5; nth++) {
        await tick(app);
        seen.add(await seenBeat(app));
        await tick(bench.weu);
      }
      expect(seen.size === 5).toBe(everyBeat);
    }
  });

  test("at its first beat after it has stood still for a minute", async () => {
    await tick(bench.weu);
    for (let nth = 0; nth < 3; nth++) await tick();
    await tick(bench.weu);
    await bench.pass(2 * MINUTE);
    await tick();
    const { seen, beat: nth } = await beatOf();
    const before = seen.weu?.beat;
    await tick(bench.weu);
    await bench.pass(2 * MINUTE);
    await tick();
    expect((await beatOf()).beat).toBe(nth + 1);
    expect((await seenBeat()) ?? 0).toBeGreaterThan(before ?? 0);
  });

  test("and calls those alone that are quiet", async () => {
    const called = new Set<string>();
    const call: App["ports"]["peers"]["tick"] = async ({ name }) => {
      called.add(name);
      return "failed";
    };
    const peers = { ...bench.neu.ports.peers, tick: call };
    const app = { ...bench.neu, ports: { ...bench.neu.ports, peers } };
    for (let nth = 0; nth < 12; nth++) {
      await tick(bench.weu);
      await tick(app);
      await bench.pass(15 * SECOND);
    }
    expect([...called]).toEqual(["sec"]);
  });
});

describe("a tick goes on with", () => {
  test("an incident that has no motor, and keeps in mind how another site's moves", async () => {
    const at = bench.clock.now();
    await bench.run(openIncident(store(), suspicion({ at })));
    await tick();
    expect(host.asked).toEqual(["start fail-over-inc-1-1"]);
    const work = { incidentId: "inc-1", motor: 1 };
    const toSec = { motorSite: "sec", heartbeatAt: at };
    await bench.run(changeIncident(store(), work, (row) => ({ ...row, ...toSec })));
    await tick();
    const { watch } = await bench.run(readOwn(bench.neu.stores.of(bench.group)));
    expect(watch.motor).toMatchObject({ incidentId: "inc-1", heartbeatAt: at });
  });

  test("what a failover left to do", async () => {
    await leaveHome(bench);
    await tick(bench.weu);
    await tick(bench.weu);
    expect(failbackIn(bench.world, "weu")?.protectedAt).toEqual(expect.any(Number));
  });

  test("the check of the key at the site that leads, while no request is out", async () => {
    const checks = () => bench.world.record.keyChecks.length;
    const before = checks();
    const ticks = async (app: App): Promise<void> => {
      await bench.pass(DAY);
      for (let nth = 0; nth < 4; nth++) {
        await tick(app);
        await bench.pass(15 * SECOND);
      }
    };
    await ticks(bench.sec);
    expect(checks()).toBe(before);
    await ticks(bench.neu);
    expect(checks()).toBe(before + 1);
    const claim = wanted({ notAfter: bench.clock.now() + 3 * DAY });
    await bench.run(takeClaim(store(), claim, bench.clock.now()));
    await ticks(bench.neu);
    expect(checks()).toBe(before + 1);
  });

  test("no suspicion where the roles have moved while it looked at a dead primary", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    await tick();
    const read = bench.neu.ports.failoverGroups.read;
    const startedAt = bench.clock.now();
    const moved: Read = async (...of) => {
      const seen = await read(...of);
      const late = bench.clock.now() - startedAt > 2 * SECOND;
      return late && seen.kind === "read" ? { ...seen, role: "primary" } : seen;
    };
    const { groups } = await tick(reading(moved));
    expect(groups).toEqual([{ group: GROUP, outcome: "roles-moved" }]);
    expect([incidentIn(bench.world), host.asked]).toEqual([null, []]);
  });

  test("its sweeping, at each sixteenth beat", async () => {
    const at = bench.clock.now() - 500 * DAY;
    const of = { site: "neu", group: GROUP, incidentId: null, rule: null, receiptId: null };
    const line = { ...of, id: "none~pause~old", at, action: "pause", actor: "kim", detail: {} };
    await bench.run(addAudit(store(), line, at));
    const isKept = () => auditIn(bench.world).some(({ id }) => id === line.id);
    const report = { groups: [], unreadable: [] };
    await tick();
    for (let turn = 0; turn < 12 && isKept(); turn++) {
      while (((await beatOf()).beat + 1) % 16 !== 0) {
        const own = await bench.run(readLive(bench.neu.stores.own));
        await bench.run(beat(own, { seen: {}, report }, bench.clock.now()));
      }
      await tick();
    }
    expect(isKept()).toBe(false);
  });
});
