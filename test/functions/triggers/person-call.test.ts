import { beforeEach, describe, expect, test } from "vitest";
import { PersonCall } from "../../../shared/domain/person.ts";
import { INCIDENT, incidentIn } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { callIn } from "../../../shared/ledger/people.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { changeRow } from "../../../shared/ledger/rows.ts";
import { auditIn, stored } from "../../support/stored.ts";
import {
  comesToKnow,
  MINUTE,
  ORDERS,
  type Sites,
  startSites,
  type Told,
} from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

const PLANNED = { kind: "planned", reason: "move before the storm", actor: "ada@example.net" };
const FORCED = { ...PLANNED, kind: "forced" };

function callFailover(change: object = {}, key = "key-1"): Promise<Told> {
  return sites.call("failover/orders-fog", {
    body: { ...PLANNED, ...change },
    headers: { "idempotency-key": key },
  });
}

async function incident() {
  const { stores } = sites.neu.app;
  const rows = await sites.run(readLive(stores.of(ORDERS).target("home")));
  return valueOrNull(incidentIn(rows));
}

async function callsAt(site: string): Promise<number> {
  return stored(sites.world, "call", PersonCall, site).length;
}

describe("a call that the rules would act on", () => {
  test("is kept in both regions, joins the incident, and is answered 202 with where to look", async () => {
    const told = await callFailover();
    expect(told.status).toBe(202);
    const row = await incident();
    expect(row).toMatchObject({
      id: told.json.incidentId,
      openedBy: "call:ada@example.net",
      call: { kind: "planned", purpose: "fail-over", actor: { proof: "claimed" } },
    });
    expect([await callsAt("weu"), await callsAt("neu"), await callsAt("sec")]).toEqual([1, 1, 0]);
    expect(told.headers.location).toBe(`${sites.neu.host.baseUrl}/api/status/orders-fog`);
    expect(sites.world.record.posts).toEqual([]);
  });

  test("made again with its key is answered the same and starts nothing", async () => {
    const first = await callFailover();
    await sites.clock.runUntil(sites.clock.now() + MINUTE);
    const second = await callFailover();
    expect([second.status, second.json]).toEqual([202, first.json]);
    expect(await callsAt("neu")).toBe(1);
    expect(sites.neu.host.instances()).toHaveLength(1);
  });

  test("made twice at the same time is one call", async () => {
    const one = ["failover/orders-fog", { body: { ...PLANNED, idempotencyKey: "k" } }] as const;
    const told = await sites.callAll([one, one, one]);
    expect(told.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(told.map(({ json }) => JSON.stringify(json.call))).size).toBe(1);
    expect(await callsAt("neu")).toBe(1);
  });

  test("made again after its incident is over opens no other one", async () => {
    await callFailover();
    const target = sites.neu.app.stores.of(ORDERS).target("home");
    const closedAt = sites.clock.now();
    await sites.run(
      changeRow({ book: target, type: INCIDENT, id: "current" }, (row) =>
        row === null ? null : { ...row, closedAt, end: "failed-over" as const },
      ),
    );
    expect((await callFailover()).status).toBe(202);
    expect(await incident()).toMatchObject({ end: "failed-over" });
  });

  test("with the key of another call is 422", async () => {
    await callFailover();
    const told = await callFailover({ reason: "another one" });
    expect([told.status, told.json.type]).toEqual([
      422,
      "urn:geo-failover:problem:idempotency-key-used",
    ]);
    expect(await callsAt("neu")).toBe(1);
  });

  test("while the other region's store is away is accepted, and says which has it not", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const told = await callFailover();
    expect([told.status, told.json.missingAt]).toEqual([202, ["weu"]]);
    expect((await callFailover()).json).toEqual(told.json);
  });

  test("while the target's own store is away is 503, and nothing is kept anywhere", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "neu" });
    const told = await sites.call("failover/orders-fog", { body: PLANNED }, sites.sec);
    expect([told.status, told.json.type]).toEqual([
      503,
      "urn:geo-failover:problem:store-unreachable",
    ]);
    expect(await callsAt("weu")).toBe(0);
  });

  test("leaves a line in the audit, with what the sign-in in front of us said", async () => {
    await sites.call("failover/orders-fog", {
      body: PLANNED,
      headers: { "x-ms-client-principal-name": "eve@example.net" },
    });
    const rows = auditIn(sites.world);
    expect(rows.find((row) => row.action === "call-fail-over")).toMatchObject({
      actor: "ada@example.net",
      detail: { principal: "eve@example.net", call: { actor: { proof: "claimed" } } },
    });
  });
});

