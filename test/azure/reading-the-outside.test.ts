// What the outside says is not yet so: lists with trouble in them, codes that nobody knows, claims beside
// their own contradiction, numbers that are none.

import { VirtualClock } from "functions-host/clock";
import { describe, expect, test } from "vitest";
import { createActivityLog } from "../../shared/azure/activity-log.ts";
import { createInstanceKeys } from "../../shared/azure/instances/instance-keys.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { createKeyPath } from "../../shared/azure/key-path.ts";
import { vaultCode } from "../../shared/azure/key-probe/vault-refusal.ts";
import { readArmError } from "../../shared/azure/read-arm-error.ts";
import { answering, credential, ok, orders } from "./answering.ts";
import { adapterOn, ask, asOf, neu, operationUrl, recorded, type WireAnswer } from "./arm-wire.ts";

const clock = new VirtualClock(Date.UTC(2026, 8, 1));
const error = (code: string) => JSON.stringify({ error: { code, message: "as told" } });
const posted = (answer: WireAnswer) => ask(adapterOn(() => answer).groups, "fail-over");

describe("a list", () => {
  const over = (body: object) => {
    const { httpClient } = answering(() => ok(body));
    return { credential, httpClient, timeoutMs: 8_000, clock };
  };
  const lists: readonly (readonly [string, (body: object) => Promise<unknown>])[] = [
    ["of operations", (body) => createInstances(over(body)).runningOperation(neu)],
    ["of closed databases", (body) => createInstances(over(body)).inaccessibleDatabases(neu)],
    ["of keys", (body) => createInstanceKeys(over(body)).registered(neu)],
  ];

  test.each(lists)("%s that is longer than any is too long", async (_, read) => {
    const entry = { properties: { state: "Succeeded", status: "Online", serverKeyType: "x" } };
    const tooLong = { kind: "unknown", because: "list-too-long" };
    expect(await read({ value: Array(130_000).fill(0) })).toEqual(tooLong);
    expect(await read({ value: Array(5_000).fill(entry) })).toEqual(tooLong);
  });

  test("of the activity log that is longer than any is unknown, and throws nothing", async () => {
    const activity = createActivityLog({ ...over({ value: Array(130_000).fill(0) }), ownIds: [] });
    expect(await activity(orders, 60_000)).toEqual({ kind: "unknown", because: "list-too-long" });
  });

  test.each(lists)("%s whose next page is no address is not whole", async (_, read) => {
    const incomplete = { kind: "unknown", because: "list-incomplete" };
    for (const nextLink of [5, true, {}, ["https://management.azure.com/x"]]) {
      expect(await read({ value: [], nextLink })).toEqual(incomplete);
    }
  });

  test.each(lists)("%s with an error beside it is not whole", async (_, read) => {
    const incomplete = { kind: "unknown", because: "list-incomplete" };
    expect(await read({ value: [], error: { code: "PartialContent" } })).toEqual(incomplete);
    expect(await read({ value: [], Error: "x" })).toEqual(incomplete);
  });

  test.each(lists)(
    "%s with nothing where the next page and the error stand is whole",
    async (_, read) => {
      const whole = { value: [], nextLink: null, error: null };
      expect(await read(whole)).not.toMatchObject({ kind: "unknown" });
      expect(await read({ value: [], nextLink: "" })).not.toMatchObject({ kind: "unknown" });
    },
  );
});

describe("a request that is refused with a code nobody knows", () => {
  test.each([409, 423, 429, 503])("by %i is to wait as long as it is told", async (status) => {
    const body = error("OperationNotAllowed");
    const refused = { kind: "refused", errorClass: "busy", code: "OperationNotAllowed" };
    const told = (seconds: string) => posted({ status, body, headers: { "retry-after": seconds } });
    expect(await told("30")).toMatchObject({ ...refused, retryAfterMs: 30_000 });
    expect(await told("420")).toMatchObject({ ...refused, retryAfterMs: 420_000 });
    expect(await told("86400")).toMatchObject({ ...refused, retryAfterMs: 600_000 });
  });

  test("by a 503 that says no time may have happened", async () => {
    expect(await posted({ status: 503, body: error("NewTrouble") })).toMatchObject({
      kind: "unanswered",
    });
  });

  test.each([400, 404, 405, 412, 422])("by %i waits as for a fault of ours", async (status) => {
    expect(await posted({ status, body: error("BrandNewCode") })).toMatchObject({
      kind: "refused",
      errorClass: "bug",
      code: "BrandNewCode",
    });
  });

  test("has its known code believed, whatever the status", async () => {
    expect(await posted({ status: 409, body: error("ScopeLocked") })).toMatchObject({
      errorClass: "page-a-human",
    });
    expect(await posted({ status: 400, body: error("InstanceFailoverGroupBusy") })).toMatchObject({
      errorClass: "busy",
    });
  });
});

