// What the deciding site knows of the secondary is what all vantages outside the primary's region know.

import { beforeEach, expect, test } from "vitest";
import type { App } from "../../functions/app.ts";
import { gatherFacts } from "../../functions/seeing/gather-facts.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import { NO_WATCH } from "../../shared/domain/watch.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { WATCH } from "../../shared/ledger/own-view.ts";
import { changeRow } from "../../shared/ledger/rows.ts";
import { decide } from "../../shared/policy/decide.ts";
import type { Peers } from "../../shared/ports/peers.ts";
import { type Bench, startBench, tickOnce } from "../support/activity-bench.ts";
import { look } from "../support/facts.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

const SECONDARY_DOWN = { fault: "instance-down", on: "partner", at: 0 } as const;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

async function factsAt(app: App): Promise<Facts> {
  const { group, run } = bench;
  const ledger = app.stores.of(group);
  const about = { purpose: "fail-over", workId: null, incident: null, call: null } as const;
  const view = await run(readOwn(ledger));
  return (
    await run(
      gatherFacts(app, { ...about, ledger, view, inHand: [], checksKey: false, sharesLook: false }),
    )
  ).facts;
}

test("a secondary that answers another vantage answers, and only our own reading tells commits", async () => {
  const cut = { fault: "partition", from: "swedencentral", to: "northeurope", at: 0 } as const;
  bench.world.inject(cut);
  const facts = await factsAt(bench.sec);
  expect(facts.secondary.sql).toBe("answers");
  expect(facts.secondaryCommits).toEqual([]);
});

test("a secondary that answers nobody is silent, and the round ends with the probe timeout", async () => {
  bench.world.inject(SECONDARY_DOWN);
  const startedAt = bench.clock.now();
  expect((await factsAt(bench.neu)).secondary.sql).toBe("silent");
  const { probeTimeoutMs } = bench.group.policy;
  expect(bench.clock.now() - startedAt).toBeLessThan(probeTimeoutMs + 1_000);
});

test("a site that takes the primary for the secondary is no witness", async () => {
  bench.world.inject(SECONDARY_DOWN);
  const weu = bench.neu.stores.of(bench.group).target("partner");
  const mistaken = changeRow({ book: weu, type: WATCH, id: "weu" }, (row) =>
    row === null ? null : { ...row, primary: "partner" as const },
  );
  await bench.run(mistaken);
  expect((await factsAt(bench.neu)).secondary.sql).toBe("silent");
});

test("a site that answers with no report is told beside the votes, and what it answers", async () => {
  bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
  const { neu, group } = bench;
  const observe: Peers["observe"] = async (site) =>
    site.name === "weu"
      ? { kind: "unheard", because: "no-answer" }
      : { kind: "unheard", because: "http-401" };
  const facts = await factsAt({
    ...neu,
    ports: { ...neu.ports, peers: { ...neu.ports.peers, observe } },
  });
  expect(facts.unheard).toEqual([
    { vantage: "weu", because: "no-answer" },
    { vantage: "sec", because: "http-401" },
  ]);
  const { guards } = decide(facts, group.policy).decision;
  expect(guards.find(({ guard }) => guard === "no-majority")).toMatchObject({
    state: "closed",
    because: { code: "votes", values: { down: 1, needed: 2, misheard: "sec http-401" } },
  });
});

test("a success ratio is as old as it is when it is judged, not when it was read", async () => {
  bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
  const { ports } = bench.neu;
  const application = async () =>
    ({ kind: "ratio", value: 1, ageMs: 5_000, windowMs: 60_000 }) as const;
  const app = { ...bench.neu, ports: { ...ports, signals: { ...ports.signals, application } } };
  const askedAt = bench.clock.now();
  const facts = await factsAt(app);
  expect(facts.now - askedAt).toBeGreaterThanOrEqual(bench.group.policy.probeTimeoutMs);
  const ageMs = facts.application.kind === "ratio" ? facts.application.ageMs : 0;
  expect(ageMs).toBeGreaterThanOrEqual(5_000 + bench.group.policy.probeTimeoutMs);
  expect(ageMs).toBeLessThanOrEqual(5_000 + facts.now - askedAt);
});

const SCALING = {
  fault: "operation-running",
  on: "home",
  name: "UpsertManagedServer",
  at: 0,
} as const;
const DARK = { fault: "region-dark", region: "westeurope", at: 0 } as const;

test("an operation that was seen to run on the primary is known when its whole region is gone", async () => {
  bench.world.inject(SCALING);
  await bench.pass(10 * MINUTE);
  await bench.run(tickOnce(bench.neu, bench.group));
  bench.world.inject(DARK);
  await bench.pass(30 * MINUTE);
  const { primaryWork } = await factsAt(bench.neu);
  expect(primaryWork.operation).toMatchObject({ what: "update", said: "UpsertManagedServer" });
});

test("an operation on the primary that nobody has remembered is seen while its region answers", async () => {
  bench.world.inject(SCALING);
  expect((await factsAt(bench.neu)).primaryWork.operation).not.toBeNull();
});

test("of a primary whose region is gone nothing is known beyond what was read before", async () => {
  const { readyAt } = (await factsAt(bench.neu)).primaryWork;
  bench.world.inject(DARK);
  await bench.pass(MINUTE);
  const dark = (await factsAt(bench.neu)).primaryWork;
  expect(dark.operation).toBeNull();
  expect(dark.readyAt).toBeLessThanOrEqual(readyAt ?? 0);
});

test("what our own tick sees while a round goes on is heard in that very round", async () => {
  bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
  const { neu, group, clock } = bench;
  const at = clock.now() + 6 * SECOND;
  const wrote = look("neu", { result: "writes", code: "ok", startedAt: at, endedAt: at });
  const book = neu.stores.of(group).own;
  const seeing = clock.sleep(6 * SECOND).then(() =>
    changeRow({ book, type: WATCH, id: "neu" }, (row) => {
      const before = row ?? NO_WATCH;
      return { ...before, looks: [...before.looks, wrote] };
    }),
  );
  const facts = await factsAt(neu);
  await seeing;
  const ours = facts.looks.filter(({ vantage }) => vantage === "neu");
  expect(ours.some(({ result }) => result === "no-answer")).toBe(true);
  expect(ours.filter(({ startedAt }) => startedAt === at)).toEqual([wrote]);
  const decision = decide(facts, group.policy).decision;
  expect(decision.verdict).not.toBe("fail-over");
  const ids = ours.map(({ startedAt }) => startedAt);
  expect(new Set(ids).size).toBe(ids.length);
});
