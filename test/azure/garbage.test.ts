import fc from "fast-check";
import { expect, test } from "vitest";
import { presentable } from "../../shared/azure/presentable.ts";
import { adapterOn, ask, recorded, type WireAnswer } from "./arm-wire.ts";

const group = recorded("arm-fog-planned-0-get-secondary-side-before").answer.body;

const body = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json(),
  fc.constantFrom("", "null", "[]", "{}", '""', "\uFEFF{}", "<html></html>", group.slice(0, 200)),
  fc
    .record(
      {
        status: fc.oneof(
          fc.constantFrom("Succeeded", "Failed", "InProgress", "Sleeping"),
          fc.anything(),
        ),
        id: fc.oneof(fc.string(), fc.anything()),
        error: fc.oneof(
          fc.string(),
          fc.anything(),
          fc.record({ code: fc.anything(), details: fc.anything() }),
        ),
        properties: fc.oneof(fc.anything(), fc.record({ replicationRole: fc.anything() })),
      },
      { requiredKeys: [] },
    )
    .map(
      (value) => JSON.stringify(value, (_, held) => (typeof held === "bigint" ? 0 : held)) ?? "",
    ),
);
const answer: fc.Arbitrary<WireAnswer> = fc.record({
  status: fc.oneof(
    fc.integer({ min: 100, max: 599 }),
    fc.constantFrom(200, 202, 204, 400, 404, 409, 503),
  ),
  headers: fc.dictionary(
    fc.constantFrom("content-type", "retry-after", "location", "azure-asyncoperation", "date"),
    fc.constantFrom(
      "text/html",
      "application/json",
      "application/xml",
      "-1",
      "x",
      "https://",
      "https://a/b",
    ),
  ),
  body,
});

const says = (text: string, word: string) => text.toLowerCase().includes(word);

test("whatever comes back, every call ends in a word of ours, and success is never made up", async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const { groups, sent } = adapterOn(() => given);
      const ok = given.status >= 200 && given.status <= 299;

      const post = await ask(groups, "fail-over");
      expect(post.kind === "accepted").toBe(ok);
      if (given.status >= 500 && post.kind !== "unanswered") {
        expect(post).toMatchObject({ kind: "refused", code: "TooManyRequests" });
      }
      const poll = await ask(groups, "poll");
      if (poll.kind === "succeeded") expect(ok && says(given.body, '"succeeded"')).toBe(true);
      if (poll.kind === "running") expect(ok).toBe(true);
      const read = await ask(groups, "read");
      if (read.kind === "read")
        expect(given.status === 200 && says(given.body, "properties")).toBe(true);
      expect(sent).toHaveLength(3);
    }),
    { seed: 20260901, numRuns: 500 },
  );
});

test.each([
  [
    "a group without properties",
    { name: "orders-fog" },
    { kind: "unknown", because: "not-a-group" },
  ],
  [
    "a group with nothing in it",
    { properties: {} },
    { kind: "read", role: "unknown", failoverPolicy: "unknown" },
  ],
  ["a role nobody knows", { properties: { replicationRole: "Witness" } }, { role: "unknown" }],
  [
    "a role that is no word",
    { properties: { replicationRole: { primary: true } } },
    { role: "unknown" },
  ],
  [
    "a state nobody knows",
    { properties: { replicationState: "HIBERNATING" } },
    { replication: { kind: "other", said: "HIBERNATING" } },
  ],
  [
    "an empty state",
    { properties: { replicationState: "" } },
    { replication: { kind: "other", said: "no word" } },
  ],
  [
    "no state",
    { properties: { replicationState: null } },
    { replication: { kind: "other", said: "no word" } },
  ],
  [
    "a policy nobody knows",
    { properties: { readWriteEndpoint: { failoverPolicy: "Maybe" } } },
    { failoverPolicy: "automatic" },
  ],
  [
    "pairs that are no list",
    { properties: { managedInstancePairs: "two" } },
    { primaryInstanceId: null },
  ],
  [
    "an empty list of pairs",
    { properties: { managedInstancePairs: [] } },
    { primaryInstanceId: null },
  ],
  [
    "a partner region that is null",
    { properties: { replicationRole: "Primary", partnerRegions: [null] } },
    { role: "primary" },
  ],
])("a reading with %s is a reading with an unknown, or none", async (_, given, outcome) => {
  const { groups } = adapterOn(() => ({ status: 200, body: JSON.stringify(given) }));
  expect(await ask(groups, "read")).toMatchObject(outcome);
});

test.each([
  ["Succeeded", "succeeded"],
  ["succeeded", "succeeded"],
  ["Running", "running"],
  ["Failed", "failed"],
  ["Canceled", "failed"],
  ["Cancelled", "failed"],
  ["Hibernating", "unknown"],
])("a poll that says %s is %s", async (status, kind) => {
  const { groups } = adapterOn(() => ({ status: 200, body: JSON.stringify({ status }) }));
  expect(await ask(groups, "poll")).toMatchObject({ kind });
});

test("a poll of a result still runs while it is a 202, and has no end in an error page", async () => {
  const { groups } = adapterOn(() => ({ status: 202, body: "" }));
  expect(await ask(groups, "poll-result")).toMatchObject({ kind: "running" });
  const { groups: behindAnEdge } = adapterOn(() => ({ status: 200, body: "<html>Sign in</html>" }));
  expect(await ask(behindAnEdge, "poll-result")).toEqual({ kind: "unknown", because: "no-status" });
});

test("a text passed on is short, of one line, and without markup", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5_000 }), (text) => {
      const shown = presentable(text);
      expect(shown.length).toBeLessThanOrEqual(300);
      expect(shown).not.toMatch(/[\n\r\t]|<\w+>/);
    }),
    { seed: 20260901 },
  );
});
