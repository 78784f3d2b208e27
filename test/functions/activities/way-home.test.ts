// The activities of a motor that brings a group home: its work is the row of the failover that led away.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createNotify } from "../../../functions/activities/notify.ts";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createTakeClaim } from "../../../functions/activities/take-claim.ts";
import { createVerify } from "../../../functions/activities/verify.ts";
import type { Work } from "../../../orchestrations/contracts.ts";
import { Receipt } from "../../../shared/domain/receipt.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import { keepCall } from "../../../shared/ledger/people.ts";
import {
  type Bench,
  goHome,
  leaveHome,
  startBench,
  takeWayHome,
  tickOnce,
} from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { call } from "../../support/facts.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { auditIn, claimIn, failbackIn, stored } from "../../support/stored.ts";

let bench: Bench;
let work: Work;
beforeEach(async () => {
  bench = await startBench();
  await leaveHome(bench);
});

const book = () => bench.weu.stores.of(bench.group).target("partner");
const row = () => failbackIn(bench.world, "weu");
const changeRow = (change: Parameters<typeof changeFailback>[2]) =>
  bench.run(changeFailback(book(), { id: "inc-1-home", awayOn: "partner" }, change));
const receipts = () => stored(bench.world, "receipt", Receipt, "weu");

/** Another motor has it from here on. */
const replaceMotor = () => changeRow((each) => ({ ...each, motor: each.motor + 1 }));
const endWay = () => changeRow((each) => ({ ...each, state: "done" }));

describe("a look on the way home", () => {
  beforeEach(async () => {
    work = await takeWayHome(bench);
    await watch();
  });

  /** Its site has looked for a while. */
  async function watch(): Promise<void> {
    for (let tick = 0; tick < 4; tick++) {
      await bench.run(tickOnce(bench.weu, bench.group));
      await bench.pass(10 * SECOND);
    }
  }

  const look = async (by: Work = work) => {
    const seen = await bench.run(createLookAndDecide(bench.weu)(by));
    if (seen.kind !== "decided") throw new Error(`nothing was decided: ${seen.kind}`);
    return seen;
  };

  test("is written down where the group goes to, and shows that its motor lives", async () => {
    const before = bench.clock.now();
    const { decisionId, verdict, action, settled } = await look();
    expect({ verdict, action, settled }).toEqual({ verdict: "hold", action: null, settled: null });
    expect(row()).toMatchObject({ decisionId, gist: expect.any(String), motor: 1 });
    expect(row()?.heartbeatAt).toBeGreaterThanOrEqual(before);
    expect(auditIn(bench.world, "weu").some(({ receiptId }) => receiptId === decisionId)).toBe(
      true,
    );
  });

  test("that finds nothing new writes no other receipt, but shows a sign of life", async () => {
    await look();
    await bench.pass(MINUTE);
    await watch();
    const { decisionId } = await look();
    const many = receipts().length;
    await bench.pass(MINUTE);
    const before = bench.clock.now();
    await look();
    expect(row()?.heartbeatAt).toBeGreaterThanOrEqual(before);
    expect(receipts()).toHaveLength(many);
    expect(row()?.decisionId).toBe(decisionId);
    await changeRow((each) => ({ ...each, healthySinceAt: bench.clock.now() }));
    const news = await look();
    expect(receipts()).toHaveLength(many + 1);
    expect(row()?.decisionId).toBe(news.decisionId);
  });

  test("whose motor was replaced, or whose way home is over, changes nothing", async () => {
    await replaceMotor();
    const replaced = row();
    expect(await bench.run(createLookAndDecide(bench.weu)(work))).toEqual({ kind: "superseded" });
    expect(row()).toEqual(replaced);
    await changeRow((each) => ({ ...each, motor: work.motor, state: "done" }));
    expect(await bench.run(createLookAndDecide(bench.weu)(work))).toEqual({ kind: "superseded" });
  });

  test.each([
    ["its motor is replaced", replaceMotor],
    ["the way home ends", endWay],
  ])("in the middle of which %s: it is not ours any more", async (_what, happen) => {
    const pending = createLookAndDecide(bench.weu)(work);
    await bench.pass(50);
    await happen();
    const before = row();
    expect(await bench.run(pending)).toEqual({ kind: "superseded" });
    expect(row()).toEqual(before);
  });

  test("for which a person has called since leads home by a planned failover; one from before does not", async () => {
    const accepts = ["key-unknown", "cooldown"] as const;
    const made = call({ purpose: "fail-back", kind: "planned", accepts: [...accepts] });
    await changeRow((each) => ({ ...each, healthySinceAt: bench.clock.now() }));
    const expiresAt = bench.clock.now() + 10 * MINUTE;
    const { failedOverAt = 0 } = row() ?? {};
    await bench.run(keepCall(book(), { ...made, calledAt: failedOverAt - 1, expiresAt }));
    expect(await look()).toMatchObject({ verdict: "hold", action: null });
    await bench.run(
      keepCall(book(), { ...made, id: "call-2", calledAt: bench.clock.now(), expiresAt }),
    );
    const seen = await look();
    const action = { kind: "planned", expectedPrimary: "partner", target: "home" } as const;
    expect(seen).toMatchObject({ verdict: "fail-over", action });
    const { decisionId } = seen;
    const claim = createTakeClaim(bench.weu)({ ...work, decisionId, action });
    expect(await bench.run(claim)).toMatchObject({ kind: "taken" });
    expect(claimIn(bench.world, "weu")).toMatchObject({ kind: "planned", holder: "weu" });
  });

  test("people are told why by its last decision, and without one that there is none", async () => {
    const notify = (key: string) =>
      bench.run(
        createNotify(bench.weu)({ ...work, announcement: { type: "page", key, urgent: true } }),
      );
    await changeRow((each) => ({ ...each, decisionId: null }));
    await notify("one");
    const { rule } = await look();
    await notify("two");
    await changeRow((each) => ({ ...each, decisionId: "nobody-decided-this" }));
    await notify("three");
    const told = bench.world.record.sent.slice(-3).map(({ event }) => event);
    expect(told.map(({ data }) => data.decision)).toMatchObject([null, { rule }, null]);
    expect(told[1]).toMatchObject({
      incidentId: "inc-1-home",
      data: { primary: "mi-orders-neu", target: "mi-orders-weu", loss: null },
    });
  });

  test("whose row nobody can read is not given up in silence", async () => {
    damageRow(bench.world, "weu", { group: GROUP, kind: "failback", id: "partner" }, "garbage");
    const pending = createLookAndDecide(bench.weu)(work);
    await expect(bench.run(pending)).rejects.toThrow(
      "Cannot take hold of inc-1-home: nobody can tell whose it is: weu",
    );
  });
});

describe("a step of a motor on the way home", () => {
  test("shows that it lives, for as long as the way home is its own", async () => {
    const { epoch, ...ofHome } = await goHome(bench);
    work = ofHome;
    const poll = () => bench.run(createPollOperation(bench.weu)({ ...work, epoch }));
    const verify = () => bench.run(createVerify(bench.weu)({ ...work, epoch }));
    const before = bench.clock.now();
    expect(await poll()).toEqual({ kind: "moved" });
    expect(row()?.heartbeatAt).toBeGreaterThanOrEqual(before);
    expect(await verify()).toMatchObject({ kind: "looked", verified: true });
    await replaceMotor();
    const replaced = row();
    expect(await verify()).toEqual({ kind: "superseded" });
    expect(row()).toEqual(replaced);
    await changeRow((each) => ({ ...each, motor: work.motor, state: "done" }));
    expect(await poll()).toEqual({ kind: "superseded" });
  });
});
