// What is proven after a failover, step by step, and what is written down for good.

import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createPollOperation } from "../../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../../functions/activities/post-failover.ts";
import { createRecord } from "../../../functions/activities/record.ts";
import { createVerify } from "../../../functions/activities/verify.ts";
import type { App } from "../../../functions/app.ts";
import { changeIncident } from "../../../shared/ledger/incidents.ts";
import type { UpdateabilityReading } from "../../../shared/ports/sql.ts";
import { type Bench, type Claimed, claimFirst, startBench } from "../../support/activity-bench.ts";
import { call } from "../../support/facts.ts";
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
beforeEach(() => failOver());

async function failOver(policy: Parameters<typeof startBench>[0] = {}): Promise<void> {
  bench = await startBench(policy);
  claimed = await claimFirst(bench);
  const work = { ...claimed.work, epoch: claimed.epoch };
  await bench.run(createPostFailover(bench.neu)(work));
  await bench.pass(MINUTE);
  await bench.run(createPollOperation(bench.neu)(work));
}

const Steps = z.object({
  verified: z.boolean(),
  steps: z.array(z.object({ step: z.string(), state: z.string(), detail: z.string() })),
});

describe("the proof", () => {
  async function verify(app = bench.neu) {
    await bench.run(createVerify(app)({ ...claimed.work, epoch: claimed.epoch }));
    const lines = auditIn(bench.world).filter(({ action }) => action === "verified");
    const { verified, steps } = Steps.parse(lines.at(-1)?.detail);
    const of = Object.fromEntries(steps.map(({ step, ...rest }) => [step, rest]));
    return { verified, of, names: steps.map(({ step }) => step) };
  }

  /** The same site, to which an address says this. */
  function hearing(says: (fqdn: string) => UpdateabilityReading | null): App {
    const { neu } = bench;
    const { sql } = neu.ports;
    const updateability: App["ports"]["sql"]["updateability"] = async (target) =>
      says(target.fqdn) ?? sql.updateability(target);
    return { ...neu, ports: { ...neu.ports, sql: { ...sql, updateability } } };
  }

  const reads = (
    server: string,
    updateability: "READ_WRITE" | "READ_ONLY",
  ): UpdateabilityReading => ({
    kind: "read",
    server,
    databases: [{ name: "orders", updateability }],
  });

  test("is of role, databases, write, listener and the old primary, and of each says what was seen", async () => {
    const { verified, of, names } = await verify();
    expect(names).toEqual(["role", "databases", "write", "listener", "old-primary"]);
    expect(verified).toBe(true);
    expect(of).toMatchObject({
      role: { state: "proven", detail: "primary" },
      databases: { state: "proven", detail: "" },
      write: { state: "proven", detail: "orders" },
      listener: { state: "proven", detail: expect.stringContaining("mi-orders-neu") },
      "old-primary": { state: "unknown", detail: expect.stringMatching(/.+/) },
    });
  });

  test("holds without a canary: the write is skipped, and that is said", async () => {
    const bare = { ...bench.group, canary: null };
    const { stores } = bench.neu;
    const of = () => ({ ...stores.of(bench.group), group: bare });
    const proof = await verify({ ...bench.neu, stores: { ...stores, of } });
    expect(proof.of.write).toEqual({ state: "skipped", detail: "no canary" });
    expect(proof.verified).toBe(true);
  });

  test("is lacking while nobody says what the roles are, or what databases there are", async () => {
    const { partner } = bench.group;
    const silent = { kind: "unknown", because: "timeout" } as const;
    const deaf = hearing((fqdn) => (fqdn === partner.fqdn ? silent : null));
    const { verified, of } = await verify(deaf);
    expect([verified, of.databases?.state]).toEqual([false, "unknown"]);
    expect(of.databases?.detail).toMatch(/.+/);
    bench.world.inject({ fault: "arm-down", at: 0 });
    expect((await verify()).of.role?.state).toBe("unknown");
  });

  test("waits for a listener that answers in another's name, or not at all; case is no matter", async () => {
    const { home, partner } = bench.group;
    const listener = (says: UpdateabilityReading) =>
      hearing((fqdn) => (fqdn === home.fqdn || fqdn === partner.fqdn ? null : says));
    const zone = partner.fqdn.split(".").slice(1).join(".");
    const wrong = await verify(listener(reads(`mi-orders-weu.${zone}`, "READ_WRITE")));
    expect([wrong.verified, wrong.of.listener?.state]).toEqual([false, "waiting"]);
    const none = await verify(listener({ kind: "unknown", because: "timeout" }));
    expect([none.verified, none.of.listener?.state]).toEqual([false, "waiting"]);
    const loud = await verify(listener(reads(`MI-ORDERS-NEU.${zone}`, "READ_WRITE")));
    expect([loud.verified, loud.of.listener?.state]).toEqual([true, "proven"]);
  });

  test("asks for the listener by the name of the group in the zone of the new primary", async () => {
    const asked: string[] = [];
    await verify(
      hearing((fqdn) => {
        asked.push(fqdn);
        return null;
      }),
    );
    expect(asked).toContain("orders-fog.abc123.database.windows.net");
  });

  test("is not in doubt for an old primary that still takes writes, but that is said", async () => {
    const { home } = bench.group;
    const old = (updateability: "READ_WRITE" | "READ_ONLY") =>
      hearing((fqdn) => (fqdn === home.fqdn ? reads("mi-orders-weu", updateability) : null));
    const takes = await verify(old("READ_WRITE"));
    expect(takes.of["old-primary"]).toEqual({ state: "failed", detail: "still takes writes: 1" });
    expect(takes.verified).toBe(true);
    const rests = await verify(old("READ_ONLY"));
    expect(rests.of["old-primary"]).toEqual({ state: "proven", detail: "read-only" });
  });
});

