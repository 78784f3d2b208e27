import { expect, test, vi } from "vitest";

// Read by the SDK when it is first imported: everything it can log, it will.
vi.hoisted(() => {
  process.env.AZURE_LOG_LEVEL = "verbose";
});

import { adapterOn, neu, operationUrl, recorded, TOKEN, weu } from "./arm-wire.ts";

const accepted = recorded("arm-lro-signed-urls-1-delete-202").answer;
const signed = recorded("arm-lro-signed-urls-2-poll-failed-200");
const done = { status: 200, body: '{"status":"Succeeded"}' };

test("the signed address is kept and asked byte for byte, once", async () => {
  const { groups, sent } = adapterOn(({ method }) => (method === "POST" ? accepted : done));
  const post = await groups.failOver({ group: "orders-fog", from: weu, to: neu, kind: "forced" });
  const pollUrl = post.kind === "accepted" ? (post.ticket ?? "") : "";
  expect(pollUrl).toBe(accepted.headers?.["azure-asyncoperation"]);
  expect(pollUrl.length).toBeGreaterThan(3_000);
  expect(await groups.poll({ to: neu, ticket: pollUrl })).toEqual({ kind: "succeeded" });
  expect(sent[1]?.url).toBe(pollUrl);
  expect(sent[1]?.requestOverrides).toBeUndefined();
  expect(sent).toHaveLength(2);
});

test("characters that URL parsers rewrite go over the wire as they were given", async () => {
  const { groups, sent } = adapterOn(() => done);
  const pollUrl = `${operationUrl}&b=2&a=1&s='x'%2f+%20%7E`;
  await groups.poll({ to: neu, ticket: pollUrl });
  expect(sent[0]?.url).toBe(pollUrl);
  expect(sent[0]?.requestOverrides).toEqual({
    path: pollUrl.replace("https://management.azure.com", ""),
  });
});

test.each([
  "https://management.azure.com.evil.example/subscriptions/1?t=1",
  "https://management.azure.com@evil.example/subscriptions/1?t=1",
  "https://evil.example\\@management.azure.com/subscriptions/1",
  "https://management.azure.com:444/subscriptions/1",
  "https://management.azure.com:99999/subscriptions/1",
  "http://management.azure.com/subscriptions/1",
  "/subscriptions/1",
  "https://",
  "",
])("our token does not go to %s", async (pollUrl) => {
  const { groups, sent } = adapterOn(() => done);
  expect(await groups.poll({ to: neu, ticket: pollUrl })).toEqual({
    kind: "unknown",
    because: "foreign-poll-url",
  });
  expect(sent).toEqual([]);
});

test("an address of another host is not handed on to be polled", async () => {
  const headers = { "azure-asyncoperation": "https://evil.example/op?t=1", location: operationUrl };
  const { groups } = adapterOn(() => ({ status: 202, headers, body: "" }));
  const post = await groups.failOver({ group: "orders-fog", from: weu, to: neu, kind: "planned" });
  expect(post).toMatchObject({ kind: "accepted", ticket: operationUrl });
});

test("neither log nor outcome shows a signature or a token, whatever goes wrong", async () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const pollUrl = `${accepted.headers?.["azure-asyncoperation"]}&q='`;
  const leak = `see ${pollUrl} or ${pollUrl.slice(300)} with Bearer ${TOKEN} <b>now</b>`;
  const bodies = [
    signed.answer.body,
    JSON.stringify({ status: "Failed", error: { code: leak, message: leak } }),
    JSON.stringify({ status: leak }),
    leak,
  ];
  const outcomes: unknown[] = [];
  for (const body of bodies) {
    for (const status of [200, 400, 403, 409, 429, 500]) {
      const { groups } = adapterOn(({ method }) =>
        method === "POST" ? { ...accepted, status, body } : { status, body },
      );
      const post = await groups.failOver({
        group: "orders-fog",
        from: weu,
        to: neu,
        kind: "forced",
      });
      outcomes.push({ ...post, ticket: null }, await groups.poll({ to: neu, ticket: pollUrl }));
    }
  }
  const { groups } = adapterOn(() => Promise.reject(new Error(leak)));
  outcomes.push(await groups.poll({ to: neu, ticket: pollUrl }));
  spy.mockRestore();

  const query = new URL(pollUrl).searchParams;
  const secrets = [query.get("s"), query.get("c")?.slice(0, 40), query.get("h"), TOKEN];
  const shown = JSON.stringify(outcomes) + written.join("");
  expect(secrets.every((secret) => secret)).toBe(true);
  expect(secrets.filter((secret) => shown.includes(secret ?? ""))).toEqual([]);
});
