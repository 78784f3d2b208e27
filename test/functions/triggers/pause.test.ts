import { beforeEach, describe, expect, test } from "vitest";
import { sendClaim, takeClaim } from "../../../shared/ledger/claims.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { pausesIn } from "../../../shared/ledger/pauses.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { wanted } from "../../support/ledger-rows.ts";
import { auditIn } from "../../support/stored.ts";
import { BILLING, MINUTE, ORDERS, type Sites, startSites } from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

async function pausedAt(site: string, group = ORDERS): Promise<readonly string[]> {
  const { stores } = sites.neu.app;
  const books = [...stores.of(group).all, ...stores.all].filter((book) => book.site === site);
  const rows = await sites.run(Promise.all(books.map(readLive)));
  return pausesIn(rows, sites.clock.now()).standing.map((row) => `${row.scope} by ${row.owner}`);
}

const PAUSE = { group: "orders-fog", reason: "network work", owner: "bob" };

describe("pausing", () => {
  test("a group is written to both its regions", async () => {
    const told = await sites.call("pause", { body: PAUSE });
    expect([told.status, told.json.missingAt]).toEqual([200, []]);
    expect(await pausedAt("weu")).toEqual(["orders-fog by bob"]);
    expect(await pausedAt("neu")).toEqual(["orders-fog by bob"]);
    expect(await pausedAt("neu", BILLING)).toEqual([]);
  });

  test("all groups needs no name", async () => {
    await sites.call("pause", { body: { reason: "freeze", owner: "bob" } });
    expect(await pausedAt("neu")).toEqual(["* by bob"]);
    expect(await pausedAt("weu", BILLING)).toEqual(["* by bob"]);
  });

  test("twice is one pause, the newer one, and two lines of audit", async () => {
    await sites.call("pause", { body: PAUSE });
    await sites.call("pause", { body: { ...PAUSE, reason: "still at it" } });
    expect(await pausedAt("neu")).toEqual(["orders-fog by bob"]);
    const rows = auditIn(sites.world);
    expect(rows.map((row) => row.actor)).toEqual(["bob", "bob"]);
  });

  test("for a minute ends nobody else's pause", async () => {
    await sites.call("pause", { body: PAUSE });
    const expiresAt = new Date(sites.clock.now() + MINUTE).toISOString();
    await sites.call("pause", { body: { ...PAUSE, owner: "bot", expiresAt } });
    expect(await pausedAt("neu")).toEqual(["orders-fog by bob", "orders-fog by bot"]);
    await sites.clock.runUntil(sites.clock.now() + 2 * MINUTE);
    expect(await pausedAt("neu")).toEqual(["orders-fog by bob"]);
  });

  test("ends by itself when it says so", async () => {
    const expiresAt = new Date(sites.clock.now() + 10 * MINUTE).toISOString();
    expect((await sites.call("pause", { body: { ...PAUSE, expiresAt } })).status).toBe(200);
    expect(await pausedAt("neu")).toHaveLength(1);
    await sites.clock.runUntil(sites.clock.now() + 11 * MINUTE);
    expect(await pausedAt("neu")).toEqual([]);
  });

  test.each(["weu", "neu"])(
    "with the store of %s away is 202, says what it cannot exclude there, and keeps what is written",
    async (site) => {
      sites.world.inject({ fault: "store-down", at: 0, for: MINUTE, site });
      const told = await sites.call("pause", { body: PAUSE }, sites.sec);
      const other = site === "weu" ? "neu" : "weu";
      expect(told.status).toBe(202);
      expect(told.json).toMatchObject({
        missingAt: [site],
        writtenAt: [other],
        requests: [{ group: "orders-fog", site, request: "cannot-be-excluded" }],
      });
      expect(await pausedAt(other)).toEqual(["orders-fog by bob"]);
      await sites.clock.runUntil(sites.clock.now() + 2 * MINUTE);
      expect((await sites.call("pause", { body: PAUSE }, sites.sec)).status).toBe(200);
    },
  );

  test("says of a request that has left already that it is out, and writes that down", async () => {
    const book = sites.neu.app.stores.of(ORDERS).target("home");
    const now = sites.clock.now();
    await sites.run(takeClaim(book, wanted({ group: ORDERS.name, notAfter: now + MINUTE }), now));
    await sites.run(sendClaim(book, { epoch: 1, holder: "neu" }, now));
    const told = await sites.call("pause", { body: PAUSE });
    const requests = [{ group: "orders-fog", site: "neu", request: "out" }];
    expect(told.json).toMatchObject({ requests });
    expect(auditIn(sites.world).filter(({ action }) => action === "pause")).toMatchObject([
      { actor: "bob", detail: { requests, pause: { scope: "orders-fog", owner: "bob" } } },
    ]);
  });

  test("with both stores away is 503: nobody can say that it is paused", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    sites.world.inject({ fault: "store-down", at: 0, site: "neu" });
    const told = await sites.call("pause", { body: PAUSE }, sites.sec);
    expect([told.status, told.json.writtenAt]).toEqual([503, []]);
  });

  test.each([
    [{ ...PAUSE, expiresAt: "tomorrow" }, 400],
    [{ ...PAUSE, expiresAt: "2020-01-01T00:00:00Z" }, 400],
    [{ ...PAUSE, until: "2030-01-01T00:00:00Z" }, 400],
    [{ ...PAUSE, reason: null }, 400],
    [{ ...PAUSE, owner: undefined }, 400],
    [{ ...PAUSE, group: "order-fog" }, 404],
    [[], 400],
    [null, 400],
  ])("%j is %i and pauses nothing", async (body, status) => {
    expect((await sites.call("pause", { body })).status).toBe(status);
    expect(await pausedAt("neu")).toEqual([]);
  });
});

