import { expect, test } from "vitest";
import { groupsBelow, groupsConcerned } from "../../shared/alerts/groups-concerned.ts";
import { BILLING, GATEWAY, ORDERS } from "../functions/triggers/sites-under-test.ts";

const GROUPS = [ORDERS, BILLING];

function concerned(targets: readonly string[], ruleId: string | null = null): readonly string[] {
  const alert = { rule: "r", ruleId, alertId: null, service: "Platform", targets };
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
  const alert = {
    rule: "r",
    ruleId: null,
    alertId: null,
    service: "ServiceHealth",
    targets: [target],
  };
  expect(concerned([target])).toEqual([]);
  expect(groupsBelow(alert, GROUPS)).toEqual(GROUPS);
});
