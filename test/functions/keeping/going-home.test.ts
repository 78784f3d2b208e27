// After a failover: protection first, then the rules of going home, then the motor; each at the site that leads.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createNotify } from "../../../functions/activities/notify.ts";
import type { App } from "../../../functions/app.ts";
import { keepFailback } from "../../../functions/keeping/keep-failback.ts";
import type { SpentBecause } from "../../../shared/domain/claim.ts";
import type { Failback } from "../../../shared/domain/failback.ts";
import { changeClaim, spendClaim, takeClaim } from "../../../shared/ledger/claims.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { lastRoleChangeIn } from "../../../shared/ledger/own-view.ts";
import { keepCall, openAsk } from "../../../shared/ledger/people.ts";
import type { Updateability } from "../../../shared/ports/sql.ts";
import { type Bench, leaveHome, startBench, tickOnce } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { call } from "../../support/facts.ts";
import { ask, wanted } from "../../support/ledger-rows.ts";
import { createMotorHost, type MotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { asksIn, auditIn, failbackIn } from "../../support/stored.ts";

let bench: Bench;
let host: MotorHost;
/** The group has failed over to its partner while home was down, and home is back. */
async function goAway(policy: Parameters<typeof startBench>[0] = {}): Promise<void> {
  bench = await startBench(policy);
  host = createMotorHost();
  await leaveHome(bench);
}

beforeEach(() => goAway());
const AWAY = { id: "inc-1-home", awayOn: "partner" } as const;
const HOMEWARD = ["start fail-back-inc-1-home-1"];
const NEXT = ["end fail-back-inc-1-home-1", "start fail-back-inc-1-home-2"];

/** One tick's care for what a failover left to do, at the site that leads now; returns what the host was asked. */
async function keep(
  app: App = bench.weu,
  quiet: Readonly<Record<string, number>> = {},
  ticksAtOnce = 1,
): Promise<readonly string[]> {
  await bench.run(tickOnce(app, bench.group));
  const ledger = app.stores.of(bench.group);
  const view = await bench.run(readOwn(ledger));
  const others = ledger.both("partner").filter((book) => book !== ledger.own);
  const stores = [
    view.rows,
    ...(await bench.run(Promise.all(others.map((book) => readLive(book))))),
  ];
  const quietMs = (site: string): number => quiet[site] ?? 0;
  const presence = Promise.resolve({ seen: {}, read: [], quietMs });
  const homing = { client: host.client, ledger, view, stores, presence };
  const ticks = Array.from({ length: ticksAtOnce }, () => keepFailback(app, homing));
  await bench.run(Promise.all(ticks));
  return host.asked.splice(0);
}

/** The leading site watches for a while, so that it has fresh looks of its own. */
async function watch(): Promise<void> {
  for (let tick = 0; tick < 4; tick++) {
    await bench.run(tickOnce(bench.weu, bench.group));
    await bench.pass(10 * SECOND);
  }
}

/** A person calls the group home, and accepts what nobody has proven yet. */
function callHome(calledAt = bench.clock.now()): Promise<unknown> {
  const accepts = ["key-unknown", "cooldown"] as const;
  const made = call({ purpose: "fail-back", kind: "planned", accepts: [...accepts], calledAt });
  return bench.run(keepCall(book(), { ...made, expiresAt: bench.clock.now() + 10 * MINUTE }));
}

const book = () => bench.weu.stores.of(bench.group).target("partner");
const change = (to: Partial<Failback>) =>
  bench.run(changeFailback(book(), AWAY, (row) => ({ ...row, ...to })));
const row = (site = "weu") => failbackIn(bench.world, site);
const rows = (site: string) => bench.world.stores.get(site)?.parts.get(`${GROUP}/failback`);
const etag = () => rows("weu")?.get("partner")?.etag;

describe("after a failover", () => {
  test("it is seen to be protected again, from when, and said so once", async () => {
    const before = bench.clock.now();
    expect(await keep()).toEqual([]);
    const first = row();
    expect(first?.protectedAt).toBeGreaterThanOrEqual(before);
    expect(first?.healthySinceAt).toBe(first?.protectedAt);
    await bench.pass(MINUTE);
    await keep();
    expect(row()).toMatchObject({ protectedAt: first?.protectedAt, state: "waiting" });
    const told = bench.world.record.sent.filter(({ event }) => event.type === "protected");
    const text = expect.stringContaining("mi-orders-weu follows again");
    expect(told).toMatchObject([{ event: { urgent: false, text, data: { key: "once" } } }]);
  });

  test.each<readonly Updateability[]>([["READ_WRITE"], ["READ_ONLY", "READ_WRITE"], ["other"]])(
    "an old primary is not healthy, though it follows, unless all its databases are read-only: case %#",
    async (...states) => {
      const databases = states.map((updateability, nth) => ({ name: `db-${nth}`, updateability }));
      const { sql } = bench.weu.ports;
      const updateability: typeof sql.updateability = async (of) =>
        of.fqdn === bench.group.home.fqdn
          ? { kind: "read", server: "mi-orders-weu", databases }
          : sql.updateability(of);
      await keep({ ...bench.weu, ports: { ...bench.weu.ports, sql: { ...sql, updateability } } });
      expect(row()).toMatchObject({ protectedAt: null, healthySinceAt: null });
    },
  );

  test("what it rests on first is what this tick has seen, under the name of its work", async () => {
    await keep();
    expect(row()?.gist).toMatch(/^\["soak",/);
    expect(row()?.decisionId).toMatch(/^inc-1-home-0-/);
  });

  test("nothing is written while nothing changes and the rules are not asked", async () => {
    await keep();
    const before = etag();
    await keep();
    expect(etag()).toBe(before);
  });

  test("a store that was lost gets the way home from the other one", async () => {
    rows("weu")?.clear();
    await keep();
    expect(row()).toMatchObject({ id: "inc-1-home", protectedAt: expect.any(Number) });
    expect(row()?.failedOverAt).toBe(row("neu")?.failedOverAt);
  });

  test("a site that stands in for a quiet one keeps the row where the group goes to", async () => {
    const before = row("neu");
    await keep(bench.neu, { weu: 10 * MINUTE, sec: 10 * MINUTE });
    expect(row("neu")).toEqual(before);
    await keep(bench.sec, { weu: 10 * MINUTE });
    expect(row("weu")?.protectedAt).toEqual(expect.any(Number));
  });

  test("the old primary falls silent again: its health counts anew, that it was protected stays", async () => {
    await keep();
    const { protectedAt } = row() ?? {};
    bench.world.inject({ fault: "instance-down", on: "home", at: 0, for: MINUTE });
    await keep();
    expect(row()).toMatchObject({ protectedAt, healthySinceAt: null });
  });

  test("only the site that leads does any of it", async () => {
    const before = row();
    await keep(bench.neu);
    await keep(bench.sec);
    expect(row()).toEqual(before);
  });

  test("why it does not go home yet is written down when that changes, and not at every tick", async () => {
    await keep();
    await bench.pass(MINUTE);
    await keep();
    const { decisionId, gist } = row() ?? {};
    expect(gist).toEqual(expect.any(String));
    const lines = () =>
      auditIn(bench.world, "weu").filter(({ receiptId }) => receiptId === decisionId);
    expect(lines()).toHaveLength(1);
    await bench.pass(MINUTE);
    await keep();
    expect(row()).toMatchObject({ decisionId, gist });
  });

  test("the rules are asked once a minute, and not while it is not healthy", async () => {
    await keep();
    await keep();
    const first = row()?.consideredAt ?? 0;
    expect(first).toBeGreaterThan(0);
    await bench.pass(30 * SECOND);
    await keep();
    expect(row()?.consideredAt).toBe(first);
    await bench.pass(31 * SECOND);
    await keep();
    expect(row()?.consideredAt).toBeGreaterThan(first);
    const second = row()?.consideredAt;
    bench.world.inject({ fault: "instance-down", on: "home", at: 0, for: 5 * MINUTE });
    await bench.pass(2 * MINUTE);
    await keep();
    expect(row()?.consideredAt).toBe(second);
  });

  test("after its soak it goes home: one motor, at the site that leads", async () => {
    await keep();
    await bench.pass(31 * MINUTE);
    await watch();
    const { decisionId } = row() ?? {};
    expect(await keep()).toEqual(HOMEWARD);
    expect(row()).toMatchObject({ motor: 1, motorSite: "weu" });
    // What acts its motor writes down.
    expect(row()?.decisionId).toBe(decisionId);
  });

  test("two ticks at once start one motor", async () => {
    await keep();
    await bench.pass(31 * MINUTE);
    await watch();
    expect(await keep(bench.weu, {}, 2)).toEqual(HOMEWARD);
  });

  test("a person's call does not wait for the soak", async () => {
    await keep();
    await watch();
    await callHome();
    expect(await keep()).toEqual(HOMEWARD);
  });

  test("a call of before the failover is about something else", async () => {
    await keep();
    const { failedOverAt = 0 } = row() ?? {};
    await callHome(failedOverAt - 1);
    await watch();
    expect(await keep()).toEqual([]);
  });

  test("where nobody wants to go back it is over once it is protected, in both stores", async () => {
    const { failback } = bench.group.policy;
    await goAway({ failback: { ...failback, mode: "off" } });
    expect(row()).toMatchObject({ state: "off" });
    bench.world.inject({ fault: "instance-down", on: "home", at: 0, for: MINUTE });
    await callHome();
    expect([await keep(), row()?.consideredAt]).toEqual([[], null]);
    await bench.pass(2 * MINUTE);
    await keep();
    const done = { state: "done", doneAt: expect.any(Number) };
    expect([row("weu"), row("neu")]).toMatchObject([done, done]);
  });

  test("somebody has brought it home: nothing is left to do, and nothing to answer", async () => {
    await keep();
    await bench.run(openAsk(book(), ask({ incidentId: AWAY.id })));
    bench.world.inject({ fault: "other-failover", kind: "planned", at: 0, for: SECOND });
    await bench.pass(5 * MINUTE);
    await keep();
    expect([row("weu"), row("neu")]).toMatchObject([{ state: "done" }, { state: "done" }]);
    expect(asksIn(bench.world, "weu")).toMatchObject([{ answer: "withdrawn" }]);
  });
});

describe("a way home whose rules ask somebody", () => {
  const APPROVED_MS = 15 * MINUTE;

  test("gets a motor to ask with, and no other while that ask stands", async () => {
    const { failback } = bench.group.policy;
    await goAway({ failback: { ...failback, mode: "approve" }, approvalMs: APPROVED_MS });
    await keep();
    await bench.pass(31 * MINUTE);
    await watch();
    expect(await keep()).toEqual(HOMEWARD);
    const work = { group: GROUP, purpose: "fail-back", incidentId: AWAY.id, motor: 1 } as const;
    const seen = await bench.run(createLookAndDecide(bench.weu)(work));
    if (seen.kind !== "decided" || seen.announce === null) throw new Error("nobody is asked");
    const asking = { ...work, announcement: seen.announce };
    // Written down, but nobody has heard of it: that is no ask.
    await bench.run(createNotify(mute(bench.weu))(asking));
    await bench.pass(MINUTE);
    expect(await keep()).toEqual(NEXT);
    await change({ motor: 1 });
    await bench.run(createNotify(bench.weu)(asking));
    await bench.pass(MINUTE);
    expect(await keep()).toEqual([]);
    await change({ id: "inc-9-home" });
    expect(asksIn(bench.world, "weu")).toMatchObject([{ incidentId: AWAY.id }]);
    await bench.pass(MINUTE);
    expect(await keep()).toEqual(["end fail-back-inc-9-home-1", "start fail-back-inc-9-home-2"]);
    await changeOther({ id: AWAY.id, motor: 1 });
    await bench.pass(APPROVED_MS);
    await watch();
    expect(await keep()).toEqual(NEXT);
  });

  /** The same site, whose messages nobody takes. */
  function mute(app: App): App {
    return { ...app, ports: { ...app.ports, notifier: { send: async () => "failed" as const } } };
  }

  const changeOther = (to: Partial<Failback>) =>
    bench.run(
      changeFailback(book(), { ...AWAY, id: "inc-9-home" }, (each) => ({ ...each, ...to })),
    );
});

describe("a way home that is under way", () => {
  const underWay = async (incidentId: string = AWAY.id): Promise<void> => {
    await keep();
    await change({ motor: 1, motorSite: "weu", heartbeatAt: bench.clock.now() });
    const claim = {
      incidentId,
      kind: "planned",
      expectedPrimary: "partner",
      target: "home",
      holder: "weu",
    } as const;
    await bench.run(takeClaim(book(), wanted(claim), bench.clock.now()));
  };

  const spend = (because: SpentBecause) =>
    bench.run(spendClaim(book(), 1, { because, at: bench.clock.now() }));
  /** The roles have moved home. */
  const move = async (): Promise<void> => {
    bench.world.inject({ fault: "other-failover", kind: "planned", at: 0, for: SECOND });
    await bench.pass(5 * MINUTE);
  };
  const states = () => [row("weu")?.state, row("neu")?.state];
  const OVER = ["done", "done"];
  const OPEN = ["waiting", "waiting"];

  test("is left to its motor while that lives", async () => {
    await underWay();
    expect(await keep()).toEqual([]);
    await bench.pass(50 * SECOND);
    expect(await keep()).toEqual([]);
  });

  test("gets a new one when that is dead, or another site's", async () => {
    await underWay();
    host.status = "Failed";
    expect(await keep()).toEqual(NEXT);
    host.status = "Running";
    await change({ motorSite: "sec", motor: 1 });
    expect(await keep()).toEqual(NEXT);
  });

  test("is not over because the roles have moved: that may be its own doing", async () => {
    await underWay();
    await move();
    await keep();
    expect(states()).toEqual(OPEN);
  });

  test("has moved the roles: its motor has the rest to write down, and a dead one is replaced", async () => {
    await underWay();
    await spend("moved");
    await move();
    expect([await keep(), states()]).toEqual([NEXT, OPEN]);
  });

  test("was given up in doubt, and the roles have moved since: whose doing it was is for its motor to find out", async () => {
    await underWay();
    await bench.run(changeClaim(book(), 1, (claim) => ({ ...claim, state: "sent" })));
    await spend("reconciled-not-moved");
    expect(await keep()).toEqual([]);
    await move();
    expect([await keep(), states()]).toEqual([NEXT, OPEN]);
  });

  test("was refused, or the request was another's: it is over once the roles have moved", async () => {
    await underWay();
    await spend("refused");
    await move();
    expect([await keep(), states()]).toEqual([[], OVER]);
    await goAway();
    await underWay("inc-7-home");
    await spend("moved");
    await move();
    expect([await keep(), states()]).toEqual([[], OVER]);
  });

  test("and whose claim nobody can read is neither over nor begun anew", async () => {
    await underWay();
    damageRow(bench.world, "weu", { group: GROUP, kind: "claim", id: "newest" }, "garbage");
    await move();
    const before = etag();
    expect([await keep(), states(), etag()]).toEqual([[], OPEN, before]);
  });
});

test("a group that is away for good goes home when a person calls for it", async () => {
  await change({ state: "done" });
  await bench.run(
    changeFailback(bench.neu.stores.of(bench.group).target("home"), AWAY, (each) => ({
      ...each,
      state: "done",
    })),
  );
  expect(await keep()).toEqual([]);
  await watch();
  await callHome();
  expect(await keep()).toEqual([`start fail-back-${GROUP}-call-1-1`]);
  expect(row()).toMatchObject({ incidentId: "call-1", awayOn: "partner", motor: 1 });
  const roles = lastRoleChangeIn(await bench.run(readOwn(bench.weu.stores.of(bench.group))));
  expect(roles).toEqual({ kind: "known", at: row()?.failedOverAt });
});

test("a call of before the group moved away is about something else, and one at home brings nobody home", async () => {
  for (const site of [bench.weu, bench.neu]) {
    const over = (each: Failback): Failback => ({ ...each, state: "done" });
    await bench.run(changeFailback(site.stores.of(bench.group).own, AWAY, over));
  }
  await watch();
  await callHome(row()?.failedOverAt);
  expect(await keep()).toEqual([]);
  bench = await startBench();
  await callHome();
  expect([await keep(), row()]).toEqual([[], null]);
});
