import { startHost } from "functions-host";
import { VirtualClock } from "functions-host/clock";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { registerHttp } from "../../../functions/http/register-http.ts";
import { TravellingReport } from "../../../shared/domain/travelling.ts";
import { CLAIM, takeClaim } from "../../../shared/ledger/claims.ts";
import { beat } from "../../../shared/ledger/heartbeats.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { openAsk } from "../../../shared/ledger/people.ts";
import { changeRow } from "../../../shared/ledger/rows.ts";
import type { Ports } from "../../../shared/ports/ports.ts";
import { putNewerRow } from "../../../simulator/azure/port/memory-store.ts";
import { ask } from "../../support/ledger-rows.ts";
import {
  comesToKnow,
  MINUTE,
  ORDERS,
  type Sites,
  startSites,
  wellNow,
} from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

/** How often this site looks at the primary, and reads the group of Resource Manager. */
function countCalls({ sql, failoverGroups }: Ports): () => { look: number; read: number } {
  const look = vi.spyOn(sql, "look");
  const read = vi.spyOn(failoverGroups, "read");
  return () => ({ look: look.mock.calls.length, read: read.mock.calls.length });
}

const DUTY = { kind: "planned", reason: "a test of the road", actor: "ada" };

describe("observations", () => {
  test("of twenty who ask at once are one look", async () => {
    await sites.clock.runUntil(sites.clock.now() + MINUTE);
    const asked = countCalls(sites.neu.app.ports);
    const told = await sites.callAll(
      Array.from({ length: 20 }, () => ["observations/orders-fog", {}] as const),
    );
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked().look).toBe(1);
  });

  test("are a look of this site, with ages instead of instants", async () => {
    const told = await sites.call("observations/orders-fog");
    expect(told.status).toBe(200);
    const report = TravellingReport.parse(told.json);
    expect(report).toMatchObject({
      version: 1,
      site: "neu",
      looks: [{ vantage: "neu", result: "writes" }],
    });
    expect(report.looks[0]?.startedAgeMs).toBeLessThan(1_000);
    expect(told.text).not.toContain("startedAt");
  });

  test("asked twice within half an interval share one look, later a new one is told as well", async () => {
    const ages = [];
    for (const waitMs of [4_000, 4_000, 0]) {
      const { looks } = TravellingReport.parse((await sites.call("observations/orders-fog")).json);
      ages.push(looks.at(-1)?.startedAgeMs ?? -1);
      await sites.clock.runUntil(sites.clock.now() + waitMs);
    }
    const [first, shared, fresh] = ages;
    expect(first).toBeLessThan(1_000);
    expect(shared).toBeGreaterThan(3_900);
    expect(fresh).toBeLessThan(1_000);
  });

  test("tell what the secondary answers this site", async () => {
    const tell = async () =>
      TravellingReport.parse((await sites.call("observations/orders-fog", {}, sites.sec)).json);
    expect((await tell()).secondary).toEqual({ side: "partner", sql: "answers" });
    sites.world.inject({ fault: "instance-down", on: "partner", at: 0 });
    const askedAt = sites.clock.now();
    expect((await tell()).secondary).toEqual({ side: "partner", sql: "silent" });
    expect(sites.clock.now() - askedAt).toBeLessThan(ORDERS.policy.probeTimeoutMs + 1_000);
  });

  test("of a site in the primary's region tell nothing of the secondary", async () => {
    const { json } = await sites.call("observations/orders-fog", {}, sites.weu);
    expect(TravellingReport.parse(json)).toMatchObject({
      looks: [{ vantage: "weu" }],
      secondary: null,
    });
  });

  test("of an unknown group are 404", async () => {
    expect((await sites.call("observations/nobody")).status).toBe(404);
  });
});

describe("health", () => {
  test("is about the last tick: 200 while younger than four ticks, then 503", async () => {
    expect((await sites.call("health")).json).toMatchObject({
      health: "ticking",
      allowedMs: 60_000,
    });
    await sites.clock.runUntil(sites.clock.now() + 61_000);
    const late = await sites.call("health");
    expect([late.status, late.json.type]).toEqual([503, "urn:geo-failover:problem:not-ticking"]);
    const own = await sites.run(readLive(sites.neu.app.stores.own));
    await sites.run(beat(own, wellNow(sites.neu.app), sites.clock.now()));
    expect((await sites.call("health")).status).toBe(200);
  });

  test("is unknown, not good, when the own store gives no answer", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "neu" });
    const told = await sites.call("health");
    expect([told.status, told.json.type]).toEqual([503, "urn:geo-failover:problem:health-unknown"]);
  });
});

