import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AlertReading, readAlert } from "../../shared/alerts/common-alert.ts";

const RECORDED = new URL("../recorded/", import.meta.url);

function recorded(name: string): Record<string, unknown> {
  const file: unknown = JSON.parse(readFileSync(new URL(name, RECORDED), "utf8"));
  if (typeof file !== "object" || file === null || !("payload" in file)) throw new Error(name);
  return { ...(file.payload as object) };
}

const FIRED = "alert-log-v2-fired-2025.json";

/** A recorded alert with some of its essentials replaced. */
function fired(change: Record<string, unknown>, context: unknown = {}): unknown {
  const payload = structuredClone(recorded(FIRED));
  const data = { ...(payload.data as object) } as Record<string, unknown>;
  const essentials = { ...(data.essentials as object), ...change };
  return { ...payload, data: { ...data, essentials, alertContext: context } };
}

describe("what Azure Monitor really sent", () => {
  test.each<[string, AlertReading["kind"], string]>([
    ["alert-log-v1-app-insights-2021.json", "fired", "Exception"],
    ["alert-log-v1-number-of-results-2020.json", "fired", "RULE"],
    ["alert-log-v2-fired-2025.json", "fired", "alert-adf-rule-002"],
    ["alert-log-v2-fired-with-dimension-2025.json", "fired", "alert-adf-rule-002"],
    ["alert-metric-resolved-custom-properties.json", "resolved", "WCUS-R2-Gen2"],
    ["alert-test-activity-log-2024.json", "test", "test-activityLogAlertRule"],
    ["alert-test-availability-2024.json", "test", "test-availabilityTest-test-applicationInsights"],
    ["alert-test-budget-forecasted-2024.json", "test", "Test_Alert"],
    [
      "alert-test-log-v1-metric-measurement-2024.json",
      "test",
      "test-logAlertRule-v1-metricMeasurement",
    ],
    ["alert-test-metric-dynamic-none-strings-2024.json", "test", "test-dynamicMetricAlertRule"],
    ["alert-test-metric-static-2024.json", "test", "test-metricAlertRule"],
    ["alert-test-resource-health-2021.json", "test", "test-ResourceHealthAlertRule"],
    ["alert-test-service-health-2021.json", "test", "test-ServiceHealthAlertRule"],
    ["alert-test-service-health-2024.json", "test", "test-ServiceHealthAlertRule"],
    ["alert-test-smart-detector-2024.json", "test", "test-SmartAlertRule"],
  ])("%s is %s", (name, kind, rule) => {
    expect(readAlert(recorded(name))).toMatchObject({ kind, rule });
  });

  test.each([
    ["alert-other-schema-classic.json", "other-schema", "no schemaId"],
    ["alert-other-schema-metric-deactivated.json", "other-schema", "AzureMonitorMetricAlert"],
    ["alert-context-service-health-maintenance-2019.json", "other-schema", "no schemaId"],
    ["activity-resource-health-activated-2018.json", "other-schema", "no schemaId"],
  ])("%s is refused: %s: %s", (name, because, found) => {
    expect(readAlert(recorded(name))).toEqual({ kind: "refused", because, found });
  });

  test("no recorded payload is forgotten here", () => {
    const names = readdirSync(RECORDED).filter((name) => /^(alert|activity)-/.test(name));
    expect(names).toHaveLength(19);
  });

  test("a maintenance announcement is advice, whatever its condition says", () => {
    const { alertContext } = recorded("alert-context-service-health-maintenance-2019.json");
    expect(readAlert(fired({ monitoringService: "ServiceHealth" }, alertContext))).toMatchObject({
      kind: "advice",
      about: "maintenance",
    });
  });

  test("the same test notification with another subscription is still one when it is synthetic", () => {
    const text = JSON.stringify(recorded("alert-test-service-health-2024.json"));
    const moved = text.replaceAll("11111111-1111-1111-1111-111111111111", "aaaa0a0a-bb1b-cc2c");
    expect(readAlert(JSON.parse(moved))).toMatchObject({ kind: "test" });
  });
});

