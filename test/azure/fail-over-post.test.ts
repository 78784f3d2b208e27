import { RestError } from "@azure/core-rest-pipeline";
import { afterEach, expect, test, vi } from "vitest";
import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import { adapterOn, ask, neu, recorded, TOKEN, type WireAnswer, weu } from "./arm-wire.ts";

afterEach(() => {
  vi.useRealTimers();
});

function answering(status: number, body = "", headers: Readonly<Record<string, string>> = {}) {
  return (): WireAnswer => ({ status, body, headers });
}

function failing(code: string) {
  return () => {
    throw new RestError("socket trouble at https://management.azure.com/?t=secret", { code });
  };
}

const error = (code: string) => JSON.stringify({ error: { code, message: "as documented" } });

const ONE_POST: ReadonlyArray<
  readonly [what: string, answer: Parameters<typeof adapterOn>[0], outcome: object]
> = [
  [
    "is accepted with both addresses",
    () => recorded("arm-fog-planned-1-post-202").answer,
    { kind: "accepted" },
  ],
  ["is accepted without any", answering(202), { kind: "accepted", ticket: null }],
  ["is accepted without content", answering(204), { kind: "accepted", ticket: null }],
  ["is accepted with garbage", answering(202, "{oops"), { kind: "accepted" }],
  ["gets a server error", answering(500, error("InternalServerError")), { kind: "unanswered" }],
  [
    "was rolled back, says a 500",
    answering(500, error("OperationTimedOut")),
    { kind: "unanswered" },
  ],
  [
    "gets a bad gateway in HTML",
    answering(502, "<html>Bad Gateway</html>"),
    { kind: "unanswered", because: "http-502" },
  ],
  [
    "finds the service unavailable",
    answering(503, error("ServiceUnavailable")),
    { kind: "unanswered" },
  ],
  [
    "is throttled by a 503",
    answering(503, error("TooManyRequests"), { "retry-after": "7" }),
    { kind: "refused", errorClass: "busy", retryAfterMs: 7_000 },
  ],
  [
    "is throttled without a word",
    answering(429),
    { kind: "refused", errorClass: "busy", code: "http-429" },
  ],
  ["is too slow for Azure", answering(408), { kind: "unanswered" }],
  [
    "finds the group busy",
    answering(409, error("InstanceFailoverGroupBusy")),
    { kind: "refused", errorClass: "busy" },
  ],
  [
    "finds it done already",
    answering(400, error("InstanceFailoverGroupNotSecondary")),
    { kind: "refused", errorClass: "already-done" },
  ],
  [
    "is refused with a code nobody knows",
    answering(400, error("BrandNewCode")),
    { kind: "refused", errorClass: "bug", code: "BrandNewCode" },
  ],
  [
    "is sent elsewhere",
    answering(307, "", { location: "https://evil.example/failover" }),
    { kind: "unanswered" },
  ],
  [
    "is sent elsewhere at home",
    answering(307, "", { location: "https://management.azure.com/x" }),
    { kind: "unanswered" },
  ],
  [
    "meets a claims challenge",
    answering(401, error("InvalidAuthenticationToken"), {
      "www-authenticate": 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="',
    }),
    { kind: "refused", errorClass: "unknown" },
  ],
  [
    "loses its connection",
    failing("ECONNRESET"),
    { kind: "unanswered", because: "no-answer (ECONNRESET)" },
  ],
  ["times out on the wire", failing("ETIMEDOUT"), { kind: "unanswered" }],
  ["finds no route", failing("EHOSTUNREACH"), { kind: "unanswered" }],
  [
    "finds no such name",
    failing("ENOTFOUND"),
    { kind: "refused", errorClass: "unknown", code: "ENOTFOUND" },
  ],
  [
    "finds the port shut",
    failing("ECONNREFUSED"),
    { kind: "refused", errorClass: "unknown", code: "ECONNREFUSED" },
  ],
];

test.each(ONE_POST)("a failover that %s is sent once", async (_, answer, outcome) => {
  const { groups, sent } = adapterOn(answer);
  expect(await ask(groups, "fail-over")).toMatchObject(outcome);
  expect(sent.map(({ method }) => method)).toEqual(["POST"]);
});

