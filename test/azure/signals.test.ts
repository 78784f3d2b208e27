import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSignals } from "../../shared/azure/signals.ts";
import { entriesIn } from "../support/entries-in.ts";
import { answering, credential, deaf, impatient, ok, orders, WORKSPACE } from "./answering.ts";
import { anyAnswer } from "./any-answer.ts";
import { asOf, recorded, TOKEN, type WireAnswer } from "./arm-wire.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const ME = "99999999-8888-7777-6666-555555555555";
const clock = { ...impatient, now: () => NOW, setTimer: () => ({ cancel: () => undefined }) };

function signalsOn(answer: Parameters<typeof answering>[0]) {
  const { httpClient, sent } = answering(answer);
  const resolveName = async () => ["10.1.2.3"];
  const options = { credential, httpClient, resolveName, timeoutMs: 8_000, clock, ownIds: [ME] };
  return { signals: createSignals(options), sent };
}

function table(row: readonly unknown[], names = ["Total", "Failed", "AgeSeconds"]): WireAnswer {
  const columns = names.map((name) => ({ name, type: "real" }));
  return ok({ tables: [{ name: "PrimaryResult", columns, rows: [row] }] });
}

describe("the application's success ratio", () => {
  const ratio = (answer: WireAnswer) => signalsOn(() => answer).signals.application(orders);

  test("weighs sampled items, takes the newest minute, and asks the named workspace", async () => {
    const { signals, sent } = signalsOn(() => table([200, 50, 90]));
    expect(await signals.application(orders)).toEqual({
      kind: "ratio",
      value: 0.75,
      ageMs: 90_000,
      windowMs: 60_000,
    });
    expect(sent.map(({ url }) => url)).toEqual([
      `https://api.loganalytics.io/v1/workspaces/${WORKSPACE}/query`,
    ]);
    const asked = String(sent[0]?.body);
    expect(asked).toContain("sum(ItemCount)");
    expect(asked).toContain('AppRoleName =~ \\"orders-api\\"');
  });

  test("counts the SQL calls to a host where that is named", async () => {
    const { signals, sent } = signalsOn(() => table([1, 0, 0]));
    const successRatio = `app-insights:${WORKSPACE}/target/orders-fog.abc123.database.windows.net`;
    const application = { successRatio, floor: 0.5, capacityAtTarget: null };
    expect(await signals.application({ ...orders, application })).toMatchObject({ value: 1 });
    expect(String(sent[0]?.body)).toContain("AppDependencies");
  });

  test.each([
    ["no rows in that time", table([0, 0, null])],
    ["no row at all", ok({ tables: [{ name: "PrimaryResult", columns: [], rows: [] }] })],
    ["more failures than calls", table([10, 11, 5])],
    ["telemetry from far ahead", table([10, 0, -4_000])],
    ["other columns", table([10, 0, 5], ["a", "b", "c"])],
    ["no tables", ok({})],
    ["a page", { status: 200, body: "<html></html>" }],
    ["half an answer", recorded("logs-query-200-partial-error").answer],
    ["no such table", recorded("logs-query-400-unknown-table").answer],
  ])("is unknown with %s", async (_, answer) => {
    expect(await ratio(answer)).toMatchObject({ kind: "unknown" });
  });

  test("is unknown, not full, when half an answer looks complete", async () => {
    const whole: object = JSON.parse(table([10, 0, 5]).body);
    const partial = ok({ ...whole, error: { code: "PartialError", message: "some" } });
    expect(await ratio(partial)).toEqual({ kind: "unknown", because: "partial-answer" });
  });

  test.each([
    "app-insights:orders",
    `app-insights:${WORKSPACE}/role/`,
    `app-insights:${WORKSPACE}/role/a" or true or "`,
    `app-insights:${WORKSPACE}/table/orders`,
  ])("has no source in %s, and nothing is asked", async (successRatio) => {
    const { signals, sent } = signalsOn(() => table([1, 0, 0]));
    const application = { successRatio, floor: 0.5, capacityAtTarget: null };
    const reading = await signals.application({ ...orders, application });
    expect(reading).toEqual({ kind: "unknown", because: "not-a-source" });
    expect(sent).toEqual([]);
  });
});

