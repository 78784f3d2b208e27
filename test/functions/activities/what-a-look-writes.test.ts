// What a round of an incident writes down, and what it tells the motor to do next.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createNotify } from "../../../functions/activities/notify.ts";
import type { Announcement, Work } from "../../../orchestrations/contracts.ts";
import type { Claim } from "../../../shared/domain/claim.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import { Receipt } from "../../../shared/domain/receipt.ts";
import { changeClaim, settleClaim, spendClaim } from "../../../shared/ledger/claims.ts";
import { createStores } from "../../../shared/ledger/group-ledger.ts";
import { changeIncident } from "../../../shared/ledger/incidents.ts";
import { type Store, StoreUnreachable } from "../../../shared/ports/store.ts";
import {
  type Bench,
  claimFirst,
  lookUntil,
  loseRegion,
  startBench,
} from "../../support/activity-bench.ts";
import { call } from "../../support/facts.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { claimIn, incidentIn, stored } from "../../support/stored.ts";

let bench: Bench;
let work: Work;
beforeEach(async () => {
  bench = await startBench();
  work = await loseRegion(bench);
});

const store = () => bench.neu.stores.of(bench.group).target("home");

async function look() {
  const seen = await bench.run(createLookAndDecide(bench.neu)(work));
  if (seen.kind !== "decided") throw new Error(`the look ended otherwise: ${seen.kind}`);
  return seen;
}

const receipts = () => stored(bench.world, "receipt", Receipt, "neu");

const changeRow = (change: (row: Incident) => Incident) =>
  bench.run(changeIncident(store(), work, change));

describe("a round that finds trouble", () => {
  test("counts it, keeps what it saw, and shows that its motor lives", async () => {
    await look();
    await bench.pass(10 * SECOND);
    const before = bench.clock.now();
    const { decisionId } = await look();
    const row = incidentIn(bench.world);
    expect(row).toMatchObject({ decisionId, closedAt: null, calmSinceAt: null });
    expect(row?.outage.onsetAt).toEqual(expect.any(Number));
    expect(row?.phases).toMatchObject({ onsetAt: row?.outage.onsetAt, decidedAt: null });
    for (const at of [row?.heartbeatAt, row?.countedUntilAt, row?.decidedAt]) {
      expect(at).toBeGreaterThanOrEqual(before);
    }
    expect(row?.decision).toMatchObject({ verdict: "hold" });
  });

  test("keeps the bound of the loss that was taken over for as long as that outage lasts, and not for the next", async () => {
    const carriedLoss = { kind: "bounded", atMostMs: 2_000, database: "orders" } as const;
    await look();
    await changeRow((row) => ({ ...row, carriedLoss }));
    await bench.pass(10 * SECOND);
    await look();
    expect(incidentIn(bench.world)).toMatchObject({ carriedLoss });
    const began = incidentIn(bench.world)?.outage.onsetAt;
    await bench.pass(15 * MINUTE);
    await look();
    expect(incidentIn(bench.world)?.outage.onsetAt).not.toBe(began);
    expect(incidentIn(bench.world)).toMatchObject({ carriedLoss: null });
  });

  test("tells the motor to hold: no action, nothing settled, and when to look again", async () => {
    const seen = await look();
    expect(seen).toMatchObject({ verdict: "hold", action: null, settled: null });
    expect(seen.nextLookAfterMs).toBeGreaterThan(0);
    expect(seen.nextLookAfterMs).toBeLessThanOrEqual(10 * SECOND);
  });

  test("writes a receipt of what is news, and not of the same once more, until an hour has passed", async () => {
    const first = await lookUntil(bench, work, "hold");
    const ids = () => receipts().map(({ id }) => id);
    expect(ids()).toContain(first.decisionId);
    expect(first.announce).toMatchObject({ type: "notice" });
    const again = await look();
    const news = again.rule !== first.rule;
    expect(ids().includes(again.decisionId)).toBe(news);
    const third = await look();
    expect(third.rule).toBe(again.rule);
    expect([ids().includes(third.decisionId), third.announce]).toEqual([false, null]);
    expect(incidentIn(bench.world)?.receiptId).not.toBe(third.decisionId);
    await changeRow((row) => ({ ...row, receiptAt: bench.clock.now() - 60 * MINUTE }));
    const due = await look();
    expect(due.rule).toBe(third.rule);
    expect(ids()).toContain(due.decisionId);
    expect(incidentIn(bench.world)).toMatchObject({ receiptId: due.decisionId });
    expect(incidentIn(bench.world)?.receiptAt).toBe(incidentIn(bench.world)?.decidedAt);
  });

  test("that acts writes a receipt each time: the claim needs it", async () => {
    const first = await lookUntil(bench, work, "fail-over");
    const second = await look();
    expect(second).toMatchObject({
      verdict: "fail-over",
      action: { kind: "forced", expectedPrimary: "home", target: "partner" },
    });
    const ids = receipts().map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([first.decisionId, second.decisionId]));
    expect(incidentIn(bench.world)?.phases.decidedAt).toBe(incidentIn(bench.world)?.decidedAt);
  });

  test("that acts, and whose receipt is not taken at first: it is claimed on the receipt that is", async () => {
    let lost = 0;
    const loseFirst = (of: Store): Store => ({
      ...of,
      write: async (key, value, condition) => {
        const acts = key.kind === "receipt" && JSON.stringify(value).includes('"primary-lost"');
        if (acts && lost++ === 0) throw new StoreUnreachable("Cannot reach the store: a test");
        return of.write(key, value, condition);
      },
    });
    const { config, ports } = bench.neu;
    const stores = new Map([...ports.stores].map(([site, of]) => [site, loseFirst(of)]));
    const app = { ...bench.neu, stores: createStores(config, stores, ports.clock) };
    for (let tries = 0; tries < 60 && lost < 3; tries++) {
      await bench.run(createLookAndDecide(app)(work)).catch(() => null);
      await bench.pass(10 * SECOND);
    }
    expect(lost).toBe(3);
  });

  test("names its decision after the work, its motor and the instant", async () => {
    const { decisionId } = await look();
    const at = incidentIn(bench.world)?.decidedAt ?? 0;
    expect(decisionId).toBe(`inc-1-1-${at.toString(36)}`);
  });
});

