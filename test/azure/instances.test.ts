import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createInstanceKeys } from "../../shared/azure/instances/instance-keys.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { answering, credential, deaf, impatient, ok } from "./answering.ts";
import { anyAnswer } from "./any-answer.ts";
import { asOf, neu, recorded, TOKEN, type WireAnswer } from "./arm-wire.ts";

function instancesOn(answer: Parameters<typeof answering>[0]) {
  const { httpClient, sent } = answering(answer);
  return { instances: createInstances({ credential, httpClient, timeoutMs: 8_000 }), sent };
}
const instancesAnswered = (file: string) =>
  instancesOn(() => asOf(neu.id, recorded(file).answer)).instances;

describe("an instance as it was recorded", () => {
  test("is Ready, with tier, size, storage and zone", async () => {
    const reading = await instancesAnswered("arm-mi-get-gp-with-private-endpoints").read(neu);
    expect(reading).toEqual({
      kind: "read",
      state: { kind: "ready", said: "Ready" },
      tier: "GeneralPurpose",
      vCores: 4,
      storageGb: 672,
      dnsZone: "ac72dfdc4647",
      region: "westcentralus",
      fqdn: "mi-primary-wcus.ac72dfdc4647.database.windows.net",
      databaseFormat: null,
    });
  });

  test("that is being scaled has a running operation, whatever ended before", async () => {
    const reading = await instancesAnswered("arm-mi-operations-list-scaling").runningOperation(neu);
    expect(reading).toEqual({
      kind: "running",
      what: "scale",
      said: "UpsertManagedServer",
      startedAt: Date.parse("2020-08-30T22:58:20.85Z"),
    });
  });

  test("with a database closed for its key names the database and denies", async () => {
    const { instances } = instancesOn(
      () => recorded("spec-mi-databases-list-one-inaccessible").answer,
    );
    expect(await instances.inaccessibleDatabases(neu)).toEqual({
      kind: "read",
      databases: [{ name: "testdb3", reason: "key-denied" }],
    });
  });

  test("protects with a customer's key, and lists its keys with thumbprints", async () => {
    const protector = keysOn("arm-mi-encryption-protector-customer-key");
    expect(await protector.protector(neu)).toEqual({
      kind: "customer-managed",
      keyUri:
        "https://sqltdebyok000003.vault.azure.net/keys/sqltdebyok000004/951ca8f9bf00493ca26b554cbfebd152",
    });
    expect(await keysOn("spec-mi-keys-list").registered(neu)).toMatchObject({
      kind: "read",
      keys: [
        { thumbprint: "00112233445566778899AABBCCDDEEFFAABBCCDD" },
        { thumbprint: "AAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBB" },
      ],
    });
  });

  function keysOn(file: string) {
    const id = `${neu.id}/encryptionProtector/current`;
    const { httpClient } = answering(() => asOf(id, recorded(file).answer));
    return createInstanceKeys({ credential, httpClient, timeoutMs: 8_000 });
  }
});

test("the update policy, which the SDK's model drops, is read from the body", async () => {
  const body = { properties: { state: "Ready", databaseFormat: "AlwaysUpToDate" } };
  const { instances, sent } = instancesOn(() => ok(body));
  expect(await instances.read(neu)).toMatchObject({ databaseFormat: "AlwaysUpToDate" });
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET https://management.azure.com${neu.id}?api-version=2025-01-01`,
  ]);
});

