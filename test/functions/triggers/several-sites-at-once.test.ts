// What people say at several sites in the same moment has one effect, and whoever came second hears of it.

import { beforeEach, expect, test } from "vitest";
import { PersonCall } from "../../../shared/domain/person.ts";
import { incidentIn } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { overridesIn } from "../../../shared/ledger/overrides.ts";
import { pausesIn } from "../../../shared/ledger/pauses.ts";
import { approvalsIn, asksIn, openAsk } from "../../../shared/ledger/people.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { findDenial, standingApprovals } from "../../../shared/policy/evidence/find-denial.ts";
import { digestOf } from "../../../shared/text/digest.ts";
import { stored } from "../../support/stored.ts";
import { MINUTE, ORDERS, type Sites, startSites } from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

const TOKEN = "a-token-used-once";

async function ask(): Promise<void> {
  for (const book of sites.neu.app.stores.of(ORDERS).both("home")) {
    await sites.run(
      openAsk(book, {
        id: "incident-1~question~1",
        incidentId: "incident-1",
        purpose: "fail-over",
        expectedPrimary: "home",
        kind: "forced",
        diagnosis: "regional-loss",
        guards: ["loss-over-budget"],
        lossAtMostMs: 60_000,
        version: 1,
        older: [],
        unwantedSinceAt: null,
        tokenHashes: [digestOf(TOKEN)],
        askedAt: sites.clock.now(),
        answer: "none",
        answeredAt: null,
        takesBack: [],
      }),
    );
  }
}

function rowsAtTarget() {
  return sites.run(readLive(sites.neu.app.stores.of(ORDERS).target("home")));
}

async function statuses(...calls: Parameters<Sites["callAll"]>[0]): Promise<readonly number[]> {
  return (await sites.callAll(calls)).map(({ status }) => status).sort();
}

const by = (actor: string) => ({ body: { token: TOKEN, actor } });

test("an ask that is approved at three sites has one approval", async () => {
  await ask();
  const heard = await statuses(
    ["approve", by("ada"), sites.neu],
    ["approve", by("bob"), sites.sec],
    ["approve", by("eve"), sites.weu],
  );
  expect(heard.filter((status) => status === 202)).toHaveLength(1);
  expect(heard.filter((status) => status === 409)).toHaveLength(2);
  expect(approvalsIn(await rowsAtTarget(), "incident-1", sites.clock.now())).toHaveLength(1);
});

test("an ask that is denied at two sites is denied, and nobody hears that it came too late", async () => {
  await ask();
  const heard = await statuses(["deny", by("ada"), sites.neu], ["deny", by("bob"), sites.sec]);
  expect(heard).toEqual([200, 200]);
  expect(asksIn(await rowsAtTarget()).map(({ answer }) => answer)).toEqual(["denied"]);
});

test("an ask that is approved at one site and denied at another: the target's store says which came last", async () => {
  await ask();
  const told = await sites.callAll([
    ["approve", by("ada"), sites.neu],
    ["deny", by("bob"), sites.sec],
  ]);
  expect(told.map(({ status }) => status)).toEqual([202, 200]);
  const rows = await rowsAtTarget();
  const [kept] = asksIn(rows);
  const approvals = approvalsIn(rows, "incident-1", sites.clock.now());
  const isApproved = kept?.answer === "approved";
  expect(standingApprovals(approvals, asksIn(rows))).toHaveLength(isApproved ? 1 : 0);
  expect(findDenial(asksIn(rows), "incident-1") === null).toBe(isApproved);
});

const CALL = { kind: "planned", reason: "before the storm", actor: "ada" };
const FAILOVER = "failover/orders-fog";

test("a call that is made at two sites with one key is one call", async () => {
  const asking = { body: { ...CALL, idempotencyKey: "k" } };
  expect(await statuses([FAILOVER, asking, sites.neu], [FAILOVER, asking, sites.sec])).toEqual([
    202, 202,
  ]);
  expect(stored(sites.world, "call", PersonCall, "neu")).toHaveLength(1);
});

test("two calls of the same moment, one at each of two sites, are one incident", async () => {
  const told = await sites.callAll([
    [FAILOVER, { body: { ...CALL, idempotencyKey: "a" } }, sites.neu],
    [FAILOVER, { body: { ...CALL, actor: "bob", idempotencyKey: "b" } }, sites.sec],
  ]);
  const id = valueOrNull(incidentIn(await rowsAtTarget()))?.id;
  expect(told.map(({ status, json }) => [status, json.incidentId])).toEqual([
    [202, id],
    [202, id],
  ]);
});

test("an override at two sites is one, and withdrawn at two sites it is gone", async () => {
  const word = (actor: string) => ({
    group: "orders-fog",
    guard: "key-unknown",
    reason: "the vault is being moved",
    actor,
    expiresAt: new Date(sites.clock.now() + 120 * MINUTE).toISOString(),
  });
  const over = [
    ["override", { body: word("ada") }, sites.neu],
    ["override", { body: word("bob") }, sites.sec],
  ] as const;
  expect(await statuses(...over)).toEqual([200, 200]);
  expect(overridesIn(await rowsAtTarget())).toHaveLength(1);
  const { expiresAt: _, ...back } = word("eve");
  const withdraw = ["override/withdraw", { body: back }] as const;
  expect(await statuses([...withdraw, sites.neu], [...withdraw, sites.sec])).toEqual([200, 200]);
  const kept = overridesIn(await rowsAtTarget());
  expect(kept.map(({ withdrawnAt }) => withdrawnAt === null)).toEqual([false]);
});

test("pauses at three sites all stand, and one owner's at three sites is one", async () => {
  const paused = (owner: string) => ({ body: { group: "orders-fog", reason: "work", owner } });
  const { neu, sec, weu } = sites;
  const asked = [neu, sec, weu].flatMap((at) =>
    ["kim", "bot"].map((owner) => ["pause", paused(owner), at] as const),
  );
  expect(new Set(await statuses(...asked))).toEqual(new Set([200]));
  const { standing } = pausesIn([await rowsAtTarget()], sites.clock.now());
  expect(standing.map(({ owner }) => owner).sort()).toEqual(["bot", "kim"]);
});