describe("the application's capacity at the target", () => {
  test.each([
    [200, "ready"],
    [204, "ready"],
    [503, "not-ready"],
    [302, "unknown"],
    [404, "unknown"],
    [500, "unknown"],
  ])("a %i is %s", async (status, capacity) => {
    const { signals, sent } = signalsOn(() => ({ status, body: "" }));
    expect(await signals.capacityAt(orders, "partner")).toBe(capacity);
    expect(sent[0]?.headers.has("authorization")).toBe(false);
  });
});

describe("the activity log", () => {
  const at = new Date(NOW - 60_000).toISOString();
  const fog = `/subscriptions/1/resourceGroups/rg-neu/providers/Microsoft.Sql/locations/northeurope/instanceFailoverGroups/orders-fog`;
  const record = (change: object) => ({
    caller: "eve@example.net",
    eventTimestamp: at,
    resourceId: orders.partner.id,
    status: { value: "Succeeded" },
    ...change,
  });
  const told = async (...records: readonly object[]) => {
    const { signals } = signalsOn(({ url }) =>
      ok({ value: decodeURIComponent(url).includes("rg-neu") ? records : [] }),
    );
    return entriesIn(signals.activity(orders, HOUR));
  };
  const forced = {
    value: "MICROSOFT.SQL/LOCATIONS/INSTANCEFAILOVERGROUPS/FORCEFAILOVERALLOWDATALOSS/ACTION",
  };

  test("is asked for each resource group of the pair, in the form it allows", async () => {
    const { signals, sent } = signalsOn(() => ok({ value: [] }));
    await signals.activity(orders, HOUR);
    const filters = sent.map(({ url }) => new URL(url).searchParams.get("$filter"));
    const since = new Date(NOW - HOUR).toISOString();
    const until = new Date(NOW).toISOString();
    const filter = (name: string) =>
      `eventTimestamp ge '${since}' and eventTimestamp le '${until}' and resourceGroupName eq '${name}'`;
    expect(filters.sort()).toEqual([filter("rg-neu"), filter("rg-weu")]);
  });

  test.each([
    ["Started", { startedAt: NOW - 60_000, ended: null }],
    ["Accepted", { startedAt: NOW - 60_000, ended: null }],
    ["a word that nobody knows", { startedAt: NOW - 60_000, ended: null }],
    ["Succeeded", { startedAt: null, ended: { at: NOW - 60_000, how: "well" } }],
    ["Failed", { startedAt: null, ended: { at: NOW - 60_000, how: "badly" } }],
    ["Canceled", { startedAt: null, ended: { at: NOW - 60_000, how: "badly" } }],
  ])("a forced failover that is %s", async (value, ends) => {
    const entry = record({ operationName: forced, resourceId: fog, status: { value } });
    const by = "eve@example.net";
    expect(await told(entry)).toMatchObject([{ what: "failover", by, ours: false, ...ends }]);
  });

  test.each([
    ["an instance, by its id", orders.partner.id.toUpperCase(), "partner"],
    ["a group, by the location", fog, "partner"],
    [
      "anything else, by the resource group",
      `/subscriptions/${orders.partner.subscriptionId}/resourceGroups/RG-neu/providers/x/y`,
      "partner",
    ],
    ["nobody's, elsewhere", "/subscriptions/1/resourceGroups/rg-else/providers/x/y", null],
  ])("says whose it is: %s", async (_, resourceId, side) => {
    const operationName = { value: "Microsoft.Network/networkSecurityGroups/write" };
    expect(await told(record({ operationName, resourceId }))).toMatchObject([{ side }]);
  });

  test("does not say which way a failover of Microsoft's own went: nobody has seen where it is logged", async () => {
    const operationName = { value: "Failover Azure SQL failover group" };
    expect(await told(record({ operationName, resourceId: fog }))).toMatchObject([
      { what: "failover", side: null },
    ]);
  });

  test("is read for the scopes of other teams too: what lies in one concerns the side that it names", async () => {
    const subscriptionId = "2";
    const net = "/subscriptions/2/resourceGroups/rg-net/providers/Microsoft.Network";
    const group = {
      ...orders,
      changeScopes: [
        {
          id: `${net}/networkSecurityGroups/Orders`,
          subscriptionId,
          resourceGroup: "rg-net",
          side: "home",
        },
        {
          id: "/subscriptions/2/resourceGroups/rg-nva",
          subscriptionId,
          resourceGroup: "rg-nva",
          side: null,
        },
      ] as const,
    };
    const operationName = { value: "Microsoft.Network/networkSecurityGroups/securityRules/write" };
    const reboot = { value: "Microsoft.Compute/virtualMachines/restart/action" };
    const { signals, sent } = signalsOn(({ url }) =>
      ok({
        value: decodeURIComponent(url).includes("rg-net")
          ? [
              record({
                operationName,
                resourceId: `${net}/networkSecurityGroups/orders/securityRules/a`,
              }),
              record({
                operationName,
                resourceId: `${net}/networkSecurityGroups/orders-of-others/securityRules/a`,
              }),
              record({
                operationName: reboot,
                resourceId:
                  "/subscriptions/2/resourceGroups/RG-NVA/providers/Microsoft.Compute/virtualMachines/a",
              }),
            ]
          : [],
      }),
    );
    const activity = await entriesIn(
      signals.activity({ ...group, changeScopes: [...group.changeScopes] }, HOUR),
    );
    expect(activity.map(({ what, side }) => [what, side])).toEqual([
      ["network", "home"],
      ["network", null],
    ]);
    expect(sent.filter(({ url }) => url.includes("/subscriptions/2/"))).toHaveLength(2);
  });

  test("does not guess whose it is where both instances share a resource group", async () => {
    const resourceId = "/subscriptions/1/resourceGroups/rg-neu/providers/x/y";
    const operationName = { value: "Microsoft.Network/networkSecurityGroups/write" };
    const { signals } = signalsOn(() => ok({ value: [record({ operationName, resourceId })] }));
    const home = { ...orders.home, subscriptionId: "1", resourceGroup: "rg-neu" };
    const partner = { ...orders.partner, subscriptionId: "1" };
    const activity = await entriesIn(signals.activity({ ...orders, home, partner }, HOUR));
    expect(activity).toMatchObject([{ side: null }]);
  });

  test("tells one request once, with its start and its end", async () => {
    const entry = (value: string, minute: number) =>
      record({
        operationName: forced,
        resourceId: fog,
        correlationId: "c-1",
        status: { value },
        eventTimestamp: new Date(NOW - minute * 60_000).toISOString(),
      });
    const entries = await told(entry("Succeeded", 1), entry("Accepted", 2), entry("Started", 3));
    expect(entries).toMatchObject([
      { startedAt: NOW - 180_000, ended: { at: NOW - 60_000, how: "well" } },
    ]);
  });

  test("what has begun on one instance does not end with what was done to the other", async () => {
    const operationName = { value: "Microsoft.Sql/managedInstances/write" };
    const entry = (resourceId: string, value: string) =>
      record({ operationName, resourceId, correlationId: "c-1", status: { value } });
    const { home, partner } = orders;
    expect(await told(entry(home.id, "Started"), entry(partner.id, "Succeeded"))).toMatchObject([
      { side: "home", ended: null },
      { side: "partner", startedAt: null },
    ]);
  });

  test.each([
    ["Microsoft.Network/networkSecurityGroups/securityRules/write", "network"],
    ["Microsoft.Network/routeTables/routes/delete", "network"],
    ["Microsoft.KeyVault/vaults/accessPolicies/write", "key"],
  ])("%s beside the instance is a %s", async (value, what) => {
    const resourceId = "/subscriptions/1/resourceGroups/rg-neu/providers/of/its/own";
    expect(await told(record({ operationName: { value }, resourceId }))).toMatchObject([{ what }]);
  });

  test.each([
    ["Microsoft.Sql/managedInstances/write", "scale"],
    ["Microsoft.Sql/managedInstances/encryptionProtector/write", "key"],
    ["Microsoft.Sql/managedInstances/validateAzureKeyVaultEncryptionKey/action", "other"],
    ["Microsoft.Sql/managedInstances/administrators/write", "other"],
  ])("%s on the instance is %s", async (value, what) => {
    expect(await told(record({ operationName: { value } }))).toMatchObject([{ what }]);
  });

  test("a change that failed is told as one", async () => {
    const operationName = { value: "Microsoft.Sql/managedInstances/write" };
    const entries = await told(record({ operationName, status: { value: "Failed" } }));
    expect(entries).toMatchObject([{ what: "scale", startedAt: null, ended: { how: "badly" } }]);
  });

  test("what concerns other instances, other groups and nothing of ours is left out", async () => {
    const write = { value: "Microsoft.Sql/managedInstances/write" };
    const entries = await told(
      record({ operationName: write, resourceId: `${orders.partner.id}-else` }),
      record({ operationName: forced, resourceId: `${fog}-else` }),
      record({ operationName: { value: "Microsoft.Web/sites/write" }, resourceId: "/x" }),
      recordedPayload,
    );
    expect(entries).toEqual([]);
  });

  test.each([
    ["caller", { caller: ME.toUpperCase() }],
    [
      "object id",
      { claims: { "http://schemas.microsoft.com/identity/claims/objectidentifier": ME } },
    ],
    ["client id", { claims: { appid: ME } }],
  ])("what our own identity did is known by its %s", async (_, who) => {
    const operationName = forced;
    const entries = await told(record({ operationName, resourceId: fog, ...who }));
    expect(entries).toMatchObject([{ ours: true }]);
  });
});

