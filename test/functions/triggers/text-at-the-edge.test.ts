// A name or a reason is one line of plain text wherever it comes in: what could forge another line of a
// timeline, steer a terminal or turn the direction of a text is refused with the character named.

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type Sites, startSites } from "./sites-under-test.ts";

let sites: Sites;
beforeEach(async () => {
  sites = await startSites();
});

const EXPIRES = "2030-01-01T00:00:00Z";
const BODIES: readonly [route: string, body: Readonly<Record<string, unknown>>, texts: string[]][] =
  [
    ["pause", { group: "orders-fog", reason: "r", owner: "o" }, ["reason", "owner", "group"]],
    ["resume", { group: "orders-fog", reason: "r", owner: "o" }, ["reason", "owner", "group"]],
    [
      "override",
      { group: "orders-fog", guard: "key-unknown", reason: "r", actor: "a", expiresAt: EXPIRES },
      ["reason", "actor", "group"],
    ],
    [
      "override/withdraw",
      { group: "orders-fog", guard: "key-unknown", reason: "r", actor: "a" },
      ["reason", "actor", "group"],
    ],
    [
      "failover/orders-fog",
      { kind: "planned", reason: "r", actor: "a", idempotencyKey: "k" },
      ["reason", "actor", "idempotencyKey"],
    ],
    ["failback/orders-fog", { kind: "planned", reason: "r", actor: "a" }, ["reason", "actor"]],
    ["approve", { token: "t", actor: "a" }, ["actor"]],
    ["deny", { token: "t", actor: "a" }, ["actor"]],
  ];
const CASES = BODIES.flatMap(([route, body, texts]) =>
  texts.map((field) => [route, field, body] as const),
);

describe("a text with a character that is not plain", () => {
  test.each(CASES)("%s: %s", async (route, field, body) => {
    for (const [character, named] of [
      ["\n", "U+000A"],
      ["\r", "U+000D"],
      ["\u0000", "U+0000"],
      ["\u001b", "U+001B"],
      ["\u0085", "U+0085"],
      ["\u2028", "U+2028"],
      ["\u202e", "U+202E"],
      ["\u2066", "U+2066"],
      ["\u200f", "U+200F"],
    ]) {
      const told = await sites.call(route, { body: { ...body, [field]: `ki${character}m` } });
      const atEnd = await sites.call(route, { body: { ...body, [field]: `kim${character}` } });
      expect(atEnd.status, `${field} ${named} at its end`).toBe(400);
      expect([told.status, JSON.stringify(told.json)], `${field} ${named}`).toEqual([
        400,
        expect.stringContaining(`${named}`),
      ]);
    }
  });

  test("is refused whatever it is, and every other text is taken", async () => {
    const { plainText } = await import("../../../functions/http/plain-text.ts");
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), (text) => {
        const bad = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u.test(text);
        fc.pre(text.trim() !== "");
        expect(plainText(200).safeParse(text).success).toBe(!bad);
      }),
      { numRuns: 2_000 },
    );
    expect(plainText(20).parse("  Zoë Müller 木村 ")).toBe("Zoë Müller 木村");
  });
});
