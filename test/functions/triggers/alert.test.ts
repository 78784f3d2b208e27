import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { EVERY_GROUP } from "../../../shared/domain/group.ts";
import { incidentIn } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { auditIn } from "../../support/stored.ts";
import { BILLING, GATEWAY, ORDERS, type Sites, startSites } from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

function recorded(name: string): unknown {
  const url = new URL(`../../recorded/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { payload: unknown }).payload;
}

function alert(change: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    schemaId: "azureMonitorCommonAlertSchema",
    data: {
      essentials: {
        alertId: "/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/1",
        alertRule: "mi-orders-logins-fail",
        monitorCondition: "Fired",
        monitoringService: "Platform",
        alertTargetIDs: [ORDERS.home.id],
        ...change,
      },
      alertContext: null,
      customProperties: null,
    },
  };
}

async function openGroups(): Promise<readonly string[]> {
  const { stores } = sites.neu.app;
  const found = [];
  for (const group of [ORDERS, BILLING]) {
    const rows = await sites.run(readLive(stores.of(group).target("home")));
    const row = valueOrNull(incidentIn(rows));
    if (row !== null) found.push(`${group.name} by ${row.openedBy}`);
  }
  return found;
}

function audited(group: string): readonly string[] {
  return auditIn(sites.world, "neu", group)
    .map((row) => row.action)
    .filter((action) => action.startsWith("alert-"));
}

const notices = (): readonly string[] => sites.world.record.sent.map(({ event }) => event.text);

describe("an alert that fired", () => {
  test("opens the incident of its group and is answered at once", async () => {
    const told = await sites.call("alert", { body: alert() });
    expect(told.status).toBe(202);
    expect(told.json).toMatchObject({ understood: "fired", groups: ["orders-fog"] });
    expect(await openGroups()).toEqual(["orders-fog by alert:mi-orders-logins-fail"]);
    expect(audited("orders-fog")).toEqual(["alert-fired"]);
    expect(sites.world.record.posts).toEqual([]);
  });

  test("twice in a row is one incident with one motor", async () => {
    const first = await sites.call("alert", { body: alert() });
    const second = await sites.call("alert", { body: alert() });
    expect(second.json.incidents).toEqual(first.json.incidents);
    expect(sites.neu.host.instances()).toHaveLength(1);
  });

  test("a hundred in a minute are one incident", async () => {
    const told = await sites.callAll(
      Array.from({ length: 100 }, (_, n) => ["alert", { body: alert({ alertId: `/a/${n}` }) }]),
    );
    expect(new Set(told.map((one) => one.status))).toEqual(new Set([202]));
    expect(new Set(told.map((one) => JSON.stringify(one.json.incidents))).size).toBe(1);
    expect(await openGroups()).toHaveLength(1);
  });

  test("goes to the group of the URL, whatever its targets", async () => {
    const told = await sites.call("alert/BILLING-fog", { body: alert({ alertTargetIDs: null }) });
    expect(told.json.groups).toEqual(["billing-fog"]);
    expect(await openGroups()).toEqual(["billing-fog by alert:mi-orders-logins-fail"]);
  });

  test("on another resource goes to the group that lists it", async () => {
    await sites.call("alert", { body: alert({ alertTargetIDs: [GATEWAY.toUpperCase()] }) });
    expect(await openGroups()).toEqual(["billing-fog by alert:mi-orders-logins-fail"]);
  });
});

describe("an alert while stores are down", () => {
  const answered = async (
    down: readonly string[],
    at: "neu" | "sec",
    change = {},
    forMs = 120_000,
  ) => {
    for (const site of down) {
      sites.world.inject({ fault: "store-down", at: 0, for: forMs, site });
    }
    const startedAt = sites.clock.now();
    const told = await sites.call("alert", { body: alert(change) }, sites[at]);
    return { status: told.status, tookMs: sites.clock.now() - startedAt, told };
  };

  test.each([
    [["weu"], "neu"],
    [["weu"], "sec"],
    [["sec"], "neu"],
    [["sec"], "sec"],
    [["weu", "sec"], "neu"],
    [["weu", "sec"], "sec"],
  ] as const)(
    "(%s, at %s) opens its incident and is answered within five seconds",
    async (down, at) => {
      const { status, tookMs } = await answered(down, at);
      expect([status, tookMs <= 5_000]).toEqual([202, true]);
      await sites.clock.runUntil(sites.clock.now() + 30_000);
      expect(await openGroups()).toEqual(["orders-fog by alert:mi-orders-logins-fail"]);
    },
  );

  test.each([
    [["neu"], "neu"],
    [["neu"], "sec"],
    [["weu", "neu", "sec"], "sec"],
  ] as const)(
    "(%s, at %s) without the store that its incident belongs into opens it when that is back",
    async (down, at) => {
      const { status, tookMs, told } = await answered(down, at, {}, 20_000);
      expect([status, tookMs <= 5_000]).toEqual([202, true]);
      expect(told.text).not.toContain("sweden");
      await sites.clock.runUntil(sites.clock.now() + 60_000);
      expect(await openGroups()).toEqual(["orders-fog by alert:mi-orders-logins-fail"]);
    },
  );

  test.each(["Resolved", "Fired"])(
    "and that starts nothing (%s) is acknowledged all the same",
    async (condition) => {
      const all = ["weu", "neu", "sec"];
      const nothing = condition === "Fired" ? { alertTargetIDs: [] } : {};
      const { status, tookMs } = await answered(all, "sec", {
        monitorCondition: condition,
        ...nothing,
      });
      expect([status, tookMs <= 5_000]).toEqual([202, true]);
    },
  );
});

describe("an alert whose time is not now", () => {
  const firedAt = (agoMs: number) => new Date(sites.clock.now() - agoMs).toISOString();

  test.each([
    ["of years ago", () => "2021-03-04T05:06:07Z"],
    ["of more than an hour ago", () => firedAt(61 * 60_000)],
    ["of the future", () => firedAt(-11 * 60_000)],
  ])("%s is recorded, told, and opens nothing", async (_, at) => {
    for (const path of ["alert", "alert/orders-fog"]) {
      const told = await sites.call(path, { body: alert({ firedDateTime: at() }) });
      expect([told.status, told.json.understood, told.json.incidents]).toEqual([202, "fired", []]);
    }
    expect(await openGroups()).toEqual([]);
    expect(audited("orders-fog")).toEqual(["alert-fired", "alert-fired"]);
    expect(notices().filter((text) => text.includes("not of now"))).toHaveLength(1);
  });

  test.each([
    ["of fifty minutes ago", () => firedAt(50 * 60_000)],
    ["of a clock that is some minutes ahead", () => firedAt(-5 * 60_000)],
    ["that does not say when", () => null],
    ["that says when in words", () => "this morning"],
  ])("%s opens an incident", async (_, at) => {
    await sites.call("alert", { body: alert({ firedDateTime: at() }) });
    expect(await openGroups()).toHaveLength(1);
  });
});

describe("what starts nothing", () => {
  test("a recovery informs, once", async () => {
    for (const _ of [1, 2]) {
      const told = await sites.call("alert", { body: alert({ monitorCondition: "Resolved" }) });
      expect([told.status, told.json.understood]).toEqual([202, "resolved"]);
    }
    expect(await openGroups()).toEqual([]);
    expect(audited("orders-fog")).toEqual(["alert-resolved", "alert-resolved"]);
    expect(notices()).toHaveLength(1);
  });

  test.each([
    "alert-test-activity-log-2024",
    "alert-test-availability-2024",
    "alert-test-budget-forecasted-2024",
    "alert-test-log-v1-metric-measurement-2024",
    "alert-test-metric-dynamic-none-strings-2024",
    "alert-test-metric-static-2024",
    "alert-test-resource-health-2021",
    "alert-test-service-health-2021",
    "alert-test-service-health-2024",
    "alert-test-smart-detector-2024",
  ])("test notification %s, even sent to a group by name", async (name) => {
    for (const path of ["alert", "alert/orders-fog"]) {
      const told = await sites.call(path, { body: recorded(name) });
      expect([told.status, told.json.understood]).toEqual([202, "test"]);
    }
    expect(await openGroups()).toEqual([]);
    expect(audited(EVERY_GROUP)).toEqual(["alert-test"]);
    expect(audited("orders-fog")).toEqual(["alert-test"]);
    expect(notices()).toEqual([]);
  });

  test("maintenance of a service in our subscription is advice for its groups", async () => {
    const context = recorded("alert-context-service-health-maintenance-2019");
    const { alertContext } = context as { alertContext: unknown };
    const target = `/subscriptions/${ORDERS.home.subscriptionId}`;
    const body = alert({ monitoringService: "ServiceHealth", alertTargetIDs: [target] });
    const data = { ...(body as { data: object }).data, alertContext };
    const told = await sites.call("alert", { body: { ...(body as object), data } });
    expect(told.json).toMatchObject({
      understood: "advice",
      groups: ["orders-fog", "billing-fog"],
    });
    expect(await openGroups()).toEqual([]);
    expect(notices()).toEqual([]);
  });
});

describe("what matches nothing", () => {
  test("is acknowledged, kept, and told once per rule with the line to add", async () => {
    const target = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Web/sites/shop";
    for (const _ of [1, 2, 3]) {
      const told = await sites.call("alert", { body: alert({ alertTargetIDs: [target] }) });
      expect([told.status, told.json.groups]).toEqual([202, []]);
    }
    expect(await openGroups()).toEqual([]);
    expect(audited(EVERY_GROUP)).toHaveLength(3);
    expect(notices()).toHaveLength(1);
    expect(notices()[0]).toContain(`alertTargets: ["${target}"]`);
  });

  test("by its workspace alone is told where to send it, never to claim the workspace", async () => {
    const workspace =
      "/subscriptions/x/resourceGroups/y/providers/Microsoft.OperationalInsights/workspaces/shared";
    await sites.call("alert", {
      body: alert({ monitoringService: "Log Alerts V2", alertTargetIDs: [workspace] }),
    });
    expect(notices()[0]).toContain("alert/{group}");
    expect(notices()[0]).not.toContain("alertTargets");
  });

  test("a budget alert names no resource: people are told so", async () => {
    const change = { monitoringService: "CostAlerts", alertTargetIDs: null, alertRule: null };
    const told = await sites.call("alert", { body: alert(change) });
    expect([told.status, told.json.understood]).toEqual([202, "advice"]);
    expect(notices()[0]).toContain("it names no resource");
  });

  test("two rules are two notices", async () => {
    await sites.call("alert", { body: alert({ alertTargetIDs: [], alertRule: "a" }) });
    await sites.call("alert", { body: alert({ alertTargetIDs: [], alertRule: "b" }) });
    expect(notices()).toHaveLength(2);
  });

  test("is told at the next alert when nobody could be told at the first", async () => {
    sites.world.inject({ fault: "notifier-down", at: 0, for: 10_000 });
    const body = alert({ alertTargetIDs: [] });
    expect((await sites.call("alert", { body })).status).toBe(202);
    expect(notices()).toEqual([]);
    await sites.clock.runUntil(sites.clock.now() + 20_000);
    await sites.call("alert", { body });
    expect(notices()).toHaveLength(1);
  });

  test("a group that is not configured is 404 with the known names, and people hear of it", async () => {
    const told = await sites.call("alert/order-fog", { body: alert() });
    expect(told.status).toBe(404);
    expect(told.json).toMatchObject({ known: ["orders-fog", "billing-fog"] });
    expect(String(told.json.detail)).toContain("did you mean orders-fog?");
    expect(await openGroups()).toEqual([]);
    expect(audited(EVERY_GROUP)).toEqual(["alert-fired"]);
    expect(notices()).toHaveLength(1);
  });
});

describe("what cannot be read", () => {
  test.each([
    ["alert-other-schema-classic"],
    ["alert-other-schema-metric-deactivated"],
    ["alert-context-service-health-maintenance-2019"],
    ["activity-resource-health-activated-2018"],
  ])("%s: 400 that says what to configure, kept and told once", async (name) => {
    for (const path of ["alert", "alert/orders-fog"]) {
      const told = await sites.call(path, { body: recorded(name) });
      expect(told.status).toBe(400);
      expect(told.headers["content-type"]).toBe("application/problem+json");
      expect(String(told.json.detail)).toContain("useCommonAlertSchema");
    }
    expect(await openGroups()).toEqual([]);
    expect(audited(EVERY_GROUP)).toEqual(["alert-refused", "alert-refused"]);
    expect(notices()).toHaveLength(1);
  });

  test("an alert that does not say whether it fired is refused, not guessed", async () => {
    const told = await sites.call("alert", { body: alert({ monitorCondition: null }) });
    expect([told.status, told.json.type]).toEqual([
      400,
      "urn:geo-failover:problem:alert-no-condition",
    ]);
    expect(await openGroups()).toEqual([]);
  });

  test("a body of more than 256 KB is 413", async () => {
    const body = { ...(alert() as object), filler: "x".repeat(256 * 1024) };
    expect((await sites.call("alert", { body })).status).toBe(413);
    expect(await openGroups()).toEqual([]);
  });

  test.each([
    ["", 400],
    ["{", 400],
    ["null", 400],
    ["[]", 400],
    ["7", 400],
  ])("body %j is %i", async (raw, status) => {
    expect((await sites.call("alert", { raw })).status).toBe(status);
    expect(await openGroups()).toEqual([]);
  });

  test("a body that does not call itself JSON is 415", async () => {
    const told = await sites.call("alert", {
      raw: "{}",
      headers: { "content-type": "text/plain" },
    });
    expect(told.status).toBe(415);
  });
});