describe("nulls and strangers", () => {
  test("every single essential may be null, missing, a number or a list: nothing throws, nothing fires by accident", () => {
    const names = Object.keys((fired({}) as { data: { essentials: object } }).data.essentials);
    for (const name of names) {
      for (const value of [null, undefined, 7, [], {}, "None", ""]) {
        const reading = readAlert(fired({ [name]: value }));
        const expected = name === "monitorCondition" ? "refused" : "fired";
        expect([name, value, reading.kind]).toEqual([name, value, expected]);
      }
    }
  });

  test("targets that are no text are passed over", () => {
    const reading = readAlert(fired({ alertTargetIDs: [null, 3, "/subscriptions/a", {}] }));
    expect(reading).toMatchObject({ targets: ["/subscriptions/a"] });
  });

  test.each([
    [null, "not-an-object"],
    [[], "not-an-object"],
    ["text", "not-an-object"],
    [{}, "other-schema"],
    [{ schemaId: "azureMonitorCommonAlertSchema" }, "no-essentials"],
    [{ schemaId: "azureMonitorCommonAlertSchema", data: null }, "no-essentials"],
    [{ schemaId: "azureMonitorCommonAlertSchema", data: { essentials: null } }, "no-essentials"],
  ])("%j is refused: %s", (payload, because) => {
    expect(readAlert(payload)).toMatchObject({ kind: "refused", because });
  });

  test("an alert without a rule name is named after its alert", () => {
    expect(readAlert(fired({ alertRule: null, alertId: "/x/alerts/42" }))).toMatchObject({
      rule: "42",
    });
    expect(readAlert(fired({ alertRule: null, alertId: null }))).toMatchObject({ rule: "unnamed" });
  });
});

describe("Resource Health", () => {
  const health = (properties: unknown, status: unknown = "Active"): AlertReading =>
    readAlert(fired({ monitoringService: "Resource Health" }, { status, properties }));

  test("an instance that became unavailable is a suspicion", () => {
    expect(health({ currentHealthStatus: "Unavailable" }).kind).toBe("fired");
  });

  test("nulls for status and cause are a suspicion too", () => {
    expect(health({ currentHealthStatus: null, cause: null }, null).kind).toBe("fired");
    expect(health(null, null).kind).toBe("fired");
  });

  test("a recovery comes as Fired: only its own words tell", () => {
    expect(health({ currentHealthStatus: "Available" }).kind).toBe("resolved");
    expect(health({ currentHealthStatus: "Degraded" }, "Resolved").kind).toBe("resolved");
  });
});

test("a customer's rule called test-… on resources of their own is no test notification", () => {
  expect(readAlert(fired({ alertRule: "test-of-the-instance" })).kind).toBe("fired");
});

test("the schema id is compared without regard to case", () => {
  expect(
    readAlert({ ...(fired({}) as object), schemaId: "AZUREMONITORCOMMONALERTSCHEMA" }).kind,
  ).toBe("fired");
});

test.each([
  ["CostAlerts", "cost"],
  ["Activity Log - Administrative", "activity-log"],
  ["Activity Log - Autoscale", "activity-log"],
  ["Service Health", "service-health"],
])("what %s sends is advice about %s and starts nothing", (monitoringService, about) => {
  expect(readAlert(fired({ monitoringService }))).toMatchObject({ kind: "advice", about });
});

describe("what is too long", () => {
  const LONG = `${"/".repeat(20_000)}x`;

  test("a target that is longer than any id is passed over", () => {
    const reading = readAlert(fired({ alertTargetIDs: [LONG, "/subscriptions/a"] }));
    expect(reading).toMatchObject({ targets: ["/subscriptions/a"] });
  });

  test("a name and an id are cut, and more targets than any alert has are left out", () => {
    const reading = readAlert(
      fired({ alertId: LONG, alertTargetIDs: Array(50_000).fill("/subscriptions/a") }),
    );
    expect(reading).toMatchObject({ kind: "fired", alertId: null });
    expect("targets" in reading && reading.targets.length).toBe(1_000);
  });

  test("a context nested without end is read as any other", () => {
    const nested = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    expect(readAlert(fired({}, { condition: nested })).kind).toBe("fired");
  });
});

describe("when it fired", () => {
  test("is the instant it says, or nothing", () => {
    expect(readAlert(fired({ firedDateTime: "2026-09-01T10:00:00.1234567Z" }))).toMatchObject({
      firedAt: Date.UTC(2026, 8, 1, 10, 0, 0, 123),
    });
    for (const firedDateTime of [null, "yesterday", 5, "", "NaN"]) {
      expect(readAlert(fired({ firedDateTime }))).toMatchObject({ firedAt: null });
    }
  });
});

test("a log alert names the resources that its query was about", () => {
  const queried =
    "/subscriptions/9d3ff024-cfad-4108-a098-8e675fbc4cc4/resourceGroups/RG-SG-NICKDEV001/providers/Microsoft.DataFactory/factories/MyNICKADF001";
  expect(readAlert(recorded("alert-log-v2-fired-2025.json"))).toMatchObject({ queried: [queried] });
  const dimension = {
    allOf: [{ dimensions: [{ name: "_ResourceId", value: "/subscriptions/s/x" }, { name: "y" }] }],
  };
  expect(readAlert(fired({ configurationItems: null }, { condition: dimension }))).toMatchObject({
    queried: ["/subscriptions/s/x"],
  });
});
