import { beforeEach, describe, expect, test } from "vitest";
import { gatherFacts } from "../../../functions/seeing/gather-facts.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { overridesIn, standingOverrides } from "../../../shared/ledger/overrides.ts";
import { keepRoleChange } from "../../../shared/ledger/watches.ts";
import { auditIn } from "../../support/stored.ts";
import { MINUTE, ORDERS, type Sites, startSites } from "./sites-under-test.ts";

const DAY = 24 * 60 * MINUTE;

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

const inFuture = (ms: number) => new Date(sites.clock.now() + ms).toISOString();
const word = (change: object = {}) => ({
  group: "orders-fog",
  guard: "key-unknown",
  reason: "the vault's network is being rebuilt",
  actor: "ada",
  expiresAt: inFuture(120 * MINUTE),
  ...change,
});
const withdrawal = { group: "orders-fog", guard: "key-unknown", reason: "rebuilt", actor: "bob" };

async function standing(...at: readonly string[]): Promise<readonly string[]> {
  const books = sites.neu.app.stores.of(ORDERS).all.filter(({ site }) => at.includes(site));
  const kept = (await sites.run(Promise.all(books.map(readLive)))).flatMap(overridesIn);
  const rows = standingOverrides(kept, sites.clock.now(), { kind: "none" });
  return rows.map(({ guard, actor }) => `${guard} by ${actor.name}`);
}

describe("an override", () => {
  test("is kept in both regions, bound to the present primary, with a line of audit", async () => {
    const told = await sites.call("override", { body: word() });
    expect(told.status).toBe(200);
    expect(told.json).toMatchObject({
      missingAt: [],
      override: { guard: "key-unknown", expectedPrimary: "home", incidentId: null },
    });
    expect(await standing("weu")).toEqual(["key-unknown by ada"]);
    expect(await standing("neu")).toEqual(["key-unknown by ada"]);
    const audit = auditIn(sites.world);
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual([["override", "ada"]]);
  });

  test("is shown in the status until it expires", async () => {
    await sites.call("override", { body: word() });
    const shown = async () =>
      (await sites.call("status/orders-fog")).json.groups as readonly { overrides: unknown[] }[];
    expect((await shown())[0]?.overrides).toMatchObject([
      { guard: "key-unknown", actor: { name: "ada", proof: "claimed" } },
    ]);
    await sites.clock.runUntil(sites.clock.now() + 121 * MINUTE);
    expect((await shown())[0]?.overrides).toEqual([]);
  });

  test("is taken over by a newer word on the same guard", async () => {
    await sites.call("override", { body: word() });
    await sites.clock.runUntil(sites.clock.now() + 1_000);
    await sites.call("override", { body: word({ actor: "eve" }) });
    expect(await standing("neu")).toEqual(["key-unknown by eve"]);
  });

  test("dies when the roles move, and does not live again when they move back", async () => {
    await sites.call("override", { body: word() });
    await sites.clock.runUntil(sites.clock.now() + 60 * MINUTE);
    const ledger = sites.neu.app.stores.of(ORDERS);
    const at = sites.clock.now() - MINUTE;
    const known = await sites.run(readOwn(ledger));
    await sites.run(keepRoleChange(known, { primary: "home", at }));
    await sites.call("override", { body: word({ guard: "cooldown" }) });
    await sites.clock.runUntil(sites.clock.now() + 1);
    const about = { purpose: "fail-over", workId: null, incident: null, call: null } as const;
    const view = await sites.run(readOwn(ledger));
    const gathering = gatherFacts(sites.neu.app, {
      ...about,
      ledger,
      view,
      inHand: [],
      checksKey: false,
      sharesLook: false,
    });
    const { overrides } = (await sites.run(gathering)).facts;
    expect(overrides.map(({ guard }) => guard)).toEqual(["cooldown"]);
    expect((await sites.call("status/orders-fog")).json.groups).toMatchObject([
      { overrides: [{ guard: "cooldown" }] },
    ]);
  });

  test("with one store away is kept by the other, and says where it is missing", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const told = await sites.call("override", { body: word() });
    expect([told.status, told.json.missingAt]).toEqual([200, ["weu"]]);
    expect(await standing("neu")).toEqual(["key-unknown by ada"]);
  });

  test("whose audit nobody confirmed lifts nothing, and is said to be nowhere for sure", async () => {
    for (const site of ["weu", "neu"]) {
      sites.world.inject({ fault: "store-answer-lost", at: 0, for: 5 * MINUTE, site });
    }
    const told = await sites.call("override", { body: word() });
    expect([told.status, told.json.writtenAt]).toEqual([503, []]);
    await sites.clock.runUntil(sites.clock.now() + 6 * MINUTE);
    expect(await standing("neu", "weu")).toEqual([]);
  });

  test.each<[string, () => object, string]>([
    ["of a guard that nobody lifts", () => ({ guard: "seeding" }), "guard"],
    ["of what is seen of the primary", () => ({ guard: "sign-of-life" }), "guard"],
    ["that never ends", () => ({ expiresAt: undefined }), "expiresAt"],
    ["that is over", () => ({ expiresAt: inFuture(-1) }), "expiresAt"],
    ["for more than 30 days", () => ({ expiresAt: inFuture(30 * DAY + MINUTE) }), "expiresAt"],
    ["of the loss without an amount", () => ({ guard: "loss-over-budget" }), "lossAtMostSeconds"],
    ["of the key with an amount", () => ({ lossAtMostSeconds: 5 }), "lossAtMostSeconds"],
    ["without a name", () => ({ actor: " " }), "actor"],
    ["without a reason", () => ({ reason: "" }), "reason"],
  ])("%s is refused", async (_, change, at) => {
    const told = await sites.call("override", { body: word(change()) });
    expect([told.status, told.json.errors]).toMatchObject([400, [{ at }]]);
    expect(await standing("neu", "weu")).toEqual([]);
  });
});

describe("withdrawing", () => {
  test("closes the guard again everywhere, and says so in the audit", async () => {
    await sites.call("override", { body: word() });
    await sites.clock.runUntil(sites.clock.now() + 1_000);
    const told = await sites.call("override/withdraw", { body: withdrawal });
    expect([told.status, told.json.found]).toEqual([200, true]);
    expect(await standing("neu", "weu")).toEqual([]);
    const audit = auditIn(sites.world);
    expect(audit.map(({ action, actor }) => `${action} by ${actor}`).sort()).toEqual([
      "override by ada",
      "override-withdrawn by bob",
    ]);
  });

  test("what is not there is done already", async () => {
    const told = await sites.call("override/withdraw", { body: withdrawal });
    expect([told.status, told.json.found]).toEqual([200, false]);
  });

  test("with one store away is 503; what one store says was withdrawn stands nowhere", async () => {
    await sites.call("override", { body: word() });
    await sites.clock.runUntil(sites.clock.now() + 1_000);
    sites.world.inject({ fault: "store-down", at: 0, for: 5 * MINUTE, site: "weu" });
    const told = await sites.call("override/withdraw", { body: withdrawal });
    expect([told.status, told.json.missingAt]).toEqual([503, ["weu"]]);
    await sites.clock.runUntil(sites.clock.now() + 6 * MINUTE);
    expect(await standing("weu")).toEqual(["key-unknown by ada"]);
    expect(await standing("neu", "weu")).toEqual([]);
  });
});