describe("status", () => {
  async function stateOf(path = "status/orders-fog"): Promise<unknown> {
    const told = await sites.call(path);
    expect(told.status).toBe(200);
    const [first] = told.json.groups as readonly { state: string }[];
    return first?.state;
  }

  test("says unknown until this site has looked, then watching", async () => {
    expect(await stateOf()).toBe("unknown");
    await sites.call("observations/orders-fog");
    expect(await stateOf()).toBe("watching");
    await sites.clock.runUntil(sites.clock.now() + 2 * MINUTE);
    expect(await stateOf()).toBe("unknown");
  });

  test("without a name tells of every group", async () => {
    const { json } = await sites.call("status");
    const groups = json.groups as readonly { group: string }[];
    expect(groups.map((one) => one.group)).toEqual(["orders-fog", "billing-fog"]);
  });

  test("is unknown, never green, when a group region's store gives no answer", async () => {
    await sites.call("observations/orders-fog");
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    expect(await stateOf()).toBe("unknown");
  });

  test("is unknown while a store holds a pause that only a newer release can read", async () => {
    await sites.call("observations/orders-fog");
    const key = { group: ORDERS.name, kind: "pause", id: "pause" };
    putNewerRow(sites.world, "weu", key, 99);
    expect(await stateOf()).toBe("unknown");
  });

  test("shows a pause", async () => {
    await sites.call("observations/orders-fog");
    await sites.call("pause", { body: { reason: "r", owner: "bob" } });
    expect(await stateOf()).toBe("paused");
  });

  test("shows an open incident with its motor, even while the other store is away", async () => {
    await sites.call("failover/orders-fog", { body: DUTY });
    await sites.clock.runUntil(sites.clock.now() + 5_000);
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const { json } = await sites.call("status/orders-fog");
    expect(json.groups).toMatchObject([
      {
        state: "incident",
        incident: {
          value: {
            openedBy: "call:ada",
            motor: { generation: 1, site: "neu" },
            motorStatus: { phase: "looking" },
          },
        },
        silentAt: ["weu"],
      },
    ]);
  });

  test("with live=1 adds what would be decided now, and writes nothing", async () => {
    const { json } = await sites.call("status/orders-fog?live=1");
    expect(json.groups).toMatchObject([
      {
        live: { value: { verdict: "hold", diagnosis: "none" } },
        incident: { kind: "read", value: null },
      },
    ]);
  });

  test("with live=1 for fifty at once, and within five seconds after, asks the world once", async () => {
    const asked = countCalls(sites.neu.app.ports);
    const live = ["status/orders-fog?live=1", {}] as const;
    await sites.call(...live);
    const once = asked();
    expect(once).toMatchObject({ look: 1, read: 1 });
    await sites.clock.runUntil(sites.clock.now() + MINUTE);
    const before = asked();
    const told = await sites.callAll(Array.from({ length: 50 }, () => live));
    expect(told.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    await sites.call(...live);
    const added = asked();
    expect([added.look - before.look, added.read - before.read]).toEqual([once.look, once.read]);
  });

  test("with live=1 and the target's store away says that it holds, instead of failing", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "neu" });
    const told = await sites.call("status/orders-fog?live=1", {}, sites.sec);
    expect(told.status).toBe(200);
    expect(told.json.groups).toMatchObject([
      {
        state: "unknown",
        incident: { kind: "unknown", site: "neu" },
        live: { kind: "read", value: { verdict: "hold" } },
      },
    ]);
  });

  test("still shows the incident when the roles have moved and it is being verified", async () => {
    await sites.call("failover/orders-fog", { body: DUTY });
    await sites.run(comesToKnow(sites.neu.app, ORDERS, "partner"));
    expect(await stateOf()).toBe("incident");
  });

  test("never shows a poll URL or the hash of a token", async () => {
    const store = sites.neu.app.stores.of(ORDERS).target("home");
    const now = sites.clock.now();
    await sites.run(
      takeClaim(
        store,
        {
          group: ORDERS.name,
          incidentId: "i",
          decisionId: "d",
          rule: "primary-lost",
          actor: "geo-failover",
          kind: "forced",
          expectedPrimary: "home",
          target: "partner",
          holder: "neu",
          notAfter: now,
        },
        now,
      ),
    );
    await sites.run(
      changeRow({ book: store, type: CLAIM, id: "newest" }, (claim) =>
        claim === null ? null : { ...claim, ticket: "https://signed.example.net/?sig=secret" },
      ),
    );
    await sites.run(openAsk(store, ask({ tokenHashes: ["a-hash"] })));
    await sites.run(openAsk(store, ask({ version: 2, tokenHashes: ["a-newer-hash"] })));
    const told = await sites.call("status/orders-fog");
    expect(told.text).toContain('"epoch":1');
    expect(told.text).toContain('"version":2');
    for (const secret of ["signed.example.net", "a-hash", "a-newer-hash"]) {
      expect(told.text).not.toContain(secret);
    }
  });
});

