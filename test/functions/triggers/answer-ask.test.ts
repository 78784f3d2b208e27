import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ask } from "../../../shared/domain/person.ts";
import type { Book } from "../../../shared/ledger/book.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { approvalsIn, asksIn, openAsk, settleAsk } from "../../../shared/ledger/people.ts";
import { MINUTE, ORDERS, type Sites, startSites, type Told } from "./sites-under-test.ts";

let sites: Sites;
let weu: Book;
let neu: Book;

beforeEach(async () => {
  sites = await startSites();
  const [target, other] = sites.neu.app.stores.of(ORDERS).both("home");
  if (target === undefined || other === undefined) throw new Error("no stores");
  [neu, weu] = [target, other];
});

const TOKEN = "a-token-used-once";

function ask(change: Partial<Ask> = {}): Ask {
  return {
    id: "incident-1~question~1",
    incidentId: "incident-1",
    purpose: "fail-over",
    expectedPrimary: "home",
    kind: "forced",
    diagnosis: "regional-loss",
    guards: ["loss-over-budget"],
    lossAtMostMs: 60_000,
    version: 1,
    older: [],
    unwantedSinceAt: null,
    tokenHashes: [createHash("sha256").update(TOKEN).digest("hex")],
    askedAt: sites.clock.now(),
    answer: "none",
    answeredAt: null,
    ...change,
  };
}

const settle = (book: Book, answer: Ask["answer"]) =>
  sites.run(settleAsk(book, ask(), { answer, at: sites.clock.now() }));

async function asked(change: Partial<Ask> = {}, stores = [neu, weu]): Promise<void> {
  for (const store of stores) await sites.run(openAsk(store, ask(change)));
}

function answer(path: "approve" | "deny", token = TOKEN): Promise<Told> {
  return sites.call(path, { body: { token, actor: "ada@example.net" } });
}

async function approvals(book: Book) {
  return approvalsIn(await sites.run(readLive(book)), "incident-1", sites.clock.now());
}

async function answers(book: Book): Promise<readonly string[]> {
  return asksIn(await sites.run(readLive(book))).map((one) => one.answer);
}

describe("approving", () => {
  test("writes an approval bound to the ask into both regions and uses the token up", async () => {
    await asked();
    const told = await answer("approve");
    expect([told.status, told.json.missingAt]).toEqual([202, []]);
    for (const store of [neu, weu]) {
      expect(await approvals(store)).toEqual([
        {
          askId: "incident-1~question~1",
          incidentId: "incident-1",
          purpose: "fail-over",
          expectedPrimary: "home",
          kind: "forced",
          diagnosis: "regional-loss",
          guards: ["loss-over-budget"],
          lossAtMostMs: 60_000,
          actor: { name: "ada@example.net", proof: "claimed" },
          approvedAt: expect.any(Number),
          expiresAt: expect.any(Number),
        },
      ]);
      expect(await answers(store)).toEqual(["approved"]);
    }
    expect(told.text).not.toContain(TOKEN);
    expect(told.text).not.toContain(ask().tokenHashes[0] ?? "");
    expect(sites.world.record.posts).toEqual([]);
  });

  test("twice is 409 the second time, and one approval", async () => {
    await asked();
    await answer("approve");
    expect((await answer("approve")).status).toBe(409);
    expect(await approvals(neu)).toHaveLength(1);
  });

  test("and denying at the same moment: a yes lifts the no, or the no hears that it came too late", async () => {
    await asked();
    const body = { token: TOKEN, actor: "ada" };
    const told = await sites.callAll([
      ["approve", { body }],
      ["deny", { body }],
    ]);
    expect(told[0]?.status).toBe(202);
    expect([200, 409]).toContain(told[1]?.status);
    expect(await approvals(neu)).toHaveLength(1);
    expect(await answers(neu)).toEqual(["approved"]);
  });

  test("without the primary region's store is accepted and says so", async () => {
    await asked();
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const told = await answer("approve");
    expect([told.status, told.json.missingAt]).toEqual([202, ["weu"]]);
    expect(await approvals(neu)).toHaveLength(1);
  });

  test("without the target's store is 503, and the token is good afterwards", async () => {
    await asked();
    sites.world.inject({ fault: "store-down", at: 0, for: MINUTE, site: "neu" });
    expect((await answer("approve")).status).toBe(503);
    await sites.clock.runUntil(sites.clock.now() + 2 * MINUTE);
    expect((await answer("approve")).status).toBe(202);
  });

  test("an ask that only the other region holds is found and settled in the target", async () => {
    await asked({}, [weu]);
    expect((await answer("approve")).status).toBe(202);
    expect(await answers(neu)).toEqual(["approved"]);
    expect(await approvals(neu)).toHaveLength(1);
  });

  test("again after we fell over between settling and approving finishes the work", async () => {
    await asked();
    await settle(neu, "approved");
    expect((await answer("approve")).status).toBe(202);
    expect(await approvals(neu)).toHaveLength(1);
    expect((await answer("approve")).status).toBe(409);
  });
});

