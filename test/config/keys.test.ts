import { describe, expect, test } from "vitest";
import { change, errorOf, HERE, onlyProblem, VALID } from "./fixture.ts";

const PARTNER = "managedInstances/mi-orders-neu";
const HOME_HOST = "fqdn: mi-orders-weu.abc123.database.windows.net";

/** Each row changes one thing; the mark says where the error must point. */
const CASES: readonly (readonly [because: string, write: string, from: string, to: string])[] = [
  ["unknown-key", "grace", "grace:", `${HERE}grase:`],
  ["unknown-key", "probeTimeout", "grace:", `${HERE}probetimeout:`],
  ["unknown-key", "one of sites, defaults, groups", "defaults:", `${HERE}zzzzzz:`],
  ["unknown-key", "region", "region: westeurope,", `${HERE}regoin: x, region: westeurope,`],
  ["unknown-key", "one of", "grace:", `${HERE}__proto__:`],
  ["not-carried-out", "take `drills` out", "canary:", `${HERE}drills: []\n    canary:`],
  ["missing", "name: weu", "  - { name: sec, ", `  - ${HERE}{ `],
  ["missing", "fqdn: ", `${HOME_HOST}\n`, "\n"],
  ["wrong-type", "weu", "name: weu", `name: ${HERE}7`],
  ["wrong-type", "PT300S", "grace: PT3M", `grace: ${HERE}300`],
  ["wrong-type", "PT5M", "grace: PT3M", `grace: ${HERE}[PT3M]`],
  ["wrong-type", "true", "grace: PT3M", `allowShortGrace: ${HERE}yes`],
  ["wrong-type", "database", "{ database: orders }", `${HERE}orders`],
  ["wrong-type", "3", "grace: PT3M", `flapping: { outages: ${HERE}2.5 }`],
  ["out-of-range", "at least 2", "grace: PT3M", `flapping: { outages: ${HERE}1 }`],
  ["unknown-word", "automatic", "mode: automatic", `mode: ${HERE}automatik`],
  ["unknown-word", "observe, approve, automatic", "mode: automatic", `mode: ${HERE}go`],
  ["unknown-word", "regional-loss", "grace: PT3M", `automatic: [${HERE}regionalloss]`],
  ["unknown-word", "one of", "grace: PT3M", `automatic: [${HERE}flapping]`],
  ["empty-list", "at least one", "grace: PT3M", `automatic: ${HERE}[]`],
  ["not-a-duration", "PT5M", "grace: PT3M", `grace: ${HERE}5m`],
  ["duration-too-short", "PT2S", "grace: PT3M", `interval: ${HERE}PT1S`],
  ["duration-too-long", "PT1M", "defaults:", `tick: ${HERE}PT5M\ndefaults:`],
  ["not-a-name", "orders-fog", "name: orders-fog", `name: ${HERE}Orders_FOG`],
  ["not-a-region", "westeurope", "region: westeurope,", `region: ${HERE}"west-europe!",`],
  ["not-a-url", "https://", "https://weu.example.net", `${HERE}weu.example.net`],
  ["not-https", "https://", "https://weu.example.net", `${HERE}http://weu.example.net`],
  [
    "secret-in-url",
    "address alone",
    "https://weu.example.net",
    `${HERE}https://a:b@weu.example.net`,
  ],
  [
    "secret-in-url",
    "address alone",
    "https://weu.example.net",
    `${HERE}https://weu.example.net?code=x`,
  ],
  ["not-host-and-port", ":1433", "ref-weu.example.net:1433", `${HERE}ref-weu.example.net`],
  ["not-host-and-port", ":1433", "ref-weu.example.net:1433", `${HERE}ref-weu.example.net:99999`],
  ["system-database", "user database", "database: orders", `database: ${HERE}master`],
  ["not-a-database", "orders", "database: orders", `database: ${HERE}""`],
  ["not-an-instance-host", ".database.windows.net", HOME_HOST, `fqdn: ${HERE}mi.example.net`],
  [
    "not-an-instance-host",
    ".database.windows.net",
    HOME_HOST,
    `fqdn: ${HERE}a.b.c.database.windows.net`,
  ],
  [
    "public-endpoint",
    "<zone>",
    HOME_HOST,
    `fqdn: ${HERE}mi-orders-weu.public.abc123.database.windows.net`,
  ],
  [
    "listener",
    "<zone>",
    HOME_HOST,
    `fqdn: ${HERE}orders-fog.secondary.abc123.database.windows.net`,
  ],
  ["sql-database-host", "<zone>", HOME_HOST, `fqdn: ${HERE}mi-orders-weu.database.windows.net`],
  [
    "not-a-source",
    "app-insights:",
    "canary:",
    `application: { successRatio: ${HERE}orders }\n    canary:`,
  ],
  ["out-of-range", "more than 0", "canary:", `application: { floor: ${HERE}0 }\n    canary:`],
  ["out-of-range", "at most 1", "canary:", `application: { floor: ${HERE}1.5 }\n    canary:`],
  ["not-a-resource-id", "/subscriptions/", "canary:", `alertTargets: [${HERE}orders]\n    canary:`],
];

