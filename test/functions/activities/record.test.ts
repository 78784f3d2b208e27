// What is written down for good: how the roles have moved, what is left to do after it, and how it ended.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { createRecord } from "../../../functions/activities/record.ts";
import type { App } from "../../../functions/app.ts";
import type { Work } from "../../../orchestrations/contracts.ts";
import { Failback } from "../../../shared/domain/failback.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import { spendClaim, takeClaim } from "../../../shared/ledger/claims.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import { changeIncident, openIncident } from "../../../shared/ledger/incidents.ts";
import {
  type Acting,
  type Bench,
  claimFirst,
  failOver,
  goHome,
  leaveHome,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { call } from "../../support/facts.ts";
import { wanted } from "../../support/ledger-rows.ts";
import { GROUP, MINUTE } from "../../support/simulated-sites.ts";
import {
  auditIn,
  claimIn,
  failbackIn,
  failoverReceiptsIn,
  incidentIn,
  stored,
} from "../../support/stored.ts";

let bench: Bench;
let acting: Acting;
beforeEach(() => begin());

async function begin(...policy: Parameters<typeof startBench>): Promise<void> {
  bench = await startBench(...policy);
  acting = await failOver(bench);
}

type End = "failed-over" | "recovered";

function record({ epoch, ...work } = acting, verified = true, app = bench.neu) {
  return createRecord(app)({ ...work, entry: { kind: "failed-over", epoch, verified } });
}

function undo({ epoch, ...work } = acting, app = bench.neu) {
  return createRecord(app)({ ...work, entry: { kind: "undone", epoch } });
}

function close(end: End = "failed-over", work: Work = acting, app = bench.neu) {
  const { group, purpose, incidentId, motor } = work;
  const entry = { kind: "closed" as const, end, rule: "primary-lost" };
  return createRecord(app)({ group, purpose, incidentId, motor, entry });
}

const store = () => bench.neu.stores.of(bench.group).target("home");
const lines = (of: string, site = "neu") =>
  auditIn(bench.world, site).filter(({ action }) => action === of);

describe("a failover", () => {
  test("its receipt says who is primary now, how, by which incident, and all its instants", async () => {
    expect(await bench.run(record())).toEqual({ kind: "recorded" });
    const incident = incidentIn(bench.world);
    const [receipt] = failoverReceiptsIn(bench.world);
    expect(receipt).toMatchObject({
      incidentId: "inc-1",
      failover: "forced",
      newPrimary: "mi-orders-neu",
      phases: { ...incident?.phases, verifiedAt: receipt?.writtenAt },
      bound: incident?.loss,
    });
    expect(receipt?.id).toMatch(/^inc-1-failover-1-/);
    expect(incident?.phases.verifiedAt).toBe(receipt?.writtenAt);
    expect(incident?.samples).not.toEqual([]);
    expect(receipt?.loss.atMostSeconds).toEqual(expect.any(Number));
    expect(lines("failed-over")).toMatchObject([
      {
        incidentId: "inc-1",
        receiptId: receipt?.id,
        actor: "geo-failover",
        detail: { verified: true, newPrimary: "mi-orders-neu", loss: receipt?.loss },
      },
    ]);
  });

  test("its receipt says of a request whose answer was lost that nobody knows when it was accepted, whatever an earlier one was told", async () => {
    bench = await startBench();
    const { work, epoch } = await claimFirst(bench);
    const lost = { ...work, epoch };
    const { ports } = bench.neu;
    const failOver: typeof ports.failoverGroups.failOver = async (...asked) => {
      await ports.failoverGroups.failOver(...asked);
      return { kind: "unanswered", because: "a test" };
    };
    const failoverGroups = { ...ports.failoverGroups, failOver };
    const app = { ...bench.neu, ports: { ...ports, failoverGroups } };
    await bench.run(createPostFailover(app)(lost));
    const earlier = (row: Incident): Incident => ({
      ...row,
      phases: { ...row.phases, acceptedAt: row.openedAt },
    });
    await bench.run(changeIncident(store(), work, earlier));
    await bench.pass(MINUTE);
    await bench.run(createPollOperation(app)(lost));
    await bench.run(record(lost));
    const [receipt] = failoverReceiptsIn(bench.world);
    expect(receipt?.phases).toMatchObject({ postedAt: expect.any(Number), acceptedAt: null });
  });

  test("that could not be verified says so", async () => {
    await bench.run(record(acting, false));
    expect(lines("failed-over")).toMatchObject([{ detail: { verified: false } }]);
  });

  test("is owed until it is recorded: whoever comes before does it again", async () => {
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "moved", owed: true });
    await bench.run(record());
    expect(claimIn(bench.world)?.owed).toBe(false);
  });

  test("its way home waits from then on; it is off where nobody wants to go back", async () => {
    await bench.run(record());
    const [receipt] = failoverReceiptsIn(bench.world);
    expect(failbackIn(bench.world)).toMatchObject({
      id: "inc-1-home",
      incidentId: "inc-1",
      awayOn: "partner",
      state: "waiting",
      failedOverAt: receipt?.writtenAt,
    });
    await begin({ failback: { ...bench.group.policy.failback, mode: "off" } });
    await bench.run(record());
    expect(failbackIn(bench.world)).toMatchObject({ state: "off" });
  });

  test("a failover, side by side and an hour later: one receipt, one way home", async () => {
    await bench.run(Promise.all([record(), record()]));
    const [receipt] = failoverReceiptsIn(bench.world);
    const failback = failbackIn(bench.world);
    await bench.pass(60 * MINUTE);
    await bench.run(record());
    expect(failoverReceiptsIn(bench.world)).toEqual([receipt]);
    expect(failbackIn(bench.world)).toEqual(failback);
    expect(lines("failed-over")).toHaveLength(1);
  });

  test("a failover while both stores answer: the way home stands in both", async () => {
    bench = await startBench();
    acting = await failOver(bench, { fault: "instance-down", on: "home", at: 0 });
    await bench.run(record());
    expect(failbackIn(bench.world, "neu")).toMatchObject({ awayOn: "partner", state: "waiting" });
    expect(failbackIn(bench.world, "weu")).toEqual(failbackIn(bench.world, "neu"));
  });

  test("a failover, again after the group has gone home: the way home is not planned anew", async () => {
    await bench.run(record());
    const { id } = failbackIn(bench.world) ?? { id: "" };
    await bench.run(
      changeFailback(store(), { id, awayOn: "partner" }, (row) => ({ ...row, state: "done" })),
    );
    await bench.run(record());
    expect(failbackIn(bench.world)?.state).toBe("done");
  });

  test("recorded again after a later request was made: that one has no part in it", async () => {
    await bench.run(record());
    const receipts = failoverReceiptsIn(bench.world);
    const now = bench.clock.now();
    const later = wanted({ decisionId: "decision-2", incidentId: "inc-2", notAfter: now });
    await bench.run(takeClaim(store(), later, now));
    for (const again of [record(), undo()]) {
      expect(await bench.run(again)).toEqual({ kind: "recorded" });
    }
    expect(claimIn(bench.world)).toMatchObject({ epoch: 2, incidentId: "inc-2", state: "intent" });
    expect(failoverReceiptsIn(bench.world)).toEqual(receipts);
    expect([lines("failed-over").length, lines("failover-undone").length]).toEqual([1, 0]);
  });

  test("its claim cannot be read: nobody guesses what kind of failover it was", async () => {
    damageRow(bench.world, "neu", { group: GROUP, kind: "claim", id: "newest" }, "garbage");
    const because = `Cannot record the failover of ${GROUP}: its claim cannot be read`;
    await expect(bench.run(record())).rejects.toThrow(because);
    await expect(bench.run(undo())).rejects.toThrow(because);
    expect(failoverReceiptsIn(bench.world)).toEqual([]);
    expect(failbackIn(bench.world)).toBeNull();
  });

  test("that was undone, twice: one receipt, no way home, and should it show again it was ours", async () => {
    expect(await bench.run(undo())).toEqual({ kind: "recorded" });
    const claim = claimIn(bench.world);
    await bench.run(undo());
    expect(claimIn(bench.world)).toEqual(claim);
    expect(claim).toMatchObject({ spentBecause: "undone", owed: false });
    const [receipt, ...more] = failoverReceiptsIn(bench.world);
    expect([more, failbackIn(bench.world)]).toEqual([[], null]);
    expect(lines("failover-undone")).toMatchObject([
      { receiptId: receipt?.id, actor: "geo-failover", detail: { newPrimary: "mi-orders-neu" } },
    ]);
    // The world's roles are still where our request has put them.
    const { epoch, ...work } = acting;
    expect(await bench.run(createLookAndDecide(bench.neu)(work))).toEqual({
      kind: "follow",
      epoch,
    });
  });
});