describe("a call that something is in the way of", () => {
  test("is 409, names each closed guard with its strength, and what to accept", async () => {
    const told = await callFailover({ kind: "forced" });
    expect([told.status, told.json.type]).toEqual([409, "urn:geo-failover:problem:guard-closed"]);
    expect(told.json.accept).toContain("sign-of-life");
    expect(told.json.guards).toContainEqual(
      expect.objectContaining({ guard: "sign-of-life", strength: "liftable" }),
    );
    expect(String(told.json.detail)).toContain("sign-of-life");
    expect([await incident(), await callsAt("neu")]).toEqual([null, 0]);
  });

  test("made again with the same key is judged again: a refusal is not remembered", async () => {
    const refused = await callFailover({ kind: "forced" });
    const again = await callFailover({ kind: "forced" });
    expect([refused.status, again.status]).toEqual([409, 409]);
    const accepts = again.json.accept;
    expect((await callFailover({ kind: "forced", accepts })).status).toBe(202);
  });

  test("cannot accept a pause: it has to be lifted first", async () => {
    await sites.call("pause", { body: { reason: "audit", owner: "bob" } });
    const told = await callFailover({ accepts: ["paused"] });
    expect(told.status).toBe(409);
    expect(told.json.guards).toContainEqual(
      expect.objectContaining({ guard: "paused", strength: "absolute" }),
    );
    await sites.call("resume", { body: { reason: "done", owner: "bob" } });
    expect((await callFailover()).status).toBe(202);
  });

  test("in the primary's own region is 409 and says where to call", async () => {
    const told = await sites.call("failover/orders-fog", { body: PLANNED }, sites.weu);
    expect([told.status, told.json.rule]).toEqual([409, "call-at-wrong-site"]);
    expect(told.json.callAt).toEqual(["http://neu.localhost", "http://sec.localhost"]);
  });
});

describe("a call that cannot be read", () => {
  test.each([
    [{ kind: "sudden" }, "kind"],
    [{ reason: "" }, "reason"],
    [{ reason: undefined }, "reason"],
    [{ actor: null }, "actor"],
    [{ accepts: ["everything"] }, "accepts.0"],
    [{ accepts: "sign-of-life" }, "accepts"],
    [{ idempotencyKey: "another-key" }, "idempotency"],
  ])("%j is 400 naming %s", async (change, named) => {
    const told = await callFailover(change);
    expect(told.status).toBe(400);
    expect(told.text).toContain(named);
    expect(await incident()).toBeNull();
  });

  test("a misspelt field is refused with the right spelling", async () => {
    const told = await callFailover({ acepts: ["cooldown"] });
    expect(told.json.errors).toEqual([{ at: "acepts", fault: "no such field; write accepts" }]);
  });

  test("an unknown group is 404", async () => {
    expect((await sites.call("failover/orders", { body: PLANNED })).status).toBe(404);
  });

  test("a body of more than 16 KB is 413", async () => {
    expect((await callFailover({ reason: "x".repeat(17_000) })).status).toBe(413);
  });
});

describe("a call to go home", () => {
  test("is never forced", async () => {
    const told = await sites.call("failback/orders-fog", { body: FORCED }, sites.weu);
    expect([told.status, told.json.type]).toEqual([
      400,
      "urn:geo-failover:problem:failback-never-forces",
    ]);
  });

  test("while the group is at home is 409, twice", async () => {
    for (const _ of [1, 2]) {
      const told = await sites.call("failback/orders-fog", { body: PLANNED }, sites.weu);
      expect(told.status).toBe(409);
    }
    expect(await callsAt("weu")).toBe(0);
  });

  test("once away is kept where the tick finds it, and opens no incident", async () => {
    const told = await callHomeFromAway();
    expect(told.status, told.text).toBe(202);
    const again = await callHomeFromAway();
    expect(again.json).toEqual(told.json);
    const home = sites.weu.app.stores.of(ORDERS).target("partner");
    expect(home.site).toBe("weu");
    const since = { now: sites.clock.now(), sinceAt: 0 };
    const kept = callIn(await sites.run(readLive(home)), "fail-back", since);
    expect(kept).toMatchObject({ purpose: "fail-back", kind: "planned" });
    expect(await incident()).toBeNull();
  });

  async function callHomeFromAway(): Promise<Told> {
    const { weu, neu, sec, world, clock } = sites;
    const away = world.groups.get(ORDERS.name);
    if (away?.primary === "home") {
      const { failoverGroups } = neu.app.ports;
      const { name, home: from, partner: to } = ORDERS;
      const request = { group: name, from, to, kind: "planned" } as const;
      await sites.run(failoverGroups.failOver(request));
      await clock.runUntil(clock.now() + 120 * MINUTE);
      for (const { app } of [weu, neu, sec]) {
        await sites.run(comesToKnow(app, ORDERS, "partner"));
      }
    }
    const body = { ...PLANNED, accepts: ["cooldown"], idempotencyKey: "home-1" };
    return sites.call("failback/orders-fog", { body }, weu);
  }
});