const recordedPayload: object = {
  operationName: { value: "Microsoft.Resourcehealth/healthevent/Activated/action" },
  resourceId: "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm",
  eventTimestamp: "2018-09-04T15:33:43.65Z",
  status: { value: "Active" },
  properties: { healthStatus: "Unavailable" },
};

describe("Resource Health", () => {
  const STATUS = "/providers/Microsoft.ResourceHealth/availabilityStatuses/current";
  const healthOf = async (answer: WireAnswer) => {
    const { signals } = signalsOn(({ url }) => {
      if (!/availabilityStatuses/i.test(url)) return { status: 404, body: "" };
      const side = url.includes(orders.home.name) ? orders.home : orders.partner;
      return answer.status === 200 ? asOf(`${side.id}${STATUS}`, answer) : answer;
    });
    return signals.advice(orders, "home");
  };

  test("tells each side's state, the reason and the age by its own clock", async () => {
    const { status, body } = recorded("health-availability-status-unavailable").answer;
    const date = "Wed, 04 May 2016 14:16:29 GMT";
    const advice = await healthOf({ status, headers: { date }, body });
    expect(advice.map(({ said }) => said)).toEqual([
      "primary Unavailable (Unplanned)",
      "secondary Unavailable (Unplanned)",
    ]);
    expect(advice.map(({ ageMs }) => ageMs)).toEqual([299_241, 299_241]);
  });

  test("that refuses us speaks of our rights, not of Resource Manager's health", async () => {
    const advice = await healthOf(recorded("arm-403-authorization-failed-gateway").answer);
    expect(new Set(advice.map(({ source }) => source))).toEqual(new Set(["resource-health"]));
  });

  test("of an idle instance knows nothing, which is not an outage", async () => {
    const advice = await healthOf(ok({ properties: { availabilityState: "Unknown" } }));
    expect(advice[0]).toMatchObject({
      source: "resource-health",
      kind: "unknown",
      said: "primary Unknown",
    });
  });
});

test("where nothing answers and nothing hears, every call still ends", async () => {
  const options = { credential, httpClient: deaf, timeoutMs: 10, clock: impatient };
  const resolveName = () => new Promise<string[]>(() => undefined);
  const signals = createSignals({ ...options, resolveName, ownIds: [] });
  expect(await signals.application(orders)).toMatchObject({ kind: "unknown" });
  expect(await signals.capacityAt(orders, "partner")).toBe("unknown");
  expect(await signals.activity(orders, HOUR)).toMatchObject({ kind: "unknown" });
  expect(await signals.advice(orders, "home")).toBeInstanceOf(Array);
});

test("whatever comes back, nothing throws, no age is negative and nothing secret is told", async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async (given) => {
      const { signals } = signalsOn(() => given);
      const application = await signals.application(orders);
      const activity = await signals.activity(orders, HOUR);
      const advice = await signals.advice(orders, "home");
      if (application.kind === "ratio") expect(given.status).toBe(200);
      for (const { ageMs } of advice) expect(ageMs).toBeGreaterThanOrEqual(0);
      expect(JSON.stringify([application, activity, advice])).not.toContain(TOKEN);
    }),
    { seed: 20261121, numRuns: 150 },
  );
});
