// A reading is checked against itself: what it is of, and whether it says one thing.

import { describe, expect, test } from "vitest";
import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { createInstanceKeys } from "../../shared/azure/instances/instance-keys.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { createResourceHealth } from "../../shared/azure/resource-health.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";
import { answering, credential, ok } from "./answering.ts";
import { neu, weu } from "./arm-wire.ts";

const { subscriptionId, resourceGroup } = neu;
const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/North Europe/instanceFailoverGroups/orders-fog`;
const over = (body: object) => {
  const { httpClient } = answering(() => ok(body));
  const clock = createWallClock();
  return {
    credential,
    httpClient,
    timeoutMs: 8_000,
    clock,
    endpoint: "https://management.azure.com",
  };
};

const reads: readonly (readonly [
  what: string,
  id: string,
  properties: object,
  read: (body: object) => Promise<unknown>,
])[] = [
  [
    "a group",
    groupId,
    { replicationRole: "Primary" },
    (body) => createFailoverGroups(over(body)).read("orders-fog", neu),
  ],
  ["an instance", neu.id, { state: "Ready" }, (body) => createInstances(over(body)).read(neu)],
  [
    "a protector",
    `${neu.id}/encryptionProtector/current`,
    { serverKeyType: "ServiceManaged" },
    (body) => createInstanceKeys(over(body)).protector(neu),
  ],
  [
    "a state of health",
    `${neu.id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    { availabilityState: "Available" },
    (body) => createResourceHealth(over(body))(neu),
  ],
];
const foreign = { kind: "unknown", because: "not-what-was-asked" };

describe.each(reads)("%s", (_, id, properties, read) => {
  const name = id.split("/").at(-1);

  test("that was asked for is read, in whatever case and with whatever space it is written", async () => {
    const known = await read({ properties });
    expect(known).not.toMatchObject({ kind: "unknown" });
    for (const written of [id, id.toUpperCase(), `${id}/`, id.replaceAll(" ", "%20")]) {
      expect(await read({ id: written, name, properties })).toEqual(known);
    }
  });

  test("of another name, subscription, resource group or kind is unknown", async () => {
    for (const other of [
      id.replace(/orders/, "billing"),
      id.replace(subscriptionId, "99999999-2222-3333-4444-555555555555"),
      id.replace("/resourceGroups/rg-neu", "/resourceGroups/rg-weu"),
      id.replace("Microsoft.Sql", "Microsoft.Other"),
      "",
      "/",
    ]) {
      expect(await read({ id: other, properties })).toMatchObject(foreign);
    }
    expect(await read({ name: "billing-fog", properties })).toMatchObject(foreign);
    expect(await read({ id, name: "billing-fog", properties })).toMatchObject(foreign);
  });

  test("with an error beside it is unknown", async () => {
    const error = { code: "InternalServerError", message: "half of it is missing" };
    expect(await read({ id, properties, error })).toMatchObject({
      kind: "unknown",
      because: "contradicts-itself",
    });
  });
});

describe("a group", () => {
  const read = (properties: object) =>
    createFailoverGroups(over({ id: groupId, properties })).read("orders-fog", neu);
  const contradiction = { kind: "unknown", because: "contradicts-itself" };
  const pairOf = (primary: string, partner: string) => ({
    managedInstancePairs: [
      { primaryManagedInstanceId: primary, partnerManagedInstanceId: partner },
    ],
  });
  const partnerRegions = (replicationRole: string) => ({
    partnerRegions: [{ location: "West Europe", replicationRole }],
  });

  test("of the other region is not the one that was asked", async () => {
    const id = groupId.replace("North Europe", "West Europe");
    const groups = createFailoverGroups(over({ id, properties: { replicationRole: "Primary" } }));
    expect(await groups.read("orders-fog", neu)).toEqual(foreign);
  });

  test.each(["Primary", "Secondary"])(
    "whose sides both are %s is unknown",
    async (replicationRole) => {
      expect(await read({ replicationRole, ...partnerRegions(replicationRole) })).toEqual(
        contradiction,
      );
    },
  );

  test("whose pair says the contrary of its role is unknown", async () => {
    expect(await read({ replicationRole: "Primary", ...pairOf(weu.id, neu.id) })).toEqual(
      contradiction,
    );
    expect(
      await read({ replicationRole: "Secondary", ...pairOf(neu.id.toUpperCase(), weu.id) }),
    ).toEqual(contradiction);
  });

  test("that says one thing is read", async () => {
    const primary = { replicationRole: "Primary", ...pairOf(neu.id, weu.id) };
    expect(await read({ ...primary, ...partnerRegions("Secondary") })).toMatchObject({
      kind: "read",
      role: "primary",
    });
    const secondary = { replicationRole: "Secondary", ...pairOf(weu.id, neu.id) };
    expect(await read({ ...secondary, ...partnerRegions("Primary") })).toMatchObject({
      kind: "read",
      role: "secondary",
    });
  });
});