describe("a person's call in an incident", () => {
  const calledFor = (expiresAt: number) => call({ calledAt: bench.clock.now(), expiresAt });

  test("counts until it expires", async () => {
    const expiresAt = bench.clock.now() + 10 * MINUTE;
    await changeRow((row) => ({ ...row, call: calledFor(expiresAt) }));
    await look();
    expect(incidentIn(bench.world)?.call).toMatchObject({ id: "call-1" });
  });

  test("that has expired counts no more, and is gone from the incident", async () => {
    await changeRow((row) => ({ ...row, call: calledFor(bench.clock.now()) }));
    const seen = await look();
    expect(seen.rule).not.toMatch(/^call/);
    expect(incidentIn(bench.world)?.call).toBeNull();
  });

  test("that came in the middle of a round is kept for the next one", async () => {
    const pending = createLookAndDecide(bench.neu)(work);
    await bench.pass(50);
    await changeRow((row) => ({ ...row, call: calledFor(bench.clock.now() + 10 * MINUTE) }));
    await bench.run(pending);
    expect(incidentIn(bench.world)?.call).toMatchObject({ id: "call-1" });
  });
});

describe("a round that finds a claim", () => {
  beforeEach(async () => {
    bench = await startBench();
    ({ work } = await claimFirst(bench));
  });

  const claim = (change: Partial<Claim>) =>
    bench.run(changeClaim(store(), 1, (row) => ({ ...row, ...change })));
  const spend = (because: NonNullable<Claim["spentBecause"]>) =>
    bench.run(spendClaim(store(), 1, { because, at: bench.clock.now() }));
  const round = () => bench.run(createLookAndDecide(bench.neu)(work));
  const FOLLOW = { kind: "follow", epoch: 1 };

  test("open, or moved by this very work and not yet proven: follows it", async () => {
    expect(await round()).toEqual(FOLLOW);
    await spend("moved");
    expect(await round()).toEqual(FOLLOW);
    await bench.run(settleClaim(store(), 1));
    expect(await round()).toEqual(FOLLOW);
  });

  test("moved by other work and written down, or refused: looks for itself", async () => {
    await claim({ incidentId: "inc-0" });
    await spend("moved");
    expect(await round()).toEqual(FOLLOW);
    await bench.run(settleClaim(store(), 1));
    expect(await round()).toMatchObject({ kind: "decided" });
  });

  test("refused: writes no receipt of what it may not claim yet, and does again once it may", async () => {
    await spend("refused");
    const early = await round();
    if (early.kind !== "decided") throw new Error("nothing was decided");
    const has = (id: string) => receipts().some((receipt) => receipt.id === id);
    expect([early.verdict, has(early.decisionId)]).toEqual(["fail-over", false]);
    await bench.pass(10 * SECOND);
    const late = await round();
    if (late.kind !== "decided") throw new Error("nothing was decided");
    expect([late.verdict, has(late.decisionId)]).toEqual(["fail-over", true]);
  });

  test("given up in doubt, and the roles have moved while no other's failover is known: it was ours, and is followed", async () => {
    await claim({ state: "sent", sentAt: bench.clock.now() });
    await spend("reconciled-not-moved");
    bench.world.inject({ fault: "other-failover", kind: "forced", at: 0 });
    await bench.pass(25 * SECOND);
    const seen = await round();
    expect(seen).toEqual(FOLLOW);
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "moved", owed: true, doubt: null });
  });

  test("given up in doubt, and nothing has moved: it stays in doubt", async () => {
    await claim({ state: "sent", sentAt: bench.clock.now() });
    await spend("reconciled-not-moved");
    expect(await round()).toMatchObject({ kind: "decided" });
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "reconciled-not-moved" });
    expect(claimIn(bench.world)?.doubt).not.toBeNull();
  });
});