describe("what is written down", () => {
  const record = (verified = true) =>
    bench.run(
      createRecord(bench.neu)({
        ...claimed.work,
        entry: { kind: "failed-over", epoch: claimed.epoch, verified },
      }),
    );
  const close = (end: "failed-over" | "recovered", rule: string | null = "primary-lost") =>
    bench.run(createRecord(bench.neu)({ ...claimed.work, entry: { kind: "closed", end, rule } }));
  const store = () => bench.neu.stores.of(bench.group).target("home");

  test("of a failover: who is primary now, how, by which incident, and all its instants", async () => {
    await record();
    const claim = claimIn(bench.world);
    const incident = incidentIn(bench.world);
    const [receipt] = failoverReceiptsIn(bench.world);
    expect(receipt).toMatchObject({
      incidentId: "inc-1",
      failover: "forced",
      newPrimary: "mi-orders-neu",
      phases: { ...incident?.phases, verifiedAt: receipt?.writtenAt },
      bound: incident?.loss,
    });
    expect(incident?.phases.verifiedAt).toBe(receipt?.writtenAt);
    expect(claim?.owed).toBe(false);
    const [line] = auditIn(bench.world).filter(({ action }) => action === "failed-over");
    expect(line).toMatchObject({
      incidentId: "inc-1",
      receiptId: receipt?.id,
      detail: { verified: true, newPrimary: "mi-orders-neu" },
    });
  });

  test("of a failover that could not be verified says so", async () => {
    await record(false);
    const [line] = auditIn(bench.world).filter(({ action }) => action === "failed-over");
    expect(line?.detail).toMatchObject({ verified: false });
  });

  test("is owed until then: whoever comes before does it again", async () => {
    expect(claimIn(bench.world)).toMatchObject({ spentBecause: "moved", owed: true });
  });

  test("of the way home: waiting, from the failover on; off where nobody wants to go back", async () => {
    await record();
    const [receipt] = failoverReceiptsIn(bench.world);
    expect(failbackIn(bench.world)).toMatchObject({
      id: "inc-1-home",
      awayOn: "partner",
      state: "waiting",
      failedOverAt: receipt?.writtenAt,
    });
    const { failback } = bench.group.policy;
    await failOver({ failback: { ...failback, mode: "off" } });
    await record();
    expect(failbackIn(bench.world)).toMatchObject({ state: "off" });
  });

  test("of an end: how, by which rule, and on which receipt it rests", async () => {
    await close("failed-over");
    expect(incidentIn(bench.world)).toMatchObject({ end: "failed-over" });
    const receiptId = incidentIn(bench.world)?.receiptId;
    const [line] = auditIn(bench.world).filter(({ action }) => action === "incident-closed");
    expect(line).toMatchObject({ rule: "primary-lost", receiptId, detail: { end: "failed-over" } });
    expect(receiptId).toEqual(expect.any(String));
  });

  test("of a recovery ends no incident that a person has called for meanwhile, while that call stands", async () => {
    const now = bench.clock.now();
    const at = (expiresAt: number) => call({ calledAt: now, expiresAt });
    const joins = (expiresAt: number) =>
      bench.run(changeIncident(store(), claimed.work, (row) => ({ ...row, call: at(expiresAt) })));
    await joins(now + MINUTE);
    await close("recovered");
    expect(incidentIn(bench.world)).toMatchObject({ closedAt: null });
    await joins(now);
    await close("recovered");
    expect(incidentIn(bench.world)).toMatchObject({ end: "recovered" });
  });

  test("of a failover ends its incident, whoever has called for one meanwhile", async () => {
    const expiresAt = bench.clock.now() + MINUTE;
    await bench.run(
      changeIncident(store(), claimed.work, (row) => ({ ...row, call: call({ expiresAt }) })),
    );
    await close("failed-over");
    expect(incidentIn(bench.world)).toMatchObject({ end: "failed-over" });
  });
});
