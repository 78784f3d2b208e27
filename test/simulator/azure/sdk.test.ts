// The simulated Resource Manager under the unmodified SDK, with the SDK's own pollers and pages.

import { SqlManagementClient } from "@azure/arm-sql";
import { describe, expect, test } from "vitest";
import { createArmHttpClient } from "../../../simulator/azure/arm/arm-http-client.ts";
import { createSimulatedCredential } from "../../../simulator/azure/data/simulated-credential.ts";
import type { Fault } from "../../../simulator/faults.ts";
import {
  createLab,
  fault,
  group,
  MINUTE,
  partner,
  SECOND,
  sites,
} from "../../contract/world-under-test.ts";

const { subscriptionId, resourceGroup, region, name } = partner;

function start(...faults: readonly Fault[]) {
  const lab = createLab(faults);
  const client = new SqlManagementClient(
    createSimulatedCredential(lab.world, sites.neu),
    subscriptionId,
    { httpClient: createArmHttpClient(lab.world, sites.neu), retryOptions: { maxRetries: 0 } },
  );
  return { ...lab, client };
}

async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

describe("@azure/arm-sql on the simulated Azure", () => {
  test("its poller runs through InProgress to the whole group", async () => {
    const { run, pass, client } = start();
    const { instanceFailoverGroups: groups } = client;
    const begun = groups.beginForceFailoverAllowDataLoss(resourceGroup, region, group.name);
    const poller = await run(begun);
    expect(poller.isDone()).toBe(false);
    await run(poller.poll());
    expect(poller.isDone()).toBe(false);
    await pass(MINUTE);
    await run(poller.poll());
    expect(poller.isDone()).toBe(true);
    expect(poller.getResult()).toMatchObject({ name: group.name, replicationRole: "Primary" });
  });

  test("refusals arrive with their code", async () => {
    const { run, client } = start(fault("seeding"));
    const { instanceFailoverGroups: groups } = client;
    const begun = groups.beginFailover(resourceGroup, region, group.name);
    await expect(run(begun)).rejects.toMatchObject({
      statusCode: 409,
      code: "InstanceFailoverGroupBusy",
    });
  });

  test("instances, operations, protector, databases and groups are read", async () => {
    const scaling = fault("operation-running", { on: "partner", name: "UpsertManagedServer" });
    const closed = fault("database-inaccessible", { on: "partner", database: "orders" });
    const { run, client } = start(scaling, closed);
    const instance = await run(client.managedInstances.get(resourceGroup, name));
    expect(instance).toMatchObject({ state: "Ready", dnsZone: "abc123", vCores: 8 });
    const operations = client.managedInstanceOperations.listByManagedInstance(resourceGroup, name);
    expect(await run(all(operations))).toMatchObject([{ state: "InProgress" }]);
    const databases = client.managedDatabases.listInaccessibleByInstance(resourceGroup, name);
    expect(await run(all(databases))).toMatchObject([{ name: "orders", status: "Inaccessible" }]);
    const protectors = client.managedInstanceEncryptionProtectors;
    const protector = await run(protectors.get(resourceGroup, name, "current"));
    expect(protector).toMatchObject({ serverKeyType: "AzureKeyVault" });
    const groups = client.instanceFailoverGroups.listByLocation(resourceGroup, region);
    expect(await run(all(groups))).toMatchObject([{ replicationRole: "Secondary" }]);
  });

  test("silence ends by the request's own timeout, as an abort", async () => {
    const { run, clock, client } = start(fault("arm-down"));
    const startedAt = clock.now();
    const options = { requestOptions: { timeout: 5 * SECOND } };
    const read = client.managedInstances.get(resourceGroup, name, options);
    await expect(run(read)).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.now() - startedAt).toBeLessThan(6 * SECOND);
  });

  test("an abort is heeded at once", async () => {
    const { run, clock, client } = start(fault("arm-down"));
    const stop = new AbortController();
    clock.setTimer(clock.now() + SECOND, () => stop.abort());
    const read = client.managedInstances.get(resourceGroup, name, { abortSignal: stop.signal });
    const startedAt = clock.now();
    await expect(run(read)).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.now() - startedAt).toBe(SECOND);
  });
});
