// I14 of alerts: whatever one of them says, and at however many sites, it opens at most one incident of each group
// that it concerns, and none of any other.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Group } from "../../../shared/domain/group.ts";
import { incidentIn } from "../../../shared/ledger/incidents.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../../shared/ledger/reading.ts";
import { THOROUGH } from "../../support/thorough.ts";
import { BILLING, GATEWAY, ORDERS, type Sites, startSites } from "./sites-under-test.ts";

const OTHER = "/subscriptions/99999999-5b7d-4e7e-9d55-3c1b8f0e2a77/resourceGroups/rg-orders";

/** Ids that concern a group, as different senders write them. */
const about = ({ home, partner }: Group, more: readonly string[] = []) =>
  fc
    .tuple(
      fc.constantFrom(home.id, partner.id, ...more),
      fc.constantFrom("", "/", "///", "/databases/orders"),
      fc.boolean(),
    )
    .map(([id, end, loud]) => (loud ? (id + end).toUpperCase() : id + end));

const nobodys = fc.oneof(
  fc.constantFrom<unknown>(null, 1, {}, "", "/", "/".repeat(2_000), "None", `${ORDERS.home.id}2`),
  fc.constantFrom(`${OTHER}/providers/Microsoft.Sql/managedInstances/${ORDERS.home.name}`),
  fc.string({ maxLength: 30 }),
);

const alerts = fc.record({
  orders: fc.array(about(ORDERS), { maxLength: 3 }),
  billing: fc.array(about(BILLING, [GATEWAY]), { maxLength: 3 }),
  others: fc.array(nobodys, { maxLength: 20 }),
  times: fc.constantFrom(1, 1, 40),
  rule: fc.oneof(fc.string(), fc.constant(ORDERS.name), fc.constant(BILLING.name)),
});

async function openedFor(sites: Sites, group: Group): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const side of ["home", "partner"] as const) {
    const rows = await sites.run(readLive(sites.neu.app.stores.of(group).target(side)));
    const row = valueOrNull(incidentIn(rows));
    if (row !== null) ids.push(row.id);
  }
  return ids;
}

test("whatever an alert says, at two sites at once and once more, it opens one incident of each group it is about", async () => {
  await fc.assert(
    fc.asyncProperty(alerts, async ({ orders, billing, others, times, rule }) => {
      const sites = await startSites();
      const alertTargetIDs = Array.from({ length: times }, () => [
        ...others,
        ...orders,
        ...billing,
      ]);
      const essentials = {
        ...{ alertId: "/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/1" },
        ...{ alertRule: rule, monitorCondition: "Fired", monitoringService: "Platform" },
        alertTargetIDs: alertTargetIDs.flat(),
      };
      const body = {
        schemaId: "azureMonitorCommonAlertSchema",
        data: { essentials, alertContext: null },
      };
      const told = await sites.callAll([
        ["alert", { body }, sites.neu],
        ["alert", { body }, sites.sec],
      ]);
      const again = await sites.call("alert", { body }, sites.weu);
      const concerned = [
        ...(orders.length > 0 ? [ORDERS] : []),
        ...(billing.length > 0 ? [BILLING] : []),
      ];
      for (const { status, json } of [...told, again]) {
        expect({ status, groups: json.groups }).toEqual({
          status: 202,
          groups: concerned.map(({ name }) => name),
        });
      }
      for (const group of [ORDERS, BILLING]) {
        expect(await openedFor(sites, group)).toHaveLength(concerned.includes(group) ? 1 : 0);
      }
      for (const { host } of [sites.neu, sites.sec, sites.weu]) {
        expect(host.instances().length).toBeLessThanOrEqual(concerned.length);
      }
    }),
    { seed: 20261130, numRuns: THOROUGH ? 100 : 6 },
  );
}, 120_000);
