import type { HttpClient } from "@azure/core-rest-pipeline";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyProbe, type KeyProbe } from "../../shared/azure/key-probe.ts";
import { answering, credential, deaf, impatient } from "./answering.ts";
import { anyAnswer } from "./any-answer.ts";
import { recorded, TOKEN, type WireAnswer } from "./arm-wire.ts";

const KEY = "https://kv-orders.vault.azure.net/keys/tde/0123456789abcdef0123456789abcdef";
const challenge = recorded("kv-401-challenge-microsoftonline").answer;
const bundle = recorded("kv-create-key-200").answer;

/** A vault that challenges, then answers each operation as told; it wraps by handing back what it got. */
function vault(answers: {
  readonly key?: WireAnswer;
  readonly wrapkey?: WireAnswer;
  readonly unwrapkey?: WireAnswer;
}) {
  return answering(({ url, headers, body }) => {
    if (!headers.get("authorization")) return challenge;
    const operation = /(unwrapkey|wrapkey)\?/.exec(url)?.[1];
    if (operation === undefined) return answers.key ?? bundle;
    const given: { value: string } = JSON.parse(String(body));
    const echo = { status: 200, body: JSON.stringify({ kid: KEY, value: given.value }) };
    return (operation === "wrapkey" ? answers.wrapkey : answers.unwrapkey) ?? echo;
  });
}

function probe(
  httpClient: HttpClient,
  more: Partial<Parameters<typeof createKeyProbe>[0]> = {},
): Promise<KeyProbe> {
  const resolveName = async () => ["10.1.2.3"];
  const options = { credential, httpClient, resolveName, timeoutMs: 8_000, ...more };
  return createKeyProbe(options)(KEY);
}

