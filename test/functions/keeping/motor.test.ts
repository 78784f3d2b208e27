// When a motor counts as dead, who takes it, and what a step of one that was replaced may still do.

import { beforeEach, describe, expect, test } from "vitest";
import { grip, hold, isDead, startMotor, takeMotor } from "../../../functions/keeping/motor.ts";
import type { Work } from "../../../orchestrations/contracts.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import {
  changeFailback,
  FAILBACK,
  newFailback,
  scheduleFailback,
} from "../../../shared/ledger/failbacks.ts";
import {
  changeIncident,
  incidentIn as incidentAmong,
  openIncident,
} from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { sample } from "../../support/facts.ts";
import { suspicion } from "../../support/ledger-rows.ts";
import { createMotorHost, type MotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { failbackIn, incidentIn } from "../../support/stored.ts";

let bench: Bench;
let host: MotorHost;
beforeEach(async () => {
  bench = await startBench();
  host = createMotorHost();
});

const store = () => bench.neu.stores.of(bench.group).target("home");

async function open(change: Partial<Incident> = {}): Promise<Incident> {
  const at = bench.clock.now();
  const { incident } = await bench.run(openIncident(store(), suspicion({ at })));
  const work = { incidentId: incident.id, motor: 0 };
  const changed = await bench.run(changeIncident(store(), work, (row) => ({ ...row, ...change })));
  return changed?.value ?? incident;
}

describe("a motor", () => {
  const dead = (change: Partial<Incident> = {}) => {
    const now = bench.clock.now();
    const row = { id: "inc-1", group: GROUP, motor: 1, heartbeatAt: now, ...change };
    return isDead(host.client, row, { purpose: "fail-over", now, quietMs: 30 * SECOND });
  };
  const ago = (ms: number) => ({ heartbeatAt: bench.clock.now() - ms });

  test("that never was, or never showed itself, is dead", async () => {
    expect(await dead()).toBe(false);
    expect(await dead({ motor: 0 })).toBe(true);
    expect(await dead({ heartbeatAt: null })).toBe(true);
  });

  test("that has not shown itself for longer than it may is dead, whatever its host says", async () => {
    expect(await dead(ago(30 * SECOND))).toBe(false);
    expect(await dead(ago(30 * SECOND + 1))).toBe(true);
  });

  test("that will show itself in the future is of a clock that was set back: as dead as one of long ago", async () => {
    expect(await dead(ago(-30 * SECOND))).toBe(false);
    expect(await dead(ago(-30 * SECOND - 1))).toBe(true);
  });

  test.each(["Failed", "Terminated", "Canceled", "Completed"])(
    "that its host calls %s is dead",
    async (status) => {
      host.status = status;
      expect(await dead(ago(SECOND))).toBe(true);
    },
  );

  test.each(["Running", "Pending", "Suspended"])("that its host calls %s lives", async (status) => {
    host.status = status;
    expect(await dead(ago(SECOND))).toBe(false);
  });

  test("that its host does not know has twenty seconds to be started; so has one whose host says nothing", async () => {
    host.status = null;
    expect(await dead(ago(20 * SECOND))).toBe(false);
    expect(await dead(ago(20 * SECOND + 1))).toBe(true);
    [host.status, host.broken] = ["Running", true];
    expect(await dead(ago(20 * SECOND))).toBe(false);
    expect(await dead(ago(20 * SECOND + 1))).toBe(true);
  });

  test("is started under its own name after the one before was ended, which may fail", async () => {
    const last = { group: GROUP, purpose: "fail-over", incidentId: "inc-1", motor: 0 } as const;
    await startMotor(host.client, last);
    await startMotor(host.client, { ...last, motor: 1 });
    host.broken = true;
    await startMotor(host.client, { ...last, purpose: "fail-back", motor: 2 });
    expect(host.asked).toEqual([
      "start fail-over-inc-1-1",
      "end fail-over-inc-1-1",
      "start fail-over-inc-1-2",
      "end fail-back-inc-1-2",
      "start fail-back-inc-1-3",
    ]);
    expect(host.started).toEqual(["Incident", "Incident", "FailBack"]);
  });

  test("is taken by one site: the other that saw the same one before it gets none", async () => {
    const incident = await open();
    const by = { purpose: "fail-over", site: "neu", now: bench.clock.now() } as const;
    const [first, second] = await bench.run(
      Promise.all([
        takeMotor(store(), incident, by),
        takeMotor(store(), incident, { ...by, site: "sec" }),
      ]),
    );
    expect([first, second].filter((work) => work !== null)).toHaveLength(1);
    expect(incidentIn(bench.world)).toMatchObject({ motor: 1, heartbeatAt: by.now });
  });

  test("that has shown itself since it was judged is not taken", async () => {
    const judged = await open({
      motor: 1,
      motorSite: "sec",
      heartbeatAt: bench.clock.now() - MINUTE,
    });
    const work = { incidentId: judged.id, motor: 1 };
    const heartbeatAt = bench.clock.now();
    await bench.run(changeIncident(store(), work, (row) => ({ ...row, heartbeatAt })));
    const by = { purpose: "fail-over", site: "neu", now: heartbeatAt } as const;
    expect(await bench.run(takeMotor(store(), judged, by))).toBeNull();
    expect(incidentIn(bench.world)).toMatchObject({ motor: 1, motorSite: "sec", heartbeatAt });
  });

  test("of another generation than was judged is not taken, whenever it showed itself", async () => {
    const judged = await open({ motor: 2, motorSite: "neu", heartbeatAt: bench.clock.now() });
    const by = { purpose: "fail-over", site: "neu", now: bench.clock.now() } as const;
    expect(await bench.run(takeMotor(store(), { ...judged, motor: 1 }, by))).toBeNull();
  });

  test("of the way home is taken once as well", async () => {
    const now = bench.clock.now();
    const begun = {
      id: "inc-1-home",
      group: GROUP,
      incidentId: "inc-1",
      state: "waiting",
    } as const;
    const failback = newFailback({ ...begun, awayOn: "partner", failedOverAt: now });
    await bench.run(scheduleFailback(store(), failback));
    const by = { purpose: "fail-back", site: "weu", now } as const;
    expect(await bench.run(takeMotor(store(), failback, by))).toMatchObject({ motor: 0 });
    expect(await bench.run(takeMotor(store(), failback, by))).toBeNull();
  });

  test("of another site is taken with what that one counted, put on this one's clock", async () => {
    const at = bench.clock.now();
    const samples = [sample({ measuredAt: at })];
    const row = await open({ motorSite: "sec", motor: 1, calmSinceAt: at, samples });
    const by = { purpose: "fail-over", site: "neu", now: at } as const;
    await bench.run(takeMotor(store(), row, by));
    expect(incidentIn(bench.world)).toMatchObject({
      motor: 2,
      motorSite: "neu",
      calmSinceAt: null,
    });
  });

  test("of the same site is taken with all it knew", async () => {
    const at = bench.clock.now();
    const row = await open({ motorSite: "neu", motor: 1, calmSinceAt: at });
    await bench.run(takeMotor(store(), row, { purpose: "fail-over", site: "neu", now: at }));
    expect(incidentIn(bench.world)).toMatchObject({ motor: 2, calmSinceAt: at });
  });
});

describe("a step of a motor", () => {
  const work: Work = { group: GROUP, purpose: "fail-over", incidentId: "inc-1", motor: 1 };
  const SITES = ["neu", "sec"] as const;

  test.each(SITES)("holds what it works on, at %s, and shows a sign of life", async (site) => {
    const incident = await open({ motor: 1, decisionId: "decision-1" });
    const held = await bench.run(grip(bench[site], work));
    expect(held).toMatchObject({
      expectedPrimary: "home",
      target: "partner",
      sinceAt: incident.openedAt,
      decisionId: "decision-1",
      gist: null,
    });
    expect(incidentIn(bench.world)?.heartbeatAt).toEqual(expect.any(Number));
    expect(held?.incident).toEqual(incidentIn(bench.world));
  });

  test.each(SITES)(
    "ends without a trace at %s once its work is over, another's, or gone",
    async (site) => {
      const holds = () => bench.run(hold(bench[site], work));
      expect(await holds()).toBeNull();
      await open({ motor: 2 });
      expect(await holds()).toBeNull();
      expect(
        await bench.run(hold(bench[site], { ...work, incidentId: "inc-2", motor: 2 })),
      ).toBeNull();
      const by = { incidentId: "inc-1", motor: 2 };
      const end = (row: Incident): Incident => ({
        ...row,
        closedAt: bench.clock.now(),
        end: "recovered",
      });
      await bench.run(changeIncident(store(), by, end));
      expect(await bench.run(hold(bench[site], { ...work, motor: 2 }))).toBeNull();
    },
  );

  test("is replaced between what it reads and its sign of life: it gives none", async () => {
    const incident = await open({ motor: 1, heartbeatAt: bench.clock.now() });
    const { heartbeatAt } = incident;
    const known = incidentAmong(await bench.run(readLive(store())));
    const take = (row: Incident): Incident => ({ ...row, motor: 2 });
    const [held] = await bench.run(
      Promise.all([grip(bench.neu, work), changeIncident(store(), work, take, known)]),
    );
    expect(held).toBeNull();
    expect(incidentIn(bench.world)).toMatchObject({ motor: 2, heartbeatAt });
  });

  test("on the way home it gives none either", async () => {
    const book = bench.weu.stores.of(bench.group).target("partner");
    const begun = { id: "away", group: GROUP, incidentId: "inc-1", state: "waiting" } as const;
    const failback = newFailback({ ...begun, awayOn: "partner", failedOverAt: bench.clock.now() });
    await bench.run(scheduleFailback(book, { ...failback, motor: 1 }));
    const rows = await bench.run(readLive(book));
    const known = rows.one(FAILBACK, "partner");
    const ofHome: Work = { ...work, purpose: "fail-back", incidentId: "away" };
    const [held] = await bench.run(
      Promise.all([
        grip(bench.weu, ofHome),
        changeFailback(book, failback, (row) => ({ ...row, motor: 2 }), known),
      ]),
    );
    expect(held).toBeNull();
    expect(failbackIn(bench.world, "weu")).toMatchObject({ motor: 2, heartbeatAt: null });
  });

  test("that stands in works on while the store without its work is silent, and never ends while the other one is", async () => {
    await open({ motor: 1 });
    bench.world.inject({ fault: "store-down", site: "weu", at: 0, for: MINUTE });
    expect(await bench.run(hold(bench.sec, work))).toMatchObject({ target: "partner" });
    await bench.pass(2 * MINUTE);
    bench.world.inject({ fault: "store-down", site: "neu", at: 0, for: MINUTE });
    const nobody = "Cannot take hold of inc-1: nobody can tell whose it is: neu";
    await expect(bench.run(hold(bench.sec, work))).rejects.toThrow(nobody);
    await expect(bench.run(hold(bench.neu, work))).rejects.toThrow(nobody);
  });

  test("whose row nobody can read does not end in silence", async () => {
    damageRow(bench.world, "neu", { group: GROUP, kind: "incident", id: "current" }, "garbage");
    await expect(bench.run(hold(bench.neu, work))).rejects.toThrow("nobody can tell whose it is");
  });
});
