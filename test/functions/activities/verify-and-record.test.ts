import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { createRecord } from "../../../functions/activities/record.ts";
import { createVerify } from "../../../functions/activities/verify.ts";
import type { App } from "../../../functions/app.ts";
import { changeFailback } from "../../../shared/ledger/failbacks.ts";
import type { UpdateabilityReading } from "../../../shared/ports/sql.ts";
import {
  type Bench,
  type Claimed,
  claimFirst,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE } from "../../support/simulated-sites.ts";
import {
  auditIn,
  claimIn,
  failbackIn,
  failoverReceiptsIn,
  incidentIn,
} from "../../support/stored.ts";

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

type DatabaseReading = Extract<UpdateabilityReading, { kind: "read" }>["databases"][number];

describe("Verify", () => {
  function verify(app = bench.neu) {
    return createVerify(app)({ ...claimed.work, epoch: claimed.epoch });
  }

  /** The same site, whose new primary says this of its databases. */
  function hearing(databases: readonly DatabaseReading[]): App {
    const { neu, group } = bench;
    const { sql } = neu.ports;
    const updateability: App["ports"]["sql"]["updateability"] = async (target) => {
      const reading = await sql.updateability(target);
      return target.fqdn === group.partner.fqdn && reading.kind === "read"
        ? { ...reading, databases }
        : reading;
    };
    return { ...neu, ports: { ...neu.ports, sql: { ...sql, updateability } } };
  }

  function looked(): readonly unknown[] {
    return auditIn(bench.world)
      .filter(({ action }) => action === "verified")
      .map(({ detail }) => detail);
  }

  test("one database of two takes writes: not verified, and the audit names the other", async () => {
    const app = hearing([
      { name: "orders", updateability: "READ_WRITE" },
      { name: "stock", updateability: "READ_ONLY" },
    ]);
    expect(await bench.run(verify(app))).toMatchObject({ verified: false });
    const step = { step: "databases", state: "waiting", detail: "stock" };
    expect(looked()).toMatchObject([{ steps: expect.arrayContaining([step]) }]);
  });

  test("the new primary shows no database at all: not verified", async () => {
    expect(await bench.run(verify(hearing([])))).toMatchObject({ verified: false });
  });

  test("the new primary takes no write to the canary: not verified", async () => {
    bench.world.inject({ fault: "write-error", on: "partner", number: 9002, at: 0 });
    expect(await bench.run(verify())).toMatchObject({ verified: false });
    const step = expect.objectContaining({ step: "write", state: "waiting" });
    expect(looked()).toMatchObject([{ steps: expect.arrayContaining([step]) }]);
  });

  test("nobody says who is primary: not verified", async () => {
    bench.world.inject({ fault: "arm-down", at: 0 });
    expect(await bench.run(verify())).toMatchObject({ verified: false });
  });

  test("the target's own region says that it is secondary again: undone, and the audit shows it", async () => {
    const { failoverGroups } = bench.neu.ports;
    const read: typeof failoverGroups.read = async (name, side) => {
      const reading = await failoverGroups.read(name, side);
      return reading.kind === "read" ? { ...reading, role: "secondary" } : reading;
    };
    const ports = { ...bench.neu.ports, failoverGroups: { ...failoverGroups, read } };
    expect(await bench.run(verify({ ...bench.neu, ports }))).toEqual({ kind: "undone" });
    const step = { step: "role", state: "failed", detail: "secondary" };
    expect(looked()).toMatchObject([{ steps: expect.arrayContaining([step]) }]);
  });

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

describe("the listener", () => {
  test("the listener still leads to the old primary: not verified until it has moved", async () => {
    const late = await startBench();
    late.world.inject({ fault: "dns-lag", seconds: 120, at: 0 });
    const { work, epoch } = await claimFirst(late);
    const acting = { ...work, epoch };
    await late.run(createPostFailover(late.neu)(acting));
    await late.pass(MINUTE);
    expect(await late.run(createPollOperation(late.neu)(acting))).toEqual({ kind: "moved" });
    expect(await late.run(createVerify(late.neu)(acting))).toMatchObject({ verified: false });
    const waiting = auditIn(late.world).flatMap(({ action, detail }) =>
      action === "verified" ? stepsNotProven(detail) : [],
    );
    expect(waiting).toEqual(["listener"]);
    await late.pass(3 * MINUTE);
    expect(await late.run(createVerify(late.neu)(acting))).toMatchObject({ verified: true });
  });

  function stepsNotProven(detail: unknown): readonly string[] {
    const { steps } = z
      .object({ steps: z.array(z.object({ step: z.string(), state: z.string() })) })
      .parse(detail);
    return steps
      .filter(({ step, state }) => step !== "old-primary" && state !== "proven")
      .map(({ step }) => step);
  }
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

  test("a failover while both stores answer: the way home stands in both", async () => {
    const lost = await startBench();
    const { work, epoch } = await claimFirst(lost, { fault: "instance-down", on: "home", at: 0 });
    await lost.run(createPostFailover(lost.neu)({ ...work, epoch }));
    await lost.pass(MINUTE);
    await lost.run(createPollOperation(lost.neu)({ ...work, epoch }));
    const entry = { kind: "failed-over" as const, epoch, verified: true };
    await lost.run(createRecord(lost.neu)({ ...work, entry }));
    expect(failbackIn(lost.world, "neu")).toMatchObject({ awayOn: "partner", state: "waiting" });
    expect(failbackIn(lost.world, "weu")).toEqual(failbackIn(lost.world, "neu"));
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

  test("a failover that was undone, twice: one receipt, no way home, and should it show again it was ours", async () => {
    const entry = { kind: "undone" as const, epoch: claimed.epoch };
    const undo = () => createRecord(bench.neu)({ ...claimed.work, entry });
    await bench.run(undo());
    const claim = claimIn(bench.world);
    await bench.run(undo());
    expect(claimIn(bench.world)).toEqual(claim);
    expect(claim).toMatchObject({ spentBecause: "undone", owed: false });
    expect(failoverReceiptsIn(bench.world)).toHaveLength(1);
    expect(failbackIn(bench.world)).toBeNull();
    expect(auditIn(bench.world).filter(({ action }) => action === "failover-undone")).toHaveLength(
      1,
    );
    // The world's roles are still where our request has put them.
    const look = createLookAndDecide(bench.neu);
    expect(await bench.run(look(claimed.work))).toEqual({ kind: "follow", epoch: claimed.epoch });
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