test("denying settles the ask and approves nothing; a later yes takes it back, and nothing takes back the yes", async () => {
  await asked();
  expect((await answer("deny")).status).toBe(200);
  expect(await answers(neu)).toEqual(["denied"]);
  expect((await answer("deny")).status).toBe(409);
  expect(await approvals(neu)).toEqual([]);
  expect((await answer("approve")).status).toBe(202);
  expect(await approvals(neu)).toHaveLength(1);
  expect((await answer("deny")).status).toBe(409);
  expect(await answers(neu)).toEqual(["approved"]);
});

test("an ask that nobody has answered for a day is answered like a young one", async () => {
  await asked();
  await sites.clock.runUntil(sites.clock.now() + 24 * 60 * MINUTE);
  expect((await answer("approve")).status).toBe(202);
  expect(await approvals(neu)).toHaveLength(1);
});

describe("an ask of which a newer version was sent", () => {
  const newer = (change: Partial<Ask> = {}): Ask =>
    ask({
      version: 2,
      guards: ["cooldown", "loss-over-budget"],
      lossAtMostMs: 300_000,
      tokenHashes: [createHash("sha256").update("newer").digest("hex")],
      ...change,
    });

  test.each(["approve", "deny"] as const)(
    "%s with an older token is 409 and says what is new; with the newest it is taken, with all it shows",
    async (path) => {
      await asked();
      for (const store of [neu, weu]) await sites.run(openAsk(store, newer()));
      const told = await answer(path);
      expect([told.status, told.json.newGuards]).toEqual([409, ["cooldown"]]);
      expect(told.text).toContain("cooldown, a loss of up to 5 min");
      expect(await answers(neu)).toEqual(["none"]);
      expect((await answer(path, "newer")).status).toBe(path === "approve" ? 202 : 200);
      const { guards, lossAtMostMs } = newer();
      const approved = path === "approve" ? [{ guards, lossAtMostMs }] : [];
      expect(await approvals(neu)).toMatchObject(approved);
    },
  );

  test("says that nobody knows the loss any more", async () => {
    await asked();
    await sites.run(openAsk(neu, newer({ lossAtMostMs: null })));
    expect((await answer("approve")).text).toContain("a loss that nobody knows");
  });

  test("which one store has missed: the newest counts, and is answered where acting reads it", async () => {
    await asked();
    await sites.run(openAsk(weu, newer()));
    expect((await answer("approve")).status).toBe(409);
    expect((await answer("approve", "newer")).status).toBe(202);
    expect(await approvals(neu)).toMatchObject([{ guards: newer().guards }]);
  });
});

describe("a token that is no longer good", () => {
  test("a withdrawn one is 410", async () => {
    await asked();
    await settle(neu, "withdrawn");
    expect((await answer("approve")).status).toBe(410);
  });

  test("one that was answered in one region only counts as answered", async () => {
    await asked();
    await settle(weu, "denied");
    expect((await answer("deny")).status).toBe(409);
    expect(await approvals(neu)).toEqual([]);
  });

  test.each(["", "guess", "a-token-used-onc", `${TOKEN} `, "x".repeat(501)])(
    "%j belongs to no ask",
    async (token) => {
      await asked();
      expect([400, 404]).toContain((await answer("approve", token)).status);
      expect(await answers(neu)).toEqual(["none"]);
    },
  );

  test("the kept hash itself is no token", async () => {
    await asked();
    expect((await answer("approve", ask().tokenHashes[0] ?? "")).status).toBe(404);
  });

  test("is not called unknown while a store that may hold it is away", async () => {
    sites.world.inject({ fault: "store-down", at: 0, site: "weu" });
    const told = await answer("approve", "guess");
    expect([told.status, told.json.silentAt]).toEqual([503, ["weu"]]);
  });
});

test.each([
  [{ token: TOKEN }, "actor"],
  [{ actor: "ada" }, "token"],
  [{ token: TOKEN, actor: "ada", tokn: 1 }, "write token"],
  [{ token: null, actor: null }, "token"],
])("%j is 400 and says %s", async (body, says) => {
  await asked();
  const told = await sites.call("approve", { body });
  expect(told.status).toBe(400);
  expect(told.text).toContain(says);
  expect(await answers(neu)).toEqual(["none"]);
});
