// One tick of a site: what it reports, whom it calls, what it starts, and what it sweeps.

import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { sweepOldRows } from "../../../functions/keeping/sweep-old-rows.ts";
import { createTick } from "../../../functions/keeping/tick.ts";
import type { AuditEntry } from "../../../shared/domain/event.ts";
import { addAudit } from "../../../shared/ledger/audit.ts";
import { newFailback, scheduleFailback } from "../../../shared/ledger/failbacks.ts";
import { heartbeatIn } from "../../../shared/ledger/heartbeats.ts";
import { changeIncident, openIncident } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { writePause } from "../../../shared/ledger/pauses.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { suspicion } from "../../support/ledger-rows.ts";
import { createMotorHost, type MotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, incidentIn } from "../../support/stored.ts";

const DAY = 24 * 60 * MINUTE;

let bench: Bench;
let host: MotorHost;
beforeEach(async () => {
  bench = await startBench();
  host = createMotorHost();
});

describe("a tick", () => {
  const tick = (app: App = bench.neu) => bench.run(createTick(app)(host.client));
  const beat = async () =>
    valueOrNull(heartbeatIn(await bench.run(readLive(bench.neu.stores.own))));

  test("in peace says what it saw of each group, and that it runs; nothing is opened or started", async () => {
    const before = bench.clock.now();
    expect(await tick()).toEqual({
      site: "neu",
      groups: [{ group: GROUP, outcome: "writes" }],
      unreadable: [],
      failed: [],
    });
    const { at = 0, report } = (await beat()) ?? {};
    expect(at).toBeGreaterThanOrEqual(before);
    expect(report).toMatchObject({
      groups: [{ group: GROUP, failedBecause: null, lookedAt: expect.any(Number) }],
      unreadable: [],
    });
    expect([incidentIn(bench.world), host.asked]).toEqual([null, []]);
  });

  test("shows with each beat that it goes on", async () => {
    await tick();
    const first = (await beat())?.beat ?? 0;
    await bench.pass(15 * SECOND);
    await tick();
    expect((await beat())?.beat).toBe(first + 1);
  });

  test("that finds the primary lost opens the incident and starts its motor", async () => {
    const region = bench.group.home.region;
    bench.world.inject({ fault: "region-dark", region, at: 0 });
    const summaries: string[] = [];
    for (let nth = 0; nth < 4 && host.asked.length === 0; nth++) {
      summaries.push((await tick()).groups[0]?.outcome ?? "");
      await bench.pass(10 * SECOND);
    }
    expect(summaries.at(-1)).toBe("suspicious");
    const incident = incidentIn(bench.world);
    expect(incident).toMatchObject({ openedBy: "watch", expectedPrimary: "home", motor: 1 });
    expect(host.asked).toEqual([`start fail-over-${incident?.id}-1`]);
  });

  test("that finds the primary lost and cannot keep that says so, and does not die of it", async () => {
    const region = bench.group.home.region;
    bench.world.inject({ fault: "region-dark", region, at: 0 });
    bench.world.inject({ fault: "store-down", site: "neu", at: 0 });
    const outcomes: string[] = [];
    for (let nth = 0; nth < 4; nth++) {
      outcomes.push((await tick()).groups[0]?.outcome ?? "");
      await bench.pass(10 * SECOND);
    }
    expect(outcomes.at(-1)).toContain("suspicious, not kept: silent");
    expect(host.asked).toEqual([]);
  });

  test("that finds the roles moved suspects nobody", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    bench.world.inject({ fault: "other-failover", kind: "forced", at: 0 });
    await bench.pass(25 * SECOND);
    const outcomes: string[] = [];
    for (let nth = 0; nth < 3; nth++) {
      outcomes.push((await tick()).groups[0]?.outcome ?? "");
      await bench.pass(10 * SECOND);
    }
    expect(outcomes).not.toContain("suspicious");
    expect(incidentIn(bench.world)).toBeNull();
  });

  test("names the rows that nobody can read, in its summary and in its beat", async () => {
    damageRow(bench.world, "neu", { group: GROUP, kind: "pause", id: "kim" }, "garbage");
    const named = { group: GROUP, kind: "pause", id: "kim", store: "neu", because: "broken" };
    expect((await tick()).unreadable).toEqual([named]);
    expect((await beat())?.report.unreadable).toEqual([named]);
  });

  /** Which tick called whom, of ticks every 15 s of the one site that runs. */
  async function callsOf(ticks: number): Promise<readonly { beats: number; name: string }[]> {
    const calls: { beats: number; name: string }[] = [];
    let called: string[] = [];
    const peers: App["ports"]["peers"] = {
      ...bench.neu.ports.peers,
      tick: async ({ name }) => {
        called.push(name);
        return "failed";
      },
    };
    const app = { ...bench.neu, ports: { ...bench.neu.ports, peers } };
    for (let nth = 0; nth < ticks; nth++) {
      await tick(app);
      const { beat: beats = 0 } = (await beat()) ?? {};
      calls.push(...called.map((name) => ({ beats, name })));
      called = [];
      await bench.pass(15 * SECOND);
    }
    return calls;
  }

  test("calls the sites that have been quiet for a minute, at every fourth beat and at no other", async () => {
    const calls = await callsOf(13);
    expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(["weu", "sec"]));
    expect(calls.every(({ beats }) => beats % 4 === 0)).toBe(true);
  });

  test("calls a site that has missed two ticks at once, and in every tick, while its group is in trouble", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    const calls = await callsOf(8);
    const beats = calls.filter(({ name }) => name === "sec").map((call) => call.beats);
    const first = beats[0] ?? 0;
    expect(beats).toEqual([0, 1, 2, 3, 4, 5].map((nth) => first + nth));
  });
});

