// What is proven after a failover, step by step.

import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { createVerify } from "../../../functions/activities/verify.ts";
import type { App } from "../../../functions/app.ts";
import type { UpdateabilityReading } from "../../../shared/ports/sql.ts";
import {
  type Acting,
  type Bench,
  failOver,
  nextMotor,
  startBench,
} from "../../support/activity-bench.ts";
import { MINUTE } from "../../support/simulated-sites.ts";
import { auditIn } from "../../support/stored.ts";

let bench: Bench;
let acting: Acting;
beforeEach(async () => {
  bench = await startBench();
  acting = await failOver(bench);
});

const verify = (app = bench.neu) => createVerify(app)(acting);

const Proof = z.object({
  verified: z.boolean(),
  steps: z.array(z.object({ step: z.string(), state: z.string(), detail: z.string() })),
});

const lines = () => auditIn(bench.world).filter(({ action }) => action === "verified");

/** Verifies once, and returns what the audit tells of it. */
async function proof(app?: App) {
  const answer = await bench.run(verify(app));
  const { verified, steps } = Proof.parse(lines().at(-1)?.detail);
  const of = Object.fromEntries(steps.map(({ step, ...rest }) => [step, rest]));
  return { answer, verified, of, names: steps.map(({ step }) => step) };
}

/** The same site, to which an address says this. */
function hearing(says: (fqdn: string) => UpdateabilityReading | null): App {
  const { neu } = bench;
  const { sql } = neu.ports;
  const updateability: App["ports"]["sql"]["updateability"] = async (target) =>
    says(target.fqdn) ?? sql.updateability(target);
  return { ...neu, ports: { ...neu.ports, sql: { ...sql, updateability } } };
}

type Databases = Extract<UpdateabilityReading, { kind: "read" }>["databases"];

const reads = (server: string, databases: Databases): UpdateabilityReading => ({
  kind: "read",
  server,
  databases,
});

const orders = (updateability: "READ_WRITE" | "READ_ONLY"): Databases => [
  { name: "orders", updateability },
];

/** Its new primary says this of its databases. */
const having = (databases: Databases) =>
  hearing((fqdn) => (fqdn === bench.group.partner.fqdn ? reads("mi-orders-neu", databases) : null));

test("the proof is of role, databases, write, listener and the old primary, and of each says what was seen", async () => {
  const { answer, verified, of, names } = await proof();
  expect(answer).toEqual({ kind: "looked", verified: true, isPrimary: true });
  expect(names).toEqual(["role", "databases", "write", "listener", "old-primary"]);
  expect(verified).toBe(true);
  expect(of).toMatchObject({
    role: { state: "proven", detail: "primary" },
    databases: { state: "proven", detail: "" },
    write: { state: "proven", detail: "orders" },
    listener: { state: "proven", detail: expect.stringContaining("mi-orders-neu") },
    "old-primary": { state: "unknown", detail: expect.stringMatching(/.+/) },
  });
  expect(lines()).toMatchObject([{ incidentId: "inc-1", receiptId: null, actor: "geo-failover" }]);
});

test("one database of two takes writes: not verified, and the audit names the other", async () => {
  const { answer, of } = await proof(
    having([...orders("READ_WRITE"), { name: "stock", updateability: "READ_ONLY" }]),
  );
  expect(answer).toMatchObject({ verified: false });
  expect(of.databases).toEqual({ state: "waiting", detail: "stock" });
});

test("no database of two takes writes: not verified, and the audit names both", async () => {
  const { of } = await proof(
    having([...orders("READ_ONLY"), { name: "stock", updateability: "READ_ONLY" }]),
  );
  expect(of.databases).toEqual({ state: "waiting", detail: "orders, stock" });
});

test("the new primary shows no database at all: not verified", async () => {
  expect((await proof(having([]))).answer).toMatchObject({ verified: false });
});

test("the new primary takes no write to the canary: not verified", async () => {
  bench.world.inject({ fault: "write-error", on: "partner", number: 9002, at: 0 });
  const { answer, of } = await proof();
  expect(answer).toMatchObject({ verified: false });
  expect(of.write?.state).toBe("waiting");
});

test("without a canary the write is skipped, which is said, and the rest is proof enough", async () => {
  const bare = { ...bench.group, canary: null };
  const { stores } = bench.neu;
  const of = () => ({ ...stores.of(bench.group), group: bare });
  const seen = await proof({ ...bench.neu, stores: { ...stores, of } });
  expect(seen.of.write).toEqual({ state: "skipped", detail: "no canary" });
  expect(seen.verified).toBe(true);
});