test.each(CASES)("%s: write %s", (because, write, from, to) => {
  const marked = change(VALID, from, to);
  const [first] = errorOf(marked.replace(HERE, "")).problems;
  const problem = marked.includes(HERE) ? onlyProblem(marked) : first;
  expect(problem?.because).toBe(because);
  expect(problem?.message).toContain("; write ");
  expect(problem?.message.split("; write ")[1]).toContain(write);
});

describe("resource ids", () => {
  const id = `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders/providers/Microsoft.Sql/${PARTNER}`;
  test.each([
    ["arc-instance", change(id, "Microsoft.Sql/managed", "Microsoft.AzureArcData/sqlManaged")],
    ["arc-instance", change(id, "Microsoft.Sql/managed", "microsoft.azurearcdata/SQLmanaged")],
    ["sql-database-server", change(id, "managedInstances", "servers")],
    ["sql-database-server", `${change(id, "managedInstances", "servers")}/databases/orders`],
    ["not-an-instance", change(id, "managedInstances", "instancePools")],
    ["not-an-instance", `${id}/databases/orders`],
    ["not-an-instance", change(id, "Microsoft.Sql", "Microsoft.Web")],
    ["not-a-resource-id", change(id, "11111111-2222", "1111-2222")],
    ["not-a-resource-id", `${id}/`],
    ["not-a-resource-id", id.slice(1)],
    ["not-a-resource-id", `https://management.azure.com${id}`],
  ])("%s", (because, wrong) => {
    expect(onlyProblem(change(VALID, id, `${HERE}${wrong}`)).because).toBe(because);
  });
});

describe("calendars", () => {
  const freeze = (window: string) => change(VALID, "grace: PT3M", `freeze: [{ ${window} }]`);
  test.each([
    ["schedule-fields", `schedule: ${HERE}"0 0 2 * * SAT", for: P1D, timezone: UTC`],
    ["schedule-fields", `schedule: ${HERE}"@daily", for: PT1H, timezone: UTC`],
    ["schedule-syntax", `schedule: ${HERE}"0 25 * * *", for: PT1H, timezone: UTC`],
    ["schedule-syntax", `schedule: ${HERE}"a b c d e", for: PT1H, timezone: UTC`],
    ["schedule-never", `schedule: ${HERE}"0 0 30 2 *", for: PT1H, timezone: UTC`],
    ["unknown-timezone", `schedule: "0 2 * * *", for: PT1H, timezone: ${HERE}Europe/Berlyn`],
    ["unknown-timezone", `schedule: "0 2 * * *", for: PT1H, timezone: ${HERE}"+01:00"`],
    ["duration-too-short", `schedule: "0 2 * * *", for: ${HERE}PT0S, timezone: UTC`],
  ])("%s: %s", (because, window) => {
    expect(onlyProblem(freeze(window)).because).toBe(because);
  });

  test("a misspelt time zone is told the right one", () => {
    const marked = freeze(`schedule: "0 2 * * *", for: PT1H, timezone: ${HERE}Europe/Berlyn`);
    expect(onlyProblem(marked).message).toContain("write Europe/Berlin");
  });
});

test("one report lists everything, in the order of the file, with file, line, column and path", () => {
  const wrong = change(
    change(change(VALID, "name: weu", "name: WEU"), "grace: PT3M", "grace: 5m"),
    "region: northeurope\n",
    "region: westeurope\n",
  );
  expect(
    errorOf(wrong)
      .message.split("\n")
      .map((line) => line.split(": ")[0]),
  ).toEqual([
    "geo-failover.yaml:2:13 sites[0].name",
    "geo-failover.yaml:7:10 defaults.grace",
    "geo-failover.yaml:16:15 groups[0].partner.region",
  ]);
});

test("drills are refused in words that nobody takes for a typing error", () => {
  const drills = 'drills: [{ schedule: "0 3 1 * *", timezone: UTC }]\n    canary:';
  expect(errorOf(change(VALID, "canary:", drills)).message).toBe(
    'geo-failover.yaml:18:5 groups[0].drills: drills are not carried out yet: "drills"; write nothing here: take `drills` out',
  );
});