describe("who only reads", () => {
  const READING = ["observations/orders-fog", "status/orders-fog?live=1"] as const;
  const twenty = READING.flatMap((path) => Array.from({ length: 20 }, () => [path, {}] as const));

  test("shares one look, whichever way twenty ask at once", async () => {
    await sites.clock.runUntil(sites.clock.now() + MINUTE);
    const asked = countCalls(sites.neu.app.ports);
    const told = await sites.callAll(twenty);
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked().look).toBe(1);
  });

  test.each([READING, READING.toReversed()])(
    "shares one look within five seconds: first %s, then %s",
    async (...paths) => {
      await sites.clock.runUntil(sites.clock.now() + MINUTE);
      const asked = countCalls(sites.neu.app.ports);
      for (const path of paths) {
        for (let times = 0; times < 20; times++) await sites.call(path);
        await sites.clock.runUntil(sites.clock.now() + 1_000);
      }
      expect(asked().look).toBe(1);
    },
  );

  test("waits for no look that never ends", async () => {
    await sites.clock.runUntil(sites.clock.now() + MINUTE);
    const look = vi.spyOn(sites.neu.app.ports.sql, "look");
    look.mockReturnValueOnce(new Promise(() => undefined));
    expect((await sites.call("observations/orders-fog")).json.looks).toEqual([]);
    const { looks } = TravellingReport.parse((await sites.call("observations/orders-fog")).json);
    expect(looks).toMatchObject([{ vantage: "neu", result: "writes" }]);
  });

  test.each([
    ["status", []],
    ["status/orders-fog", []],
    ["status/orders-fog?live=1", ["looks"]],
    ["observations/orders-fog", ["looks"]],
    ["health", []],
  ])("%s starts nothing, tells nobody, and writes %j", async (path, written) => {
    const { stores, failoverGroups, keyPath, notifier, peers, sql } = sites.neu.app.ports;
    const acts = [
      vi.spyOn(failoverGroups, "failOver"),
      vi.spyOn(keyPath, "start"),
      vi.spyOn(notifier, "send"),
      vi.spyOn(peers, "tick"),
      vi.spyOn(sql, "write"),
    ];
    const writes = [...stores.values()].map((store) => vi.spyOn(store, "write"));
    const removes = [...stores.values()].map((store) => vi.spyOn(store, "remove"));
    expect((await sites.call(path)).status).toBeLessThan(504);
    for (const act of [...acts, ...removes]) expect(act).not.toHaveBeenCalled();
    const kinds = writes.flatMap(({ mock }) => mock.calls.map(([{ kind }]) => kind));
    expect([...new Set(kinds)]).toEqual(written);
  });
});

describe("every function", () => {
  const PATHS = [
    ["POST", "alert"],
    ["POST", "alert/orders-fog"],
    ["POST", "failover/orders-fog"],
    ["POST", "failback/orders-fog"],
    ["POST", "approve"],
    ["POST", "deny"],
    ["POST", "pause"],
    ["POST", "resume"],
    ["POST", "override"],
    ["POST", "override/withdraw"],
    ["GET", "status"],
    ["GET", "status/orders-fog"],
    ["GET", "observations/orders-fog"],
    ["GET", "health"],
  ] as const;

  test.each(PATHS)("%s %s wants a key", async (method, path) => {
    const told = await sites.call(path, { method, headers: { "x-functions-key": "wrong" } });
    expect([told.status, told.text]).toEqual([401, ""]);
  });

  test("has a name of its own, whatever the case, beside the durable ones", () => {
    const names = sites.neu.host.functions.map((fn) => fn.name.toLowerCase());
    expect(new Set([...names, "failback"]).size).toBe(names.length + 1);
  });

  test("answers a nonsense body with a problem that shows nothing of the inside", async () => {
    for (const [method, path] of PATHS.filter(([verb]) => verb === "POST")) {
      for (const raw of [
        "",
        "null",
        "[1]",
        '"x"',
        '{"__proto__":{"a":1}}',
        "\u0000",
        "{".repeat(9_000),
      ]) {
        const told = await sites.call(path, { method, raw });
        expect([path, raw.slice(0, 5), told.status]).toEqual([path, raw.slice(0, 5), 400]);
        expect(told.headers["content-type"]).toBe("application/problem+json");
        expect(told.text).not.toMatch(/at \w+ \(|\.ts:|localhost/);
      }
    }
  });

  test("that breaks unexpectedly answers 500 with an id, and neither message nor stack", async () => {
    const clock = new VirtualClock(0);
    const lines: string[] = [];
    const host = await startHost({
      name: "broken",
      hostJson: {},
      clock,
      seed: 1,
      latency: "none",
      log: (line) => lines.push(line.message),
      app: {
        kind: "registered",
        register: () =>
          registerHttp(sites.neu.app, {
            name: "http-broken",
            method: "GET",
            route: "broken",
            answer: async () => {
              throw new Error("AccountKey=secret");
            },
          }),
      },
    });
    const pending = host.fetch({ method: "GET", url: `/api/broken?code=${host.keys.host}` });
    await clock.runUntil(MINUTE);
    const { status, body } = await pending;
    const text = Buffer.from(body).toString();
    expect(status).toBe(500);
    expect(text).not.toContain("secret");
    const { id } = JSON.parse(text) as { id: string };
    expect(lines.filter((line) => line.includes(id))).toHaveLength(1);
    expect(lines.join("\n")).not.toContain("secret");
  });
});