test("nobody says who is primary: not verified", async () => {
  bench.world.inject({ fault: "arm-down", at: 0 });
  const { answer, of } = await proof();
  expect(answer).toEqual({ kind: "looked", verified: false, isPrimary: null });
  expect(of.role?.state).toBe("unknown");
});

test("nobody says what databases there are: not verified, and why stands in the audit", async () => {
  const { partner } = bench.group;
  const silent = { kind: "unknown", because: "timeout" } as const;
  const { verified, of } = await proof(hearing((fqdn) => (fqdn === partner.fqdn ? silent : null)));
  expect([verified, of.databases?.state]).toEqual([false, "unknown"]);
  expect(of.databases?.detail).toMatch(/.+/);
});

test("the target's own region says that it is secondary again: undone, and the audit shows it", async () => {
  const { failoverGroups } = bench.neu.ports;
  const read: typeof failoverGroups.read = async (name, side) => {
    const reading = await failoverGroups.read(name, side);
    return reading.kind === "read" ? { ...reading, role: "secondary" } : reading;
  };
  const ports = { ...bench.neu.ports, failoverGroups: { ...failoverGroups, read } };
  const { answer, of } = await proof({ ...bench.neu, ports });
  expect(answer).toEqual({ kind: "undone" });
  expect(of.role).toEqual({ state: "failed", detail: "secondary" });
});

test("a listener that answers in another's name, or not at all, is waited for; case is no matter", async () => {
  const { home, partner } = bench.group;
  const listener = (says: UpdateabilityReading) =>
    hearing((fqdn) => (fqdn === home.fqdn || fqdn === partner.fqdn ? null : says));
  const zone = partner.fqdn.split(".").slice(1).join(".");
  const wrong = await proof(listener(reads(`mi-orders-weu.${zone}`, orders("READ_WRITE"))));
  expect([wrong.verified, wrong.of.listener?.state]).toEqual([false, "waiting"]);
  const none = await proof(listener({ kind: "unknown", because: "timeout" }));
  expect([none.verified, none.of.listener?.state]).toEqual([false, "waiting"]);
  const loud = await proof(listener(reads(`MI-ORDERS-NEU.${zone}`, orders("READ_WRITE"))));
  expect([loud.verified, loud.of.listener?.state]).toEqual([true, "proven"]);
});

test("the listener is asked for by the name of the group in the zone of the new primary", async () => {
  const asked: string[] = [];
  await proof(
    hearing((fqdn) => {
      asked.push(fqdn);
      return null;
    }),
  );
  expect(asked).toContain("orders-fog.abc123.database.windows.net");
});

test("the listener still leads to the old primary: not verified until it has moved", async () => {
  bench = await startBench();
  bench.world.inject({ fault: "dns-lag", seconds: 120, at: 0 });
  acting = await failOver(bench);
  const { verified, of } = await proof();
  const { "old-primary": _old, listener, ...rest } = of;
  expect([verified, listener?.state]).toEqual([false, "waiting"]);
  expect(Object.values(rest).map(({ state }) => state)).toEqual(["proven", "proven", "proven"]);
  await bench.pass(3 * MINUTE);
  expect((await proof()).verified).toBe(true);
});

test("an old primary that still takes writes leaves no doubt of the new one, but that is said", async () => {
  const { home } = bench.group;
  const old = (says: Databases) =>
    hearing((fqdn) => (fqdn === home.fqdn ? reads("mi-orders-weu", says) : null));
  const takes = await proof(
    old([...orders("READ_WRITE"), { name: "stock", updateability: "READ_ONLY" }]),
  );
  expect(takes.of["old-primary"]).toEqual({ state: "failed", detail: "still takes writes: 1" });
  expect(takes.verified).toBe(true);
  const rests = await proof(old(orders("READ_ONLY")));
  expect(rests.of["old-primary"]).toEqual({ state: "proven", detail: "read-only" });
});

test("side by side and again: the same proof, one line in the audit", async () => {
  const both = await bench.run(Promise.all([verify(), verify()]));
  expect(both).toMatchObject([{ verified: true }, { verified: true }]);
  expect(await bench.run(verify())).toMatchObject({ verified: true });
  expect(lines()).toHaveLength(1);
});

test("after its motor was replaced: looks at nothing", async () => {
  await nextMotor(bench, { ...acting, id: acting.incidentId }, "sec");
  expect(await bench.run(verify())).toEqual({ kind: "superseded" });
  expect(lines()).toEqual([]);
});