describe("a running operation", () => {
  const operation = (state: string, operation = "UpsertManagedServer") => ({
    properties: { operation, state },
  });

  test.each([
    ["Pending", { kind: "running" }],
    ["CancelInProgress", { kind: "running" }],
    ["Succeeded", { kind: "none" }],
    ["Cancelled", { kind: "none" }],
    ["Sleeping", { kind: "running", said: "UpsertManagedServer (Sleeping)" }],
  ])("in state %s is told as it is", async (state, reading) => {
    const { instances } = instancesOn(() => ok({ value: [operation(state)] }));
    expect(await instances.runningOperation(neu)).toMatchObject(reading);
  });

  test("is not our own check of the key", async () => {
    const check = operation("InProgress", "ValidateAzureKeyVaultEncryptionKey");
    const { instances } = instancesOn(() => ok({ value: [check] }));
    expect(await instances.runningOperation(neu)).toEqual({ kind: "none" });
  });

  test("is found on a later page", async () => {
    const nextLink = "https://management.azure.com/next?page=2";
    const { instances } = instancesOn(({ url }) =>
      url === nextLink
        ? ok({ value: [operation("InProgress")] })
        : ok({ value: [operation("Succeeded")], nextLink }),
    );
    expect(await instances.runningOperation(neu)).toMatchObject({ kind: "running" });
  });

  test("cannot be ruled out where a page is missing, and no token follows a foreign link", async () => {
    const { instances, sent } = instancesOn(() =>
      ok({ value: [], nextLink: "https://management.azure.com.evil.example/next" }),
    );
    expect(await instances.runningOperation(neu)).toMatchObject({ kind: "unknown" });
    expect(sent).toHaveLength(1);
  });

  test("cannot be ruled out in a list that never ends, which is not read for ever", async () => {
    const { instances, sent } = instancesOn(() =>
      ok({ value: [], nextLink: "https://management.azure.com/next" }),
    );
    expect(await instances.runningOperation(neu)).toMatchObject({ kind: "unknown" });
    expect(sent).toHaveLength(5);
  });
});

test.each([
  ["AkvKeyTimeout", "TransparentDataEncryption", "key-unreachable"],
  ["AzureKeyVaultMissingPermissions", "TransparentDataEncryption", "key-denied"],
  ["1", "TransparentDataEncryption", "key-denied"],
  ["AkvKeyTimeout", "SomethingElse", "other"],
])("a database closed with %s for %s is %s", async (code, why, reason) => {
  const extendedAccessibilityInfo = {
    inaccessibilityReasonKind: why,
    inaccessibilityReasonErrorCode: code,
  };
  const properties = { status: "Inaccessible", extendedAccessibilityInfo };
  const { instances } = instancesOn(() => ok({ value: [{ name: "orders", properties }] }));
  expect(await instances.inaccessibleDatabases(neu)).toMatchObject({ databases: [{ reason }] });
});

test.each([
  ["arm-401-expired-token", "identity"],
  ["arm-403-authorization-failed-gateway", "http-403 (AuthorizationFailed)"],
  ["arm-404-instance-not-found-gateway", "http-404 (ResourceNotFound)"],
  ["arm-504-gateway-timeout", "http-504 (GatewayTimeout)"],
  ["gateway-403-html", "http-403"],
])("%s is unknown, whatever was asked", async (file, because) => {
  const instances = instancesAnswered(file);
  const unknown = { kind: "unknown", because };
  expect(await instances.read(neu)).toEqual(unknown);
  expect(await instances.runningOperation(neu)).toEqual(unknown);
  expect(await instances.inaccessibleDatabases(neu)).toEqual(unknown);
});

test("where nothing answers and nothing hears, every call still ends", async () => {
  const instances = createInstances({
    credential,
    httpClient: deaf,
    timeoutMs: 10,
    clock: impatient,
  });
  expect(await instances.read(neu)).toMatchObject({ kind: "unknown" });
  expect(await instances.runningOperation(neu)).toMatchObject({ kind: "unknown" });
  expect(await instances.inaccessibleDatabases(neu)).toMatchObject({ kind: "unknown" });
});

test("whatever comes back, a reading is made of nothing but a 200 of the right kind", async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, async (given: WireAnswer) => {
      const { instances } = instancesOn(() => given);
      const readings = [
        await instances.read(neu),
        await instances.runningOperation(neu),
        await instances.inaccessibleDatabases(neu),
      ];
      for (const reading of readings) {
        if (reading.kind !== "unknown") expect(given.status).toBe(200);
        expect(JSON.stringify(reading)).not.toContain(TOKEN);
      }
    }),
    { seed: 20261121, numRuns: 300 },
  );
});