describe("the end of an operation", () => {
  const polled = (call: "poll" | "poll-result", body: object) =>
    ask(adapterOn(() => ok(body)).groups, call);

  test.each(["poll", "poll-result"] as const)(
    "%s: a success beside an error is none",
    async (call) => {
      const unknown = { kind: "unknown", because: "contradicts-itself" };
      const failed = { code: "PlannedFailoverTimedOut", message: "it did not" };
      expect(await polled(call, { status: "Succeeded", error: failed })).toEqual(unknown);
      expect(await polled(call, { status: "Succeeded", error: "it did not" })).toEqual(unknown);
      expect(await polled(call, { status: "Succeeded", Error: failed })).toEqual(unknown);
      expect(await polled(call, { status: "Succeeded", error: null })).toEqual({
        kind: "succeeded",
      });
    },
  );

  test("an id and nothing else is no result", async () => {
    const noStatus = { kind: "unknown", because: "no-status" };
    expect(await polled("poll-result", { id: "/subscriptions/1/x" })).toEqual(noStatus);
    expect(await polled("poll-result", { id: "/x", properties: {} })).toEqual(noStatus);
    const group = JSON.parse(recorded("arm-fog-planned-4-location-result-200").answer.body);
    expect(await polled("poll-result", group)).toEqual({ kind: "succeeded" });
    expect(await polled("poll-result", { ...group, error: { code: "X" } })).toEqual({
      kind: "unknown",
      because: "contradicts-itself",
    });
  });
});

describe("an address to poll", () => {
  const location = operationUrl.replace("op-1", "op-2");
  const ticketOf = (headers: Readonly<Record<string, string>>) =>
    posted({ status: 202, body: "", headers });

  test("that comes twice is the first, joined as the wire joins them", async () => {
    const twice = `${operationUrl}, ${operationUrl.replace("op-1", "op-3")}`;
    expect(await ticketOf({ "azure-asyncoperation": twice, location })).toMatchObject({
      ticket: operationUrl,
    });
    expect(await ticketOf({ location: `${location}, ${location}` })).toMatchObject({
      ticket: location,
    });
  });

  test("whose first is somebody else's is the other header's, or none", async () => {
    const foreign = `https://evil.example/x, ${operationUrl}`;
    expect(await ticketOf({ "azure-asyncoperation": foreign, location })).toMatchObject({
      ticket: location,
    });
    expect(await ticketOf({ "azure-asyncoperation": foreign })).toMatchObject({ ticket: null });
  });

  test("with a comma of its own stays as it is", async () => {
    const own = `${operationUrl}&s=a,b, c`.replace(" c", "c");
    expect(await ticketOf({ "azure-asyncoperation": own })).toMatchObject({ ticket: own });
  });

  test("a wait that comes twice is the first", async () => {
    const headers = { "retry-after": "20, 30" };
    expect(await posted({ status: 202, body: "", headers })).toMatchObject({
      retryAfterMs: 20_000,
    });
  });
});

test.each(["ForbiddenByFirewall", "ForbiddenByConnection", "ForbiddenByRbac"])(
  "a vault's %s is understood though its JSON is cut off",
  (inner) => {
    const body = JSON.stringify({ error: { code: "Forbidden", innererror: { code: inner } } });
    for (const cut of [1, 2, 3]) expect(vaultCode(body.slice(0, -cut))).toBe(inner);
    expect(vaultCode(`<html>${inner}</html>`)).toBe(inner);
    expect(vaultCode("<html>Forbidden</html>")).toBeNull();
  },
);

test("a code of Resource Manager that has a row is understood though its JSON is cut off", () => {
  const body = error("AuthorizationFailed");
  expect(readArmError({ status: 403, bodyText: body.slice(0, -1) }).code).toBe(
    "AuthorizationFailed",
  );
  const own = error("SomethingNew").slice(0, -1);
  expect(readArmError({ status: 403, bodyText: own }).code).toBeNull();
});

test.each([401, 403])(
  "a check of the key that ends in %i with the instance's code denies",
  async (status) => {
    const protector = asOf(
      `${neu.id}/encryptionProtector/current`,
      recorded("arm-mi-encryption-protector-customer-key").answer,
    );
    const { httpClient } = answering(({ method }) =>
      method === "GET" ? protector : { status, body: error("AzureKeyVaultMissingPermissions") },
    );
    const keyPath = createKeyPath({ credential, httpClient, timeoutMs: 8_000 });
    expect(await keyPath.start(neu)).toEqual({
      kind: "answered",
      answer: { kind: "denied", code: "AzureKeyVaultMissingPermissions" },
    });
  },
);
