// Who may run the motor of an incident, when one counts as dead, and who takes it up.

import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { adoptClaim } from "../../../functions/keeping/adopt-claim.ts";
import { keepMotors, watchMotor } from "../../../functions/keeping/keep-motors.ts";
import { isDead, startMotor, takeMotor } from "../../../functions/keeping/motor.ts";
import { suspect } from "../../../functions/keeping/suspect.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import { changeClaim, settleClaim, spendClaim, takeClaim } from "../../../shared/ledger/claims.ts";
import { newFailback, scheduleFailback } from "../../../shared/ledger/failbacks.ts";
import { changeIncident, openIncident } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { call, sample } from "../../support/facts.ts";
import { suspicion, wanted } from "../../support/ledger-rows.ts";
import { createMotorHost, type MotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../../support/stored.ts";

let bench: Bench;
let host: MotorHost;
beforeEach(async () => {
  bench = await startBench();
  host = createMotorHost();
});

const store = () => bench.neu.stores.of(bench.group).target("home");

/** What is seen of the other sites: for how long each has been quiet. */
const seeing = (quiet: Readonly<Record<string, number>> = {}) =>
  Promise.resolve({ seen: {}, read: [], quietMs: (site: string) => quiet[site] ?? 0 });

async function open(change: Partial<Incident> = {}): Promise<Incident> {
  const at = bench.clock.now();
  const { incident } = await bench.run(openIncident(store(), suspicion({ at })));
  const work = { incidentId: incident.id, motor: 0 };
  const changed = await bench.run(changeIncident(store(), work, (row) => ({ ...row, ...change })));
  return changed?.value ?? incident;
}

async function keep(
  app: App = bench.neu,
  quiet: Readonly<Record<string, number>> = {},
  motor: Parameters<typeof keepMotors>[1]["motor"] = null,
): Promise<readonly string[]> {
  const ledger = app.stores.of(bench.group);
  const stores = await bench.run(Promise.all(ledger.both("home").map((book) => readLive(book))));
  const keeping = { client: host.client, ledger, presence: seeing(quiet), motor };
  await bench.run(keepMotors(app, keeping, stores));
  return host.asked.splice(0);
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

describe("an open incident", () => {
  const START = ["start fail-over-inc-1-1"];

  test("without a motor gets one from the site that leads, and from no other", async () => {
    await open();
    expect(await keep(bench.sec)).toEqual([]);
    expect(await keep()).toEqual(START);
    expect(incidentIn(bench.world)).toMatchObject({ motor: 1, motorSite: "neu" });
  });

  test("of a leading site that is quiet gets one from the next", async () => {
    await open();
    expect(await keep(bench.sec, { neu: MINUTE })).toEqual(START);
    expect(incidentIn(bench.world)).toMatchObject({ motorSite: "sec" });
  });

  test("whose motor lives is left to it, and one that its host has ended is replaced", async () => {
    await open({ motor: 1, motorSite: "neu", heartbeatAt: bench.clock.now() });
    expect(await keep()).toEqual([]);
    host.status = "Failed";
    expect(await keep()).toEqual(["end fail-over-inc-1-1", "start fail-over-inc-1-2"]);
  });

  test("whose motor is another site's is taken once that has not been seen to move for half a minute", async () => {
    const heartbeatAt = bench.clock.now();
    await open({ motor: 1, motorSite: "sec", heartbeatAt });
    const seen = (ms: number) => ({
      incidentId: "inc-1",
      heartbeatAt,
      changedAt: bench.clock.now() - ms,
    });
    expect(await keep(bench.neu, {}, null)).toEqual([]);
    expect(await keep(bench.neu, {}, seen(29 * SECOND))).toEqual([]);
    expect(await keep(bench.neu, {}, seen(40 * SECOND))).toEqual([
      "end fail-over-inc-1-1",
      "start fail-over-inc-1-2",
    ]);
  });

  test("that is over asks for no motor", async () => {
    await open({ closedAt: bench.clock.now(), end: "recovered" });
    expect(await keep()).toEqual([]);
  });
});

describe("what was seen of another site's motor", () => {
  const AT = 1_000_000;
  const last = { incidentId: "inc-1", heartbeatAt: AT, changedAt: AT + 5 };
  const see = (change: Partial<Incident>, before: typeof last | null = last, now = AT + 50) =>
    watchMotor(
      bench.neu,
      { id: "inc-1", motorSite: "sec", heartbeatAt: AT, ...change } as Incident,
      before,
      now,
    );

  test("stands while it does not move, and begins anew when it does", () => {
    expect(see({})).toBe(last);
    expect(see({ heartbeatAt: AT + 1 })).toMatchObject({ heartbeatAt: AT + 1, changedAt: AT + 50 });
    expect(see({ id: "inc-2" })).toMatchObject({ incidentId: "inc-2", changedAt: AT + 50 });
    expect(see({}, null)).toMatchObject({ changedAt: AT + 50 });
  });

  test("in the future, by a clock that was set back, begins anew", () => {
    expect(see({}, last, AT + 5)).toBe(last);
    expect(see({}, last, AT + 4)).toMatchObject({ changedAt: AT + 4 });
  });

  test("is nothing where it is our own, nobody's, or there is no incident", () => {
    expect(see({ motorSite: "neu" })).toBeNull();
    expect(see({ motorSite: null })).toBeNull();
    expect(watchMotor(bench.neu, null, last, AT)).toBeNull();
  });
});

describe("a claim that nobody works on", () => {
  const claimed = () =>
    bench.run(takeClaim(store(), wanted({ incidentId: "inc-0" }), bench.clock.now()));
  const spend = (because: Parameters<typeof spendClaim>[2]["because"]) =>
    bench.run(spendClaim(store(), 1, { because, at: bench.clock.now() }));
  const adopt = async (app = bench.neu) =>
    bench.run(adoptClaim(app, bench.group, seeing(), await bench.run(readLive(store()))));

  test("gets an incident of its own while something may come of it, at the site that leads", async () => {
    expect(await adopt()).toBeNull();
    await claimed();
    expect(await adopt(bench.sec)).toBeNull();
    const incident = await adopt();
    expect(incident).toMatchObject({ openedBy: "claim", expectedPrimary: "home", call: null });
    expect(incident?.id).toBe(`${GROUP}-${incident?.openedAt.toString(36)}`);
    const [line] = auditIn(bench.world).filter(({ action }) => action === "incident-opened");
    expect(line).toMatchObject({ actor: "geo-failover", detail: { openedBy: "claim" } });
  });

  test("that moved the roles gets one until what that asks for is written down", async () => {
    await claimed();
    await spend("moved");
    expect(await adopt()).not.toBeNull();
    await bench.run(settleClaim(store(), 1));
    expect(await adopt()).toBeNull();
  });

  test("that was refused gets none", async () => {
    await claimed();
    await spend("refused");
    expect(await adopt()).toBeNull();
  });

  test("that is in doubt gets one when the roles have moved, and not before", async () => {
    await claimed();
    await bench.run(changeClaim(store(), 1, (row) => ({ ...row, state: "sent" })));
    await spend("reconciled-not-moved");
    expect(await adopt()).toBeNull();
    bench.world.inject({ fault: "other-failover", kind: "forced", at: 0 });
    await bench.pass(25 * SECOND);
    expect(await adopt()).toMatchObject({ openedBy: "claim" });
  });

  test("of the way home is left to the motor of that, until it is over", async () => {
    const now = bench.clock.now();
    const begun = { id: "inc-0", group: GROUP, incidentId: "inc-0", state: "waiting" } as const;
    const failback = newFailback({ ...begun, awayOn: "partner", failedOverAt: now });
    await claimed();
    await bench.run(scheduleFailback(store(), failback));
    expect(await adopt()).toBeNull();
    await bench.run(scheduleFailback(store(), { ...failback, id: "another" }));
    expect(await adopt()).not.toBeNull();
  });

  test("has its motor at the next tick", async () => {
    await claimed();
    const [started, ...more] = await keep();
    expect(started).toMatch(/^start fail-over-orders-fog-[0-9a-z]+-1$/);
    expect(more).toEqual([]);
    expect(claimIn(bench.world)).toMatchObject({ state: "intent" });
  });
});

describe("a suspicion", () => {
  const suspected = (by: Partial<Parameters<typeof suspect>[1]> = {}, app = bench.neu) =>
    bench.run(
      suspect(app, {
        ledger: app.stores.of(bench.group),
        openedBy: "watch",
        call: null,
        client: host.client,
        ...by,
      }),
    );

  test("opens one incident where the failover would be kept, and starts its motor", async () => {
    const { incident, opened } = await suspected();
    expect([opened, incident.openedBy, incident.expectedPrimary]).toEqual([true, "watch", "home"]);
    expect(host.asked).toEqual([`start fail-over-${incident.id}-1`]);
    const again = await suspected();
    expect([again.opened, again.incident.id]).toEqual([false, incident.id]);
    expect(auditIn(bench.world).filter(({ action }) => action === "incident-opened")).toHaveLength(
      1,
    );
  });

  test("of a person names them in the audit, and their reason", async () => {
    await suspected({ openedBy: "call", call: call({ reason: "the drill" }) });
    const [line] = auditIn(bench.world).filter(({ action }) => action === "incident-opened");
    expect(line).toMatchObject({
      actor: call().actor.name,
      detail: { openedBy: "call", reason: "the drill" },
    });
  });

  test("by a site that starts no motors opens the incident alone", async () => {
    const { opened } = await suspected({ client: null });
    expect([opened, host.asked]).toEqual([true, []]);
  });

  test("joins an incident whose request has left, which a call does not", async () => {
    const at = bench.clock.now();
    const incident = await open();
    await bench.run(
      changeIncident(store(), { incidentId: incident.id, motor: 0 }, (row) => ({
        ...row,
        phases: { ...row.phases, postedAt: at },
      })),
    );
    expect(await suspected()).toMatchObject({ opened: false, incident: { id: "inc-1" } });
    const called = await suspected({ call: call() });
    expect(called).toMatchObject({ opened: false, incident: { id: "inc-1", call: call() } });
  });
});