describe("resuming", () => {
  test("lifts the pause everywhere; a second time it lifts nothing and is fine", async () => {
    await sites.call("pause", { body: PAUSE });
    for (const _ of [1, 2]) {
      const told = await sites.call("resume", { body: { ...PAUSE, reason: "done" } }, sites.sec);
      expect([told.status, told.json.stillPausedBy]).toEqual([200, []]);
    }
    expect([await pausedAt("weu"), await pausedAt("neu")]).toEqual([[], []]);
  });

  test("one group leaves the pause of all groups standing, and says so", async () => {
    await sites.call("pause", { body: { reason: "freeze", owner: "bob" } });
    const told = await sites.call("resume", { body: PAUSE });
    expect(told.status).toBe(200);
    expect(told.json.stillPausedBy).toMatchObject([{ scope: "*", owner: "bob" }]);
    expect(await pausedAt("neu")).toEqual(["* by bob"]);
  });

  test("somebody else's takes its owner's name: without it nothing is lifted, and it says whose stands", async () => {
    await sites.call("pause", { body: PAUSE });
    const eve = { group: "orders-fog", reason: "done", owner: "eve" };
    const refused = await sites.call("resume", { body: eve });
    expect([refused.status, refused.json.stillPausedBy]).toMatchObject([409, [{ owner: "bob" }]]);
    expect(await pausedAt("neu")).toEqual(["orders-fog by bob"]);
    const told = await sites.call("resume", { body: { ...eve, pausedBy: "bob" } });
    expect([told.status, told.json.stillPausedBy]).toEqual([200, []]);
    expect(await pausedAt("neu")).toEqual([]);
    expect(auditIn(sites.world).map(({ action, actor }) => [action, actor])).toContainEqual([
      "resume",
      "eve",
    ]);
  });

  test("lifts a pause that nobody can read, by the name of its owner", async () => {
    for (const site of ["weu", "neu"]) {
      damageRow(sites.world, site, { group: ORDERS.name, kind: "pause", id: "bob" }, "garbage");
    }
    const told = await sites.call("resume", { body: { ...PAUSE, owner: "eve", pausedBy: "bob" } });
    expect([told.status, told.json.stillPausedBy]).toEqual([200, []]);
    const books = sites.neu.app.stores.of(ORDERS).both("home");
    const rows = await sites.run(Promise.all(books.map(readLive)));
    expect(pausesIn(rows, sites.clock.now())).toEqual({ standing: [], readable: true });
  });

  test("with a group region's store away is 503: it may still be paused there", async () => {
    await sites.call("pause", { body: PAUSE });
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const told = await sites.call("resume", { body: PAUSE });
    expect([told.status, told.json.missingAt]).toEqual([503, ["weu"]]);
  });
});