describe("a way home", () => {
  let home: Acting;
  beforeEach(async () => {
    bench = await startBench();
    await leaveHome(bench);
    home = await goHome(bench);
  });

  test("its receipt is of a planned failover that lost nothing, with the instants of its claim", async () => {
    await bench.run(record(home, true, bench.weu));
    const claim = claimIn(bench.world, "weu");
    const [receipt] = failoverReceiptsIn(bench.world, "weu");
    expect(receipt).toMatchObject({
      incidentId: "inc-1-home",
      failover: "planned",
      newPrimary: "mi-orders-weu",
      loss: { atLeastSeconds: 0, atMostSeconds: 0 },
    });
    expect(receipt?.phases).toEqual({
      suspectedAt: claim?.takenAt,
      onsetAt: null,
      decidedAt: claim?.takenAt,
      postedAt: claim?.sentAt,
      acceptedAt: claim?.acceptedAt,
      movedAt: claim?.spentAt,
      verifiedAt: receipt?.writtenAt,
    });
    expect([claim?.sentAt, claim?.acceptedAt]).not.toContain(null);
    expect(claim?.owed).toBe(false);
  });

  test("leads to no other way home", async () => {
    await bench.run(record(home, true, bench.weu));
    expect(stored(bench.world, "failback", Failback, "weu")).toHaveLength(1);
  });

  test("its end stands in both stores, from when, and in the audit of its work", async () => {
    const before = bench.clock.now();
    await bench.run(close("failed-over", home, bench.weu));
    const [row, other] = [failbackIn(bench.world, "weu"), failbackIn(bench.world, "neu")];
    expect(row).toMatchObject({ id: "inc-1-home", state: "done", doneAt: other?.doneAt });
    expect(row?.doneAt).toBeGreaterThanOrEqual(before);
    expect(other?.state).toBe("done");
    expect(lines("failback-done", "weu")).toMatchObject([
      { incidentId: "inc-1-home", receiptId: null, detail: { end: "failed-over" } },
    ]);
    expect(lines("incident-closed", "weu")).toEqual([]);
  });
});

