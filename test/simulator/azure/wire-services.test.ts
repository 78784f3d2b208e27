// The services beside Resource Manager, as bytes: their shapes against what was recorded.

import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { createWire } from "../../../simulator/azure/wire.ts";
import { recorded } from "../../azure/arm-wire.ts";
import { createLab, fault, home, MINUTE, sites } from "../../contract/world-under-test.ts";

const KEY = "https://kv-orders-fog.vault.azure.net/keys/tde/0123456789abcdef0123456789abcdef";
const authorized = { authorization: "Bearer simulated" };

interface Subject {
  readonly method?: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

async function ask(
  lab: ReturnType<typeof createLab>,
  { method = "GET", url, headers = {}, body }: Subject,
) {
  const request = createPipelineRequest({ method, url, headers: createHttpHeaders(headers) });
  if (body !== undefined) request.body = JSON.stringify(body);
  const answer = await lab.run(createWire(lab.world, sites.neu).sendRequest(request));
  const json: object = JSON.parse(answer.bodyAsText ?? "{}");
  return { status: answer.status, headers: answer.headers, json };
}

/** Names and kinds of everything in a value, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([name, held]) => [name, shapeOf(held)]));
}

const recordedShape = (file: string): unknown => shapeOf(JSON.parse(recorded(file).answer.body));

describe("the vault", () => {
  test("challenges whoever comes without a token, as a vault does", async () => {
    const answer = await ask(createLab(), { url: KEY });
    const told = recorded("kv-401-challenge-microsoftonline").answer;
    expect(answer.status).toBe(told.status);
    expect(shapeOf(answer.json)).toEqual(recordedShape("kv-401-challenge-microsoftonline"));
    const challenge =
      /^Bearer authorization="https:\/\/[^"]+", resource="https:\/\/vault.azure.net"$/;
    expect(answer.headers.get("www-authenticate")).toMatch(challenge);
    expect(told.headers?.["www-authenticate"]).toMatch(challenge);
  });

  test("shows a key with what may be done with it", async () => {
    const { json } = await ask(createLab(), { url: KEY, headers: authorized });
    expect(shapeOf(json)).toMatchObject({
      key: { kid: "string", kty: "string", key_ops: ["string"], n: "string", e: "string" },
      attributes: { enabled: "boolean", created: "number", recoveryLevel: "string" },
    });
    expect(recordedShape("kv-create-key-200")).toMatchObject({
      key: { kid: "string", kty: "string", key_ops: ["string"] },
    });
  });

  test("wraps, and unwraps only what it has wrapped", async () => {
    const lab = createLab();
    const operate = (operation: string, value: string) =>
      ask(lab, {
        method: "POST",
        url: `${KEY}/${operation}`,
        headers: authorized,
        body: { alg: "RSA-OAEP-256", value },
      });
    const wrapped = await operate("wrapkey", "AAEC");
    expect(shapeOf(wrapped.json)).toEqual(recordedShape("kv-key-operation-200"));
    const value = "value" in wrapped.json ? String(wrapped.json.value) : "";
    expect(value).not.toBe("AAEC");
    expect(await operate("unwrapkey", value)).toMatchObject({ json: { value: "AAEC" } });
    expect(await operate("unwrapkey", "AAEC")).toMatchObject({ status: 400 });
  });

  test("refuses with an inner code, and knows no other key", async () => {
    const value = "ForbiddenByRbac";
    const lab = createLab([fault("platform-advice", { source: "key-vault-probe", value })]);
    const refused = await ask(lab, { url: KEY, headers: authorized });
    expect(shapeOf(refused.json)).toEqual(recordedShape("kv-403-forbidden-by-rbac"));
    const missing = KEY.replace("tde", "other");
    const unknown = await ask(createLab(), { url: missing, headers: authorized });
    expect(shapeOf(unknown.json)).toEqual(recordedShape("kv-404-key-not-found-old-wording"));
  });
});

describe("the token endpoint", () => {
  const machine = {
    url: "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F",
    headers: { metadata: "true" },
  };
  const appService = {
    url: "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F",
    headers: { "x-identity-header": "simulated" },
  };

  test("of a machine gives a token whose numbers are strings", async () => {
    const { json } = await ask(createLab(), machine);
    expect(shapeOf(json)).toEqual(recordedShape("identity-imds-200"));
  });

  test("of App Service gives one too, and fails in its own shape", async () => {
    const up = await ask(createLab(), appService);
    expect(up.json).toMatchObject({ access_token: "simulated-token-of-neu" });
    const down = createLab([fault("identity-down", { tokenGoodFor: MINUTE })]);
    await down.pass(2 * MINUTE);
    const failed = await ask(down, appService);
    expect(failed.status).toBe(500);
    expect(shapeOf(failed.json)).toEqual(recordedShape("identity-app-service-500"));
  });

  test("gives nothing to whoever lacks the header", async () => {
    expect(await ask(createLab(), { url: machine.url })).toMatchObject({ status: 400 });
    expect(await ask(createLab(), { url: appService.url })).toMatchObject({ status: 400 });
  });
});

describe("what Resource Manager carries for others", () => {
  test("Resource Health answers with the fields of a status", async () => {
    const url = `https://management.azure.com${home.id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current?api-version=2022-10-01`;
    const { json } = await ask(createLab(), { url, headers: authorized });
    const fields = JSON.parse(recorded("health-availability-status-unavailable").answer.body);
    expect(Object.keys(json)).toEqual(Object.keys(fields));
    const known = new Set(Object.keys(fields.properties));
    const said = "properties" in json ? Object.keys(Object(json.properties)) : [];
    expect(said.filter((name) => !known.has(name))).toEqual([]);
  });

  test.each([
    [
      "Resource Health",
      `${home.id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    ],
    [
      "the activity log",
      `/subscriptions/${home.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`,
    ],
  ])("%s answers nobody without a token", async (_, path) => {
    const answer = await ask(createLab(), { url: `https://management.azure.com${path}` });
    expect(answer.status).toBe(401);
  });
});

test("a host that is not in this world does not resolve", async () => {
  const url = "https://api.example.net/";
  await expect(ask(createLab(), { url })).rejects.toMatchObject({ code: "ENOTFOUND" });
});
