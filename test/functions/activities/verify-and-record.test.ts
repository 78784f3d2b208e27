import { beforeEach, describe, expect, test } from "vitest";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { createRecord } from "../../../functions/activities/record.ts";
import { createVerify } from "../../../functions/activities/verify.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import {
  type Bench,
  type Claimed,
  claimFirst,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE } from "../../support/simulated-sites.ts";
import { auditIn, failbackIn, failoverReceiptsIn, incidentIn } from "../../support/stored.ts";

let bench: Bench;
let claimed: Claimed;
beforeEach(async () => {
  bench = await startBench();
  claimed = await claimFirst(bench);
  const work = { ...claimed.work, epoch: claimed.epoch };
  await bench.run(createPostFailover(bench.neu)(work));
  await bench.pass(MINUTE);
  await bench.run(createPollOperation(bench.neu)(work));
});

function replaceMotor() {
  return nextMotor(bench, { ...claimed.work, id: claimed.work.incidentId }, "sec");
}

describe("Verify", () => {
  function verify() {
    return createVerify(bench.neu)({ ...claimed.work, epoch: claimed.epoch });
  }

  test("side by side and again: the same proof, one line in the audit", async () => {
    const both = await bench.run(Promise.all([verify(), verify()]));
    expect(both).toMatchObject([{ verified: true }, { verified: true }]);
    expect(await bench.run(verify())).toMatchObject({ verified: true });
    expect(auditIn(bench.world).filter(({ action }) => action === "verified")).toHaveLength(1);
  });

  test("after its motor was replaced: looks at nothing", async () => {
    await replaceMotor();
    expect(await bench.run(verify())).toEqual({ kind: "superseded" });
    expect(auditIn(bench.world).filter(({ action }) => action === "verified")).toEqual([]);
  });
});

describe("Record", () => {
  function record(verified = true) {
    const entry = { kind: "failed-over" as const, epoch: claimed.epoch, verified };
    return createRecord(bench.neu)({ ...claimed.work, entry });
  }

  function close() {
    const entry = { kind: "closed" as const, end: "failed-over" as const, rule: "primary-lost" };
    return createRecord(bench.neu)({ ...claimed.work, entry });
  }

  test("a failover, side by side and an hour later: one receipt, one way home", async () => {
    await bench.run(Promise.all([record(), record()]));
    const [receipt] = failoverReceiptsIn(bench.world);
    const failback = failbackIn(bench.world);
    await bench.pass(60 * MINUTE);
    await bench.run(record());
    expect(failoverReceiptsIn(bench.world)).toEqual([receipt]);
    expect(failbackIn(bench.world)).toEqual(failback);
    expect(auditIn(bench.world).filter(({ action }) => action === "failed-over")).toHaveLength(1);
  });

  test("a failover, again after the group has gone home: the way home is not planned anew", async () => {
    await bench.run(record());
    const { id } = failbackIn(bench.world) ?? { id: "" };
    const store = bench.neu.stores.of(bench.group).target("home");
    await bench.run(
      changeFailback(store, { id, awayOn: "partner" }, (row) => ({ ...row, state: "done" })),
    );
    await bench.run(record());
    expect(failbackIn(bench.world)?.state).toBe("done");
  });

  test("the end of an incident, twice: it ended when it first ended", async () => {
    await bench.run(close());
    const ended = incidentIn(bench.world);
    await bench.pass(MINUTE);
    await bench.run(close());
    expect(incidentIn(bench.world)).toEqual(ended);
    expect(ended?.end).toBe("failed-over");
  });

  test("after its motor was replaced: writes nothing", async () => {
    await replaceMotor();
    const before = incidentIn(bench.world);
    await bench.run(Promise.all([record(), close()]));
    expect(failoverReceiptsIn(bench.world)).toEqual([]);
    expect(failbackIn(bench.world)).toBeNull();
    expect(incidentIn(bench.world)).toEqual(before);
  });
});