describe("this site's own way to a key", () => {
  test("is walked to its end: challenge, key, a remote wrap, unwrap, the same bytes", async () => {
    const { httpClient, sent } = vault({});
    expect(await probe(httpClient)).toEqual({ kind: "reached", address: "private" });
    const operations = sent.map(({ url }) => new URL(url).pathname.split("/").slice(4).join("/"));
    expect(new Set(operations)).toEqual(new Set(["", "wrapkey", "unwrapkey"]));
    for (const { body } of sent) {
      if (typeof body === "string") expect(body).toContain('"alg":"RSA-OAEP-256"');
    }
  });

  test("says when it leads over a public address", async () => {
    const { httpClient } = vault({});
    const resolveName = async () => ["20.50.1.2"];
    expect(await probe(httpClient, { resolveName })).toMatchObject({ address: "public" });
  });

  test.each([
    ["kv-403-access-policy-accessdenied", "get-key", "AccessDenied", true],
    ["kv-403-forbidden-by-connection", "firewall", "ForbiddenByConnection", true],
    ["kv-403-forbidden-by-firewall", "firewall", "ForbiddenByFirewall", true],
    ["kv-403-forbidden-by-rbac", "get-key", "ForbiddenByRbac", true],
    ["kv-404-key-not-found-old-wording", "key-state", "KeyNotFound", true],
    ["gateway-403-html", "get-key", "http-403", false],
  ])("that ends in %s fails at %s with %s", async (file, layer, code, definite) => {
    const { httpClient } = vault({ key: recorded(file).answer });
    expect(await probe(httpClient)).toMatchObject({ kind: "failed", layer, code, definite });
  });

  test.each([
    [429, "Throttled"],
    [503, "ServiceUnavailable"],
    [500, "InternalServerError"],
  ])("that ends in a %i may be open the next time", async (status, code) => {
    const key = { status, body: JSON.stringify({ error: { code, message: "later" } }) };
    const { httpClient } = vault({ key });
    expect(await probe(httpClient)).toMatchObject({ layer: "get-key", code, definite: false });
  });

  test("fails at the operation that is refused, not at the key", async () => {
    const refused = recorded("kv-403-forbidden-by-rbac").answer;
    const wraps = vault({ wrapkey: refused });
    expect(await probe(wraps.httpClient)).toMatchObject({ layer: "wrap", code: "ForbiddenByRbac" });
    const unwraps = vault({ unwrapkey: refused });
    expect(await probe(unwraps.httpClient)).toMatchObject({ layer: "unwrap" });
  });

  test("is not open when what comes back is something else", async () => {
    const unwrapkey = { status: 200, body: JSON.stringify({ kid: KEY, value: "AAAA" }) };
    const { httpClient } = vault({ unwrapkey });
    expect(await probe(httpClient)).toMatchObject({ layer: "unwrap", code: "another-key" });
  });

  test.each([
    ["KeyDisabled", { attributes: { enabled: false } }],
    ["KeyExpired", { attributes: { enabled: true, exp: 1_600_000_000 } }],
    ["KeyNotYetValid", { attributes: { enabled: true, nbf: 4_000_000_000 } }],
    ["KeyLacks unwrapKey", { key: { kid: KEY, kty: "RSA", key_ops: ["wrapKey"] } }],
    ["KeyTypeNotSupported", { key: { kid: KEY, kty: "EC", key_ops: ["wrapKey", "unwrapKey"] } }],
  ])("ends at a key in the state %s, before anything is wrapped", async (code, change) => {
    const whole: object = JSON.parse(bundle.body);
    const key = { status: 200, body: JSON.stringify({ ...whole, ...change }) };
    const { httpClient, sent } = vault({ key });
    expect(await probe(httpClient)).toMatchObject({ layer: "key-state", code, definite: true });
    expect(sent.some(({ url }) => url.includes("wrapkey"))).toBe(false);
  });

  test("ends at a name that does not resolve, and asks nobody", async () => {
    const { httpClient, sent } = vault({});
    const resolveName = async (): Promise<string[]> => {
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    };
    const end = { layer: "dns", code: "ENOTFOUND", definite: false, address: "unknown" };
    expect(await probe(httpClient, { resolveName })).toEqual({ kind: "failed", ...end });
    expect(sent).toEqual([]);
  });

  test("ends at a connection that is reset", async () => {
    const httpClient: HttpClient = {
      sendRequest: () => Promise.reject(Object.assign(new Error("cut"), { code: "ECONNRESET" })),
    };
    expect(await probe(httpClient)).toMatchObject({ layer: "connect", code: "ECONNRESET" });
  });

  test("ends at our own identity when it has no token", async () => {
    const { httpClient } = vault({});
    const none = { getToken: () => Promise.reject(new Error("tenant 4711 is gone")) };
    const end = await probe(httpClient, { credential: none });
    expect(end).toMatchObject({ layer: "identity", code: "no-token", definite: false });
  });

  test("ends in time where nothing answers and nothing hears, and says where it hung", async () => {
    await import("../../shared/azure/key-probe/vault-client.ts");
    const hung = await probe(deaf, { clock: impatient, timeoutMs: 10 });
    expect(hung).toMatchObject({ kind: "failed", code: "timed-out", definite: false });
    const resolveName = () => new Promise<string[]>(() => undefined);
    const nameless = await probe(deaf, { clock: impatient, timeoutMs: 10, resolveName });
    expect(nameless).toMatchObject({ layer: "dns", code: "timed-out" });
  });
});

test.each([
  "https://kv-orders.vault.azure.net.evil.example/keys/tde/1",
  "https://kv-orders.vault.azure.net@evil.example/keys/tde/1",
  "http://kv-orders.vault.azure.net/keys/tde/1",
  "https://kv-orders.vault.azure.net/secrets/tde",
  "no address at all",
])("no token goes to what is no vault: %s", async (uri) => {
  const { httpClient, sent } = vault({});
  const walk = createKeyProbe({ credential, httpClient, timeoutMs: 8_000 });
  expect(await walk(uri)).toMatchObject({ kind: "failed", code: "not-a-vault" });
  expect(sent).toEqual([]);
});

test("whatever a vault answers, the probe ends in a layer and a code, and tells nothing secret", async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer, anyAnswer, async (key, wrapkey) => {
      const first = await probe(vault({ key }).httpClient);
      const second = await probe(vault({ wrapkey }).httpClient);
      for (const end of [first, second]) {
        expect(end.kind).toBe("failed");
        expect(JSON.stringify(end)).not.toContain(TOKEN);
      }
    }),
    { seed: 20261121, numRuns: 150 },
  );
});