describe("sweeping", () => {
  const own = async () => [await bench.run(readLive(bench.neu.stores.of(bench.group).own))];
  const store = () => bench.neu.stores.of(bench.group).own;
  const line = (at: number): AuditEntry => ({
    id: `none~pause~${at}`,
    at,
    site: "neu",
    group: GROUP,
    incidentId: null,
    action: "pause",
    rule: null,
    receiptId: null,
    actor: "kim",
    detail: {},
  });
  const old = (days: number) => bench.clock.now() - days * DAY;
  const add = async (...instants: readonly number[]): Promise<void> => {
    for (const at of instants) await bench.run(addAudit(store(), line(at), at));
  };
  /** As many beats as it takes until every kind has had its turn. */
  async function sweepAll(): Promise<void> {
    const rows = await own();
    for (let beats = 0; beats < 6 * 16; beats++) {
      await bench.run(sweepOldRows(bench.neu, beats, rows));
    }
  }
  const left = () => auditIn(bench.world).filter(({ action }) => action === "pause");
  const swept = () => auditIn(bench.world).filter(({ action }) => action === "audit-swept");

  test("takes what is older than it is kept, leaves the rest, and says what has gone and up to when", async () => {
    const [gone, kept] = [old(401), old(399)];
    await add(old(500), gone, kept);
    await sweepAll();
    expect(left().map(({ at }) => at)).toEqual([kept]);
    expect(swept()).toHaveLength(1);
    expect(swept()[0]).toMatchObject({
      actor: "geo-failover",
      rule: null,
      detail: { removed: 2, upToAt: gone },
    });
  });

  test("is done at one beat of sixteen, ten rows at a time", async () => {
    await add(...Array.from({ length: 12 }, (_, nth) => old(401 + nth)));
    const rows = await own();
    for (let beats = 1; beats < 16; beats++) {
      await bench.run(sweepOldRows(bench.neu, beats, rows));
    }
    expect(left()).toHaveLength(12);
    await bench.run(sweepOldRows(bench.neu, 0, rows));
    expect(left()).toHaveLength(2);
  });

  test("leaves all that came after an incident that is still open, and goes on when that is over", async () => {
    const kept = old(450);
    await add(old(500), kept);
    const work = { incidentId: "inc-1", motor: 0 };
    await bench.run(openIncident(store(), suspicion({ at: old(480) })));
    await sweepAll();
    expect(left().map(({ at }) => at)).toEqual([kept]);
    await bench.run(
      changeIncident(store(), work, (row) => ({ ...row, closedAt: old(1), end: "recovered" })),
    );
    await sweepAll();
    expect(left()).toEqual([]);
  });

  test("leaves all that came after a failover whose way home is still open", async () => {
    const kept = old(450);
    await add(old(500), kept);
    const begun = { id: "away", group: GROUP, incidentId: "inc-1", state: "waiting" } as const;
    const failback = newFailback({ ...begun, awayOn: "home", failedOverAt: old(480) });
    await bench.run(scheduleFailback(store(), failback));
    await sweepAll();
    expect(left().map(({ at }) => at)).toEqual([kept]);
  });

  test("leaves all that came after the older of the two", async () => {
    const kept = old(450);
    await add(old(500), kept);
    const begun = { id: "away", group: GROUP, incidentId: "inc-1", state: "waiting" } as const;
    const failback = newFailback({ ...begun, awayOn: "home", failedOverAt: old(440) });
    await bench.run(scheduleFailback(store(), failback));
    await bench.run(openIncident(store(), suspicion({ at: old(480) })));
    await sweepAll();
    expect(left().map(({ at }) => at)).toEqual([kept]);
  });

  test("takes pauses that ended long ago as well", async () => {
    const pause = { scope: GROUP, reason: "a drill", pausedAt: old(500) };
    await bench.run(writePause(store(), { ...pause, owner: "kim", expiresAt: old(499) }));
    await bench.run(writePause(store(), { ...pause, owner: "lee", expiresAt: old(1) }));
    await bench.run(sweepOldRows(bench.neu, 16, await own()));
    const ids = bench.world.stores.get("neu")?.parts.get(`${GROUP}/pause`)?.keys();
    expect([...(ids ?? [])]).toEqual(["lee"]);
  });

  test("passes over a store that is silent", async () => {
    await add(old(500));
    bench.world.inject({ fault: "store-down", site: "neu", at: 0, for: MINUTE });
    const rows = await own();
    const before = bench.clock.now();
    for (let beats = 0; beats < 6 * 16; beats++) {
      await bench.run(sweepOldRows(bench.neu, beats, rows));
    }
    expect(bench.clock.now()).toBe(before);
    expect(left()).toHaveLength(1);
  });
});
