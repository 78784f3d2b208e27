// Which incidents and claims get a motor, at which site.

import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import { adoptClaim } from "../../../functions/keeping/adopt-claim.ts";
import { keepMotors } from "../../../functions/keeping/keep-motors.ts";
import { suspect } from "../../../functions/keeping/suspect.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import { NO_OUTAGE } from "../../../shared/domain/outage.ts";
import { freshMs } from "../../../shared/domain/policy.ts";
import { changeClaim, settleClaim, spendClaim, takeClaim } from "../../../shared/ledger/claims.ts";
import { newFailback, scheduleFailback } from "../../../shared/ledger/failbacks.ts";
import { changeIncident, openIncident } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { call } from "../../support/facts.ts";
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
  ticksAtOnce = 1,
): Promise<readonly string[]> {
  const ledger = app.stores.of(bench.group);
  const stores = await bench.run(Promise.all(ledger.both("home").map((book) => readLive(book))));
  const keeping = { client: host.client, ledger, presence: seeing(quiet), motor };
  const ticks = Array.from({ length: ticksAtOnce }, () => keepMotors(app, keeping, stores));
  await bench.run(Promise.all(ticks));
  return host.asked.splice(0);
}

describe("an open incident", () => {
  const START = ["start fail-over-inc-1-1"];
  const NEXT = ["end fail-over-inc-1-1", "start fail-over-inc-1-2"];

  test("without a motor gets one from the site that leads, and from no other", async () => {
    await open();
    expect(await keep(bench.sec)).toEqual([]);
    expect(await keep()).toEqual(START);
    expect(incidentIn(bench.world)).toMatchObject({ motor: 1, motorSite: "neu" });
  });

  test.each([
    ["no motor yet", {}],
    ["one of its own that is dead", { motor: 1, motorSite: "neu", heartbeatAt: 0 }],
  ])("with %s does not wait for what other stores say", async (_what, change) => {
    await open(change);
    const ledger = bench.neu.stores.of(bench.group);
    const stores = [await bench.run(readLive(store()))];
    const presence = new Promise<never>(() => {});
    const keeping = { client: host.client, ledger, presence, motor: null };
    await bench.run(keepMotors(bench.neu, keeping, stores));
    expect(host.asked.at(-1)).toMatch(/^start fail-over-inc-1-[12]$/);
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
    expect(await keep()).toEqual(NEXT);
    expect(new Set(host.looked)).toEqual(new Set(["fail-over-inc-1-1"]));
  });

  test("whose motor is this site's own and has been silent for half a minute is taken from its host", async () => {
    await open({ motor: 1, motorSite: "neu", heartbeatAt: bench.clock.now() - 40 * SECOND });
    expect(await keep()).toEqual(NEXT);
  });

  test("of a group that is looked at seldom leaves its motor longer: as long as a look is fresh, and two seconds", async () => {
    bench = await startBench({ intervalMs: 30 * SECOND });
    const freshFor = freshMs(bench.group.policy);
    const heartbeatAt = bench.clock.now() - freshFor - SECOND;
    await open({ motor: 1, motorSite: "neu", heartbeatAt });
    expect(await keep()).toEqual([]);
    await bench.pass(2 * SECOND);
    expect(await keep()).toEqual(NEXT);
  });

  test("found at two ticks at once gets one motor", async () => {
    await open();
    expect(await keep(bench.neu, {}, null, 2)).toEqual(START);
  });

  test("that is kept in another site's store is that site's to run", async () => {
    const weu = bench.neu.stores.of(bench.group).target("partner");
    await bench.run(openIncident(weu, suspicion({ at: bench.clock.now() })));
    expect(await keep()).toEqual([]);
  });

  test("taken from another site adds no time in which nobody watched, however long that has been quiet", async () => {
    const heartbeatAt = bench.clock.now();
    const down = { onsetAt: heartbeatAt - 20 * SECOND, lastDownAt: heartbeatAt };
    const counted = { ...NO_OUTAGE, ...down };
    const motor = {
      incidentId: "inc-1",
      motor: 1,
      heartbeatAt,
      changedAt: heartbeatAt - MINUTE,
      hasSent: false,
    };
    const takenFrom = async (motorSite: string | null, quiet: Readonly<Record<string, number>>) => {
      const of = { motor: 1, motorSite, outage: counted, heartbeatAt, closedAt: null };
      await open(of);
      const before = bench.clock.now();
      await keep(bench.neu, quiet, motorSite === null ? null : motor);
      const { lastDownAt } = incidentIn(bench.world)?.outage ?? {};
      bench.world.stores.get("neu")?.parts.get(`${GROUP}/incident`)?.clear();
      return Math.round((before - (lastDownAt ?? 0)) / SECOND);
    };
    expect(await takenFrom("sec", { sec: 2 * SECOND })).toBe(61);
    // A site that ticks while its motor stands still has watched no more than one that is silent.
    motor.changedAt = heartbeatAt - 15 * MINUTE;
    expect(await takenFrom("sec", { sec: 2 * SECOND })).toBe(15 * 60);
    motor.changedAt = heartbeatAt - MINUTE;
    expect(await takenFrom("sec", { sec: 10 * MINUTE })).toBe(10 * 60);
    expect(await takenFrom("gone", {})).toBe(24 * 60 * 60);
  });

  test("whose motor is another site's is taken once that has not been seen to move for half a minute", async () => {
    const heartbeatAt = bench.clock.now();
    await open({ motor: 1, motorSite: "sec", heartbeatAt });
    const seen = (ms: number) => ({
      incidentId: "inc-1",
      motor: 1,
      heartbeatAt,
      changedAt: bench.clock.now() - ms,
      hasSent: false,
    });
    expect(await keep(bench.neu, {}, null)).toEqual([]);
    expect(await keep(bench.neu, {}, seen(29 * SECOND))).toEqual([]);
    expect(await keep(bench.neu, {}, seen(40 * SECOND))).toEqual(NEXT);
  });

  test("whose leading site ticks and gets no motor to work for a minute is taken by the next", async () => {
    const heartbeatAt = bench.clock.now();
    await open({ motor: 3, motorSite: "neu", heartbeatAt });
    const seen = (ms: number) => ({
      ...{ incidentId: "inc-1", motor: 2, heartbeatAt: heartbeatAt - 10 * SECOND },
      changedAt: bench.clock.now() - ms,
      hasSent: false,
    });
    expect(await keep(bench.sec, {}, null)).toEqual([]);
    expect(await keep(bench.sec, {}, seen(59 * SECOND))).toEqual([]);
    expect(await keep(bench.weu, {}, seen(90 * SECOND))).toEqual([]);
    expect(await keep(bench.sec, {}, seen(60 * SECOND))).toEqual([
      "end fail-over-inc-1-3",
      "start fail-over-inc-1-4",
    ]);
    expect(incidentIn(bench.world)).toMatchObject({ motorSite: "sec" });
  });

  test("that is over asks for no motor", async () => {
    await open({ closedAt: bench.clock.now(), end: "recovered" });
    expect(await keep()).toEqual([]);
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

  test("joins the failover that another store tells of, once its request has left", async () => {
    const weu = bench.weu.stores.of(bench.group).own;
    const { incident } = await bench.run(openIncident(weu, suspicion({ at: bench.clock.now() })));
    const left = (row: Incident): Incident => ({
      ...row,
      phases: { ...row.phases, postedAt: bench.clock.now() },
    });
    await bench.run(changeIncident(weu, { incidentId: incident.id, motor: 0 }, left));
    const joined = await suspected({}, bench.sec);
    expect(joined).toMatchObject({ opened: false, incident: { id: "inc-1" } });
    expect(incidentIn(bench.world, "neu")).toBeNull();
  });

  test("opens its own beside one in another store whose request has not left", async () => {
    const weu = bench.weu.stores.of(bench.group).own;
    await bench.run(openIncident(weu, suspicion({ at: bench.clock.now() })));
    const { opened, incident } = await suspected({}, bench.sec);
    expect(opened).toBe(true);
    expect(incident.id).toBe(`${GROUP}-${incident.openedAt.toString(36)}`);
  });
});