test("the failover goes to the secondary's own group and region, without a body", async () => {
  const { groups, sent } = adapterOn(answering(202));
  await groups.read("orders-fog", neu);
  await groups.failOver({ group: "orders-fog", from: weu, to: neu, kind: "planned" });
  await groups.failOver({ group: "orders-fog", from: weu, to: neu, kind: "forced" });
  // The SDK makes the address of the read: ours must be that one plus the verb.
  const [read, planned, forced] = sent.map(({ url }) => url.split("?"));
  expect(read?.[0]).toContain(
    "/resourceGroups/rg-neu/providers/Microsoft.Sql/locations/northeurope/",
  );
  expect(planned).toEqual([`${read?.[0]}/failover`, read?.[1]]);
  expect(forced).toEqual([`${read?.[0]}/forceFailoverAllowDataLoss`, read?.[1]]);
  expect(sent[1]?.body).toBeUndefined();
  expect(sent.every(({ timeout }) => timeout === 8_000)).toBe(true);
});

test("no token: nothing is sent, and it is identity trouble, not an outage", async () => {
  const { groups, sent } = adapterOn(answering(202), {
    getToken: () => Promise.reject(new Error(`identity endpoint said ${TOKEN}`)),
  });
  expect(await ask(groups, "fail-over")).toMatchObject({
    kind: "refused",
    errorClass: "unknown",
    code: "identity",
  });
  expect(await ask(groups, "read")).toEqual({ kind: "unknown", because: "identity" });
  expect(await ask(groups, "poll")).toEqual({ kind: "unknown", because: "identity" });
  expect(sent).toEqual([]);
});

test("a token that comes after the deadline sends nothing any more", async () => {
  vi.useFakeTimers();
  const { groups, sent } = adapterOn(answering(202), {
    async getToken() {
      await new Promise((resolve) => setTimeout(resolve, 8_001));
      return { token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
  });
  const answer = ask(groups, "fail-over");
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await answer).toMatchObject({ kind: "refused", code: "identity" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([]);
});

test("a region that never answers ends the call at its deadline: it may have happened", async () => {
  vi.useFakeTimers();
  const { groups, sent } = adapterOn(() => new Promise<never>(() => {}));
  const answers = Promise.all([ask(groups, "fail-over"), ask(groups, "read"), ask(groups, "poll")]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await answers).toEqual([
    { kind: "unanswered", because: "timed-out" },
    { kind: "unknown", because: "timed-out" },
    { kind: "unknown", because: "timed-out" },
  ]);
  expect(sent).toHaveLength(3);
});

test("each subscription has its own address, and the token goes along", async () => {
  const { groups, sent } = adapterOn(answering(202));
  await groups.read("orders-fog", neu);
  await groups.read("orders-fog", {
    ...neu,
    subscriptionId: "99999999-0000-0000-0000-000000000000",
  });
  expect(sent.map(({ url }) => /subscriptions\/(\d)/.exec(url)?.[1])).toEqual(["1", "9"]);
  expect(sent.every(({ headers }) => headers.get("authorization") === `Bearer ${TOKEN}`)).toBe(
    true,
  );
});

test("an endpoint that would show our token to the network is refused at the start", () => {
  const credential = { getToken: async () => null };
  expect(() =>
    createFailoverGroups({ credential, endpoint: "http://localhost:1234", timeoutMs: 1_000 }),
  ).toThrow("Cannot use the endpoint");
});

test.each([
  [{ "retry-after": "5" }, 5_000],
  [{ "retry-after": "86400" }, 60_000],
  [{ "retry-after": "0" }, 1_000],
  [{ "retry-after": "soon" }, 10_000],
  [{ "retry-after-ms": "2500" }, 2_500],
  [
    { date: "Tue, 01 Sep 2026 10:00:00 GMT", "retry-after": "Tue, 01 Sep 2026 10:00:20 GMT" },
    20_000,
  ],
  [{ "retry-after": "Tue, 01 Sep 2026 10:00:20 GMT" }, 10_000],
])("asked to wait by %o we wait %i ms", async (headers, retryAfterMs) => {
  const { groups } = adapterOn(answering(202, "", headers));
  expect(await ask(groups, "fail-over")).toMatchObject({ kind: "accepted", retryAfterMs });
});