describe("what goes out to people", () => {
  const notify = (announcement: Announcement) =>
    bench.run(createNotify(bench.neu)({ ...work, announcement }));
  const sent = () => bench.world.record.sent.map(({ event }) => event);

  test("names the group, what happened and why, both instances, and how much may be lost", async () => {
    const { announce, decisionId } = await look();
    if (announce === null) throw new Error("nobody is told");
    expect(await notify(announce)).toEqual({ kind: "sent" });
    const [event] = sent();
    const row = incidentIn(bench.world);
    expect(decisionId).toBe(row?.decisionId);
    expect(event).toMatchObject({
      type: "notice",
      group: "orders-fog",
      incidentId: "inc-1",
      urgent: false,
      data: {
        primary: "mi-orders-weu",
        target: "mi-orders-neu",
        targetRegion: "northeurope",
        decision: row?.decision,
        loss: row?.loss,
      },
    });
    expect(event?.text).toMatch(/^orders-fog: nothing is sent: /);
    expect(event?.text).toContain(`Rule: ${row?.decision?.rule}. Incident: inc-1.`);
    expect(event?.data).not.toHaveProperty("token");
  });

  test("of what became of a claim is told in the name of the work that took it, once, whoever follows it", async () => {
    bench = await startBench();
    ({ work } = await claimFirst(bench));
    await bench.run(changeClaim(store(), 1, (row) => ({ ...row, incidentId: "inc-0" })));
    for (const type of ["failed-over", "writable"] as const) {
      await notify({ type, key: "1", urgent: false });
      await notify({ type, key: "1", urgent: false });
    }
    await notify({ type: "page", key: "slow", urgent: true });
    expect(sent().map(({ id }) => id)).toEqual([
      "inc-0~failed-over~1",
      "inc-0~writable~1",
      "inc-1~page~slow",
    ]);
  });

  test("that nobody took is not said to be sent, and goes out when it is told again", async () => {
    bench.world.inject({ fault: "notifier-down", at: 0, for: MINUTE });
    const page = { type: "page", key: "slow", urgent: true } as const;
    expect(await notify(page)).toEqual({ kind: "failed" });
    await bench.pass(2 * MINUTE);
    expect(await notify(page)).toEqual({ kind: "sent" });
  });
});