test("a failover that leads home leaves no way to plan: it is only watched until it is protected", async () => {
  bench = await startBench();
  const { weu, clock, group, run } = bench;
  const book = weu.stores.of(group).target("partner");
  const suspicion = { id: "inc-2", group: GROUP, openedBy: "watch", at: clock.now(), call: null };
  await run(openIncident(book, { ...suspicion, expectedPrimary: "partner" }));
  const way = { incidentId: "inc-2", expectedPrimary: "partner", target: "home" } as const;
  await run(takeClaim(book, wanted({ ...way, holder: "weu" }), clock.now()));
  await run(spendClaim(book, 1, { because: "moved", at: clock.now() }));
  const work = { group: GROUP, purpose: "fail-over", incidentId: "inc-2", motor: 0 } as const;
  await run(record({ ...work, epoch: 1 }, true, weu));
  expect(stored(bench.world, "failback", Failback, "weu")).toMatchObject([
    { incidentId: "inc-2", awayOn: "home", state: "off" },
  ]);
});

describe("the end of an incident", () => {
  const joins = (expiresAt: number) =>
    bench.run(changeIncident(store(), acting, (row) => ({ ...row, call: call({ expiresAt }) })));

  /** The same site, whose clock stands still at this instant. */
  function at(now: number): App {
    const { ports } = bench.neu;
    return { ...bench.neu, ports: { ...ports, clock: { ...ports.clock, now: () => now } } };
  }

  test("says how, by which rule, on which receipt it rests, and who ended it", async () => {
    expect(await bench.run(close())).toEqual({ kind: "recorded" });
    const incident = incidentIn(bench.world);
    expect(incident).toMatchObject({ end: "failed-over", receiptId: expect.any(String) });
    expect(lines("incident-closed")).toMatchObject([
      {
        rule: "primary-lost",
        receiptId: incident?.receiptId,
        actor: "geo-failover",
        detail: { end: "failed-over" },
      },
    ]);
  });

  test("twice: it ended when it first ended", async () => {
    await bench.run(close());
    const ended = incidentIn(bench.world);
    await bench.pass(MINUTE);
    await bench.run(close());
    expect(incidentIn(bench.world)).toEqual(ended);
    expect(ended?.end).toBe("failed-over");
    expect(lines("incident-closed")).toHaveLength(1);
  });

  test("by recovery waits for a call that a person has made meanwhile, until the call is over", async () => {
    const expiresAt = bench.clock.now() + MINUTE;
    await joins(expiresAt);
    await bench.run(close("recovered", acting, at(expiresAt - 1)));
    expect(incidentIn(bench.world)).toMatchObject({ closedAt: null });
    await bench.run(close("recovered", acting, at(expiresAt)));
    expect(incidentIn(bench.world)).toMatchObject({ end: "recovered", closedAt: expiresAt });
  });

  test("by a failover is the end, whoever has called for one meanwhile", async () => {
    await joins(bench.clock.now() + MINUTE);
    await bench.run(close("failed-over"));
    expect(incidentIn(bench.world)).toMatchObject({ end: "failed-over" });
  });

  test("after its motor was replaced nothing is written, of a failover neither", async () => {
    await nextMotor(bench, { ...acting, id: acting.incidentId }, "sec");
    const before = incidentIn(bench.world);
    const both = await bench.run(Promise.all([record(), close()]));
    expect(both).toEqual([{ kind: "recorded" }, { kind: "recorded" }]);
    expect(failoverReceiptsIn(bench.world)).toEqual([]);
    expect(failbackIn(bench.world)).toBeNull();
    expect(incidentIn(bench.world)).toEqual(before);
  });
});
