import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyPath } from "../../shared/azure/key-path.ts";
import type { KeyDoubt } from "../../shared/domain/facts.ts";
import type { KeyCheck } from "../../shared/ports/key-path.ts";
import { answering, credential, deaf, impatient } from "./answering.ts";
import { anyAnswer } from "./any-answer.ts";
import { asOf, neu, recorded, TOKEN, type WireAnswer } from "./arm-wire.ts";

const protector = asOf(
  `${neu.id}/encryptionProtector/current`,
  recorded("arm-mi-encryption-protector-customer-key").answer,
);
const accepted = recorded("spec-mi-validate-key-202").answer;
const operationUrl =
  "https://management.azure.com/subscriptions/1/providers/Microsoft.Sql/locations/northeurope/managedInstanceAzureAsyncOperation/check-1?api-version=2025-01-01&t=1&s=signature";
const resultUrl = operationUrl.replace("AzureAsyncOperation", "OperationResults");

function keyPathOn(answer: Parameters<typeof answering>[0]) {
  const { httpClient, sent } = answering(answer);
  return { keyPath: createKeyPath({ credential, httpClient, timeoutMs: 8_000 }), sent };
}
/** A customer's key, and this answer to the check of it. */
const checked = (answer: WireAnswer) =>
  keyPathOn(({ method }) => (method === "GET" ? protector : answer));
const polled = (answer: WireAnswer, url = operationUrl): Promise<KeyCheck> =>
  keyPathOn(() => answer).keyPath.poll(neu, url);
const error = (status: number, code: string): WireAnswer => ({
  status,
  body: JSON.stringify({ error: { code, message: "as told" } }),
});

const proven = { kind: "answered", answer: { kind: "proven" } };
const denied = (code: string) => ({ kind: "answered", answer: { kind: "denied", code } });
const unsure = (because: string, reason: KeyDoubt) => ({
  kind: "answered",
  answer: { kind: "unknown", reason, because },
});

