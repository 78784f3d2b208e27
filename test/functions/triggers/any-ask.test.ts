// Messages of one ask go out from two motors that do not see each other, in whatever order and with whatever each saw in
// the way; then somebody answers one of them.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { GuardId } from "../../../shared/domain/guard.ts";
import type { Ask } from "../../../shared/domain/person.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { approvalsIn, asksIn, openAsk, settleAsk } from "../../../shared/ledger/people.ts";
import { digestOf } from "../../../shared/text/digest.ts";
import { ask } from "../../support/ledger-rows.ts";
import { ORDERS, startSites } from "./sites-under-test.ts";

const anyMessage = fc.record({
  version: fc.integer({ min: 1, max: 2 }),
  guards: fc.constantFrom<GuardId[]>(["cooldown"], ["key-unknown"], ["cooldown", "key-unknown"]),
  lossAtMostMs: fc.constantFrom(30_000, 60_000, null),
  /** Written to the store of the target first, or alone, or to the other one alone. */
  stores: fc.constantFrom<readonly string[]>(["neu", "weu"], ["weu", "neu"], ["neu"], ["weu"]),
});

const anyLife = fc.record({
  messages: fc.array(anyMessage, { minLength: 2, maxLength: 4 }),
  answered: fc.nat(),
  /** What became of the ask before it is answered. */
  before: fc.constantFrom<Ask["answer"]>("none", "none", "none", "denied"),
});

test("an ask answered at any instant of its life is taken or told what is new, and accepts only what its message showed", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(anyLife, async ({ messages, answered, before }) => {
      const sites = await startSites();
      const { both, target } = sites.neu.app.stores.of(ORDERS);
      for (const [nth, { stores, ...shown }] of messages.entries()) {
        const row = ask({ ...shown, tokenHashes: [digestOf(`token-${nth}`)] });
        const books = both("home").filter(({ site }) => stores.includes(site));
        for (const book of books) await sites.run(openAsk(book, row));
      }
      const kept = asksIn(await sites.run(readLive(target("home"))))[0];
      if (before !== "none" && kept !== undefined) {
        for (const book of both("home")) {
          await sites.run(settleAsk(book, kept, { answer: before, at: sites.clock.now() }));
        }
      }
      const message = messages[answered % messages.length];
      const body = { token: `token-${answered % messages.length}`, actor: "kim" };
      const { status, json } = await sites.call("approve", { body });
      const rows = await sites.run(readLive(target("home")));
      const [approval] = approvalsIn(rows, "inc-1", sites.clock.now());
      expect([202, 409, 404]).toContain(status);
      if (status === 409) expect(json.newGuards ?? json.title).toBeDefined();
      if (approval !== undefined && message !== undefined) {
        taken += 1;
        expect(message.guards).toEqual(expect.arrayContaining([...approval.guards]));
        expect(approval.lossAtMostMs ?? Infinity).toBeLessThanOrEqual(
          message.lossAtMostMs ?? Infinity,
        );
      }
      expect((await sites.call("deny", { body })).status).toBe(status === 404 ? 404 : 200);
    }),
    { numRuns: 25, seed: 20260115 },
  );
  expect(taken).toBeGreaterThan(5);
});
