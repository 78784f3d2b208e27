import { describe, expect, test } from "vitest";
import { groupsBelow, groupsConcerned } from "../../shared/alerts/groups-concerned.ts";
import { BILLING, GATEWAY, ORDERS } from "../functions/triggers/sites-under-test.ts";

const GROUPS = [ORDERS, BILLING];

const ALERT = {
  ...{ rule: "r", ruleId: null, alertId: null, service: "Platform", firedAt: null },
  ...{ targets: [], queried: [] },
};

function concerned(targets: readonly string[], ruleId: string | null = null): readonly string[] {
  const alert = { ...ALERT, ruleId, targets };
  return groupsConcerned(alert, GROUPS).map((group) => group.name);
}

test("an alert on either instance concerns its group, whatever the case of the id", () => {
  expect(concerned([ORDERS.home.id.toUpperCase()])).toEqual(["orders-fog"]);
  expect(concerned([`${BILLING.partner.id.toLowerCase()}/`])).toEqual(["billing-fog"]);
});

test("an alert on a database of an instance concerns its group", () => {
  expect(concerned([`${ORDERS.partner.id}/databases/orders`])).toEqual(["orders-fog"]);
});

test("an instance whose name only begins alike is another one", () => {
  expect(concerned([`${ORDERS.home.id}-2`])).toEqual([]);
});

test("an alert on the failover group itself concerns it, from either region", () => {
  const { subscriptionId, resourceGroup } = ORDERS.home;
  for (const region of ["westeurope", "northeurope"]) {
    const id = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/microsoft.sql/locations/${region}/instancefailovergroups/orders-fog`;
    expect(concerned([id])).toEqual(["orders-fog"]);
  }
});

test("an alert on another resource concerns the groups that list it, or its rule, in alertTargets", () => {
  expect(concerned([GATEWAY])).toEqual(["billing-fog"]);
  expect(concerned([], GATEWAY)).toEqual(["billing-fog"]);
});

test("one alert may concern several groups", () => {
  expect(concerned([ORDERS.home.id, GATEWAY])).toEqual(["orders-fog", "billing-fog"]);
});

test("an empty id concerns nobody", () => {
  expect(concerned(["", "/"])).toEqual([]);
});

test("news of the whole subscription concerns every group in it, and only as news", () => {
  const target = `/subscriptions/${ORDERS.home.subscriptionId}`;
  const alert = { ...ALERT, service: "ServiceHealth", targets: [target] };
  expect(concerned([target])).toEqual([]);
  expect(groupsBelow(alert, GROUPS)).toEqual(GROUPS);
});

test("an id of twenty thousand slashes matches nothing, at once", () => {
  const startedAt = performance.now();
  expect(concerned([`${"/".repeat(20_000)}x`])).toEqual([]);
  expect(concerned([`x${"/".repeat(20_000)}`], `${"/".repeat(20_000)}x`)).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(200);
});

describe("a log alert that does not say which rule it is of", () => {
  const workspace = `/subscriptions/${ORDERS.home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/shared`;
  const rule = (subscription: string) =>
    `/subscriptions/${subscription}/resourceGroups/rg-alerts/providers/microsoft.insights/scheduledqueryrules/orders-logins-fail`;
  const listing = (id: string) => [{ ...ORDERS, alertTargets: [id] }, BILLING];
  const fired = {
    ...ALERT,
    ...{ rule: "orders-logins-fail", service: "Log Alerts V2", targets: [workspace] },
  };
  const names = (alert: typeof fired, groups = [ORDERS, BILLING]) =>
    groupsConcerned(alert, groups).map((group) => group.name);

  test("concerns the group that lists a rule of its name, in the subscription it was sent from", () => {
    const own = rule(ORDERS.home.subscriptionId);
    expect(names(fired, listing(own.toUpperCase()))).toEqual(["orders-fog"]);
    expect(names({ ...fired, rule: "another" }, listing(own))).toEqual([]);
    expect(names(fired, listing(rule("99999999-0000-0000-0000-000000000000")))).toEqual([]);
  });

  test("concerns the group whose instance its query was about", () => {
    expect(groupsConcerned({ ...fired, queried: [ORDERS.home.id] }, GROUPS)).toEqual([ORDERS]);
    expect(groupsConcerned({ ...fired, queried: [workspace] }, GROUPS)).toEqual([]);
  });
});