describe("a check of the secondary's key", () => {
  test("asks for the live protector, then has the instance try that very key", async () => {
    const { keyPath, sent } = checked(accepted);
    expect(await keyPath.start(neu)).toMatchObject({ kind: "running", retryAfterMs: 10_000 });
    const base = `https://management.azure.com${neu.id}`;
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${base}/encryptionProtector/current?api-version=2025-01-01`,
      `POST ${base}/validateAzureKeyVaultEncryptionKey?api-version=2025-01-01`,
    ]);
    expect(sent[1]?.body).toBe(
      '{"tdeKeyUri":"https://sqltdebyok000003.vault.azure.net/keys/sqltdebyok000004/951ca8f9bf00493ca26b554cbfebd152"}',
    );
  });

  test("is not needed where the key is Microsoft's, and then asks nothing of the instance", async () => {
    const body = JSON.stringify({ properties: { serverKeyType: "ServiceManaged" } });
    const { keyPath, sent } = keyPathOn(() => ({ status: 200, body }));
    expect(await keyPath.start(neu)).toEqual({ kind: "answered", answer: { kind: "not-needed" } });
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
  });

  test.each([
    ["a kind of key nobody knows", { serverKeyType: "Quantum" }, "unknown-key-type"],
    ["no address", { serverKeyType: "AzureKeyVault" }, "no-key-uri"],
    ["a strange address", { serverKeyType: "AzureKeyVault", uri: "http://x/keys/k" }, "no-key-uri"],
  ])("with %s is not begun", async (_, properties, because) => {
    const body = JSON.stringify({ properties });
    const { keyPath, sent } = keyPathOn(() => ({ status: 200, body }));
    expect(await keyPath.start(neu)).toEqual({ kind: "unanswered", because });
    expect(sent).toHaveLength(1);
  });

  test.each([
    ["an empty 200", { status: 200, body: "" }, proven],
    ["a 200 with an empty object", { status: 200, body: "{}" }, proven],
    ["a page", { status: 200, body: "<html>Sign in</html>" }, { kind: "unanswered" }],
    ["a 202 that says where to ask nowhere", { status: 202, body: "" }, { kind: "unanswered" }],
    ["a 204", { status: 204, body: "" }, { kind: "unanswered" }],
  ])("answered at once with %s", async (_, answer, check) => {
    expect(await checked(answer).keyPath.start(neu)).toMatchObject(check);
  });
});

const SAID_NO = [
  "AkvKeyAccessDenied",
  "AkvKeyAccessGeneral403",
  "AkvKeyDeleted",
  "AkvKeyDisabled",
  "AkvKeyOperationNotAllowed",
  "AkvKeyOperationNotAllowedByFirewall",
  "AkvKeyOperationNotAllowedByRBAC",
  "AzureKeyVaultInvalidExpirationDate",
  "AzureKeyVaultKeyDisabled",
  "AzureKeyVaultMissingPermissions",
  "AzureKeyVaultNoServerIdentity",
  "SecurityInvalidAzureKeyVaultRecoveryLevel",
  "UmiMissingAkvPermissions",
];
const DOES_NOT_KNOW = [
  [400, "AkvKeyDNS"],
  [400, "AkvHostNotResolvingFromNode"],
  [400, "AkvKeyTimeout"],
  [400, "AkvEndpointNotReachableFromNode"],
  [503, "AzureKeyVaultConnectionFailed"],
  [503, "AzureKeyVaultGenericConnectionError"],
  [500, "OperationTimedOut"],
] as const;

describe("the instance's word", () => {
  test.each(SAID_NO)("%s denies, at once or at the end", async (code) => {
    expect(await checked(error(400, code)).keyPath.start(neu)).toEqual(denied(code));
    const failed = { status: "Failed", error: { code, message: "no" } };
    expect(await polled({ status: 200, body: JSON.stringify(failed) })).toEqual(denied(code));
    expect(await polled(error(400, code), resultUrl)).toEqual(denied(code));
  });

  test.each(DOES_NOT_KNOW)(
    "%i %s is an answer, but neither proof nor denial",
    async (status, code) => {
      const unreached = unsure(code, "unreachable");
      expect(await checked(error(status, code)).keyPath.start(neu)).toEqual(unreached);
      const failed = { status: "Failed", error: { code, message: "?" } };
      expect(await polled({ status: 200, body: JSON.stringify(failed) })).toEqual(unreached);
    },
  );

  test("a missing key denies though it comes as a conflict", async () => {
    const code = "AzureKeyVaultKeyNameNotFound";
    expect(await checked(error(409, code)).keyPath.start(neu)).toEqual(denied(code));
  });

  test.each([404, 429, 500, 503])(
    "a denial in a %i, where none belongs, ends a proof but does not deny",
    async (status) => {
      const check = await checked(error(status, "AkvKeyAccessDenied")).keyPath.start(neu);
      expect(check).toEqual(unsure("AkvKeyAccessDenied", "no-permission"));
    },
  );

  test.each([
    [
      "Failed for a reason of its own",
      { status: "Failed", error: { code: "InternalServerError" } },
    ],
    ["Canceled", { status: "Canceled" }],
    ["Succeeded with an error", { status: "Succeeded", error: { code: "AkvKeyDeleted" } }],
  ])("an operation that is %s is an answer, but neither proof nor denial", async (_, body) => {
    const check = await polled({ status: 200, body: JSON.stringify(body) });
    expect(check).toMatchObject({ kind: "answered", answer: { kind: "unknown" } });
  });
});

describe("no word of the instance", () => {
  test.each([
    "arm-401-expired-token",
    "arm-403-authorization-failed-gateway",
    "arm-404-instance-not-found-gateway",
    "arm-429-subscription-requests-throttled",
    "arm-500-internal-with-location",
    "arm-504-gateway-timeout",
    "gateway-403-html",
  ])("%s leaves an earlier proof as it was", async (file) => {
    const { answer } = recorded(file);
    expect(await checked(answer).keyPath.start(neu)).toMatchObject({ kind: "unanswered" });
    expect(await polled(answer)).toMatchObject({ kind: "unanswered" });
    expect(await polled(answer, resultUrl)).toMatchObject({ kind: "unanswered" });
    const { keyPath } = keyPathOn(() => answer);
    expect(await keyPath.start(neu)).toMatchObject({ kind: "unanswered" });
  });

  test("a poll of anybody else's host is not sent", async () => {
    const { keyPath, sent } = keyPathOn(() => ({ status: 200, body: "" }));
    const foreign = operationUrl.replace("azure.com", "azure.com.evil.example");
    expect(await keyPath.poll(neu, foreign)).toMatchObject({ kind: "unanswered" });
    expect(sent).toEqual([]);
  });

  test("where nothing answers and nothing hears, both calls still end", async () => {
    const options = { credential, httpClient: deaf, timeoutMs: 10, clock: impatient };
    const keyPath = createKeyPath(options);
    expect(await keyPath.start(neu)).toEqual({ kind: "unanswered", because: "timed-out" });
    expect(await keyPath.poll(neu, operationUrl)).toMatchObject({ kind: "unanswered" });
  });
});

test("a running check is polled at the address it was given, byte for byte", async () => {
  const { keyPath, sent } = keyPathOn(() => ({ status: 200, body: '{"status":"InProgress"}' }));
  const check = await keyPath.poll(neu, operationUrl);
  expect(check).toMatchObject({ kind: "running", ticket: operationUrl });
  expect(sent[0]?.url).toBe(operationUrl);
});

test("an end told by the operation or by its empty result is a proof", async () => {
  expect(await polled({ status: 200, body: '{"status":"Succeeded"}' })).toEqual(proven);
  expect(await polled({ status: 200, body: "" }, resultUrl)).toEqual(proven);
  expect(await polled({ status: 202, body: "" }, resultUrl)).toMatchObject({ kind: "running" });
  expect(await polled({ status: 200, body: "" })).toMatchObject({ kind: "unanswered" });
});

test("whatever comes back, proof and denial are never made up, and nothing secret is told", async () => {
  const says = (body: string, word: string) => body.toLowerCase().includes(word);
  await fc.assert(
    fc.asyncProperty(anyAnswer, fc.boolean(), async (given, result) => {
      const url = result ? resultUrl : operationUrl;
      for (const check of [await checked(given).keyPath.start(neu), await polled(given, url)]) {
        const { body, status } = given;
        if (check.kind === "answered" && check.answer.kind === "proven") {
          expect(status).toBe(200);
          expect(["", "{}"].includes(body.trim()) || says(body, '"succeeded"')).toBe(true);
        }
        if (check.kind === "answered" && check.answer.kind === "denied") {
          expect([200, 400, 409]).toContain(status);
          expect(says(body, "akvkeyaccessdenied")).toBe(true);
        }
        if (check.kind !== "running") {
          expect(JSON.stringify(check)).not.toContain("signature");
          expect(JSON.stringify(check)).not.toContain(TOKEN);
        }
      }
    }),
    { seed: 20261121, numRuns: 400 },
  );
});
