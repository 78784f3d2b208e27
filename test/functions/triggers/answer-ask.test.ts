import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ask } from "../../../shared/domain/person.ts";
import type { Book } from "../../../shared/ledger/book.ts";
import { readLive } from "../../../shared/ledger/live-rows.ts";
import { approvalsIn, asksIn, openAsk, settleAsk } from "../../../shared/ledger/people.ts";
import { standingApprovals } from "../../../shared/policy/evidence/find-denial.ts";
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
    takesBack: [],
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

  test("and denying at the same moment: both are taken, and every store keeps the one that came last", async () => {
    await asked();
    const body = { token: TOKEN, actor: "ada" };
    const told = await sites.callAll([
      ["approve", { body }],
      ["deny", { body }],
    ]);
    expect(told.map(({ status }) => status)).toEqual([202, 200]);
    const asks = asksIn(await sites.run(readLive(neu)));
    const stands = standingApprovals(await approvals(neu), asks).length === 1;
    expect([asks[0]?.answer, stands]).toEqual(stands ? ["approved", true] : ["denied", false]);
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

test("of yes and no the last one stands: a no is taken whenever it comes, and a yes takes it back", async () => {
  await asked();
  const stands = async () => {
    const rows = await sites.run(readLive(neu));
    return standingApprovals(await approvals(neu), asksIn(rows)).length === 1;
  };
  expect((await answer("deny")).status).toBe(200);
  expect(await answers(neu)).toEqual(["denied"]);
  expect(await approvals(neu)).toEqual([]);
  expect([(await answer("approve")).status, await stands()]).toEqual([202, true]);
  expect((await answer("approve")).status).toBe(409);
  expect([(await answer("deny")).status, await stands()]).toEqual([200, false]);
  expect((await answer("deny")).status).toBe(200);
  for (const store of [neu, weu]) expect(await answers(store)).toEqual(["denied"]);
  await sites.clock.runUntil(sites.clock.now() + 20 * MINUTE);
  expect([(await answer("approve")).status, await stands()]).toEqual([202, true]);
});

test("a no has one name in every store: a yes takes it back whichever of them was quick to answer", async () => {
  await asked();
  expect((await answer("deny")).status).toBe(200);
  const first = asksIn(await sites.run(readLive(neu)))[0]?.answeredAt;
  const second = asksIn(await sites.run(readLive(weu)))[0]?.answeredAt;
  expect(first).toBeGreaterThan(0);
  expect(second).toBe(first);
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

  test("approving with an older token is 409 and says what is new; with the newest it is taken, with all it shows", async () => {
    await asked();
    for (const store of [neu, weu]) await sites.run(openAsk(store, newer()));
    const told = await answer("approve");
    expect([told.status, told.json.newGuards]).toEqual([409, ["cooldown"]]);
    expect(told.text).toContain("cooldown, a loss of up to 5 min");
    expect(await answers(neu)).toEqual(["none"]);
    expect((await answer("approve", "newer")).status).toBe(202);
    const { guards, lossAtMostMs } = newer();
    expect(await approvals(neu)).toMatchObject([{ guards, lossAtMostMs }]);
  });

  test.each([TOKEN, "newer"])(
    "is denied with the token %s, whoever has not got the newest",
    async (token) => {
      await asked();
      for (const store of [neu, weu]) await sites.run(openAsk(store, newer()));
      expect((await answer("deny", token)).status).toBe(200);
      for (const store of [neu, weu]) expect(await answers(store)).toEqual(["denied"]);
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

describe("an ask that another one of its incident has replaced", () => {
  beforeEach(async () => {
    await asked();
    await settle(neu, "withdrawn");
    const diagnosis = { diagnosis: "trouble", lossAtMostMs: 300_000 } as const;
    const id = { id: "incident-1~question~2", askedAt: sites.clock.now() + 1 };
    const tokenHashes = [createHash("sha256").update("other").digest("hex")];
    await asked({ ...diagnosis, ...id, tokenHashes });
  });

  test("approving is 409 and says what is asked now", async () => {
    const told = await answer("approve");
    expect([told.status, told.json.diagnosis, told.json.newGuards]).toEqual([409, "trouble", []]);
    expect(told.text).toContain("what is wrong is trouble");
    expect(await approvals(neu)).toEqual([]);
    expect((await answer("approve", "other")).status).toBe(202);
  });

  test("denying is a no to what is asked now", async () => {
    expect((await answer("deny")).status).toBe(200);
    expect(await answers(neu)).toEqual(["denied", "withdrawn"]);
  });
});

describe("of two messages of one version, each told by a motor of its own", () => {
  test.each<[string, Partial<Ask>, number]>([
    ["less", { guards: [] }, 409],
    ["less of the loss", { lossAtMostMs: 30_000 }, 409],
    ["more", { guards: ["cooldown", "loss-over-budget"], lossAtMostMs: null }, 202],
  ])("the one that showed %s accepts nothing that it did not show", async (_, other, status) => {
    const tokenHashes = [createHash("sha256").update("other").digest("hex")];
    await asked({ ...other, tokenHashes }, [weu]);
    await asked({}, [neu]);
    // Each then tells the other store.
    await asked({}, [weu]);
    await asked({ ...other, tokenHashes }, [neu]);
    const { guards, lossAtMostMs } = ask();
    expect((await answer("approve", "other")).status).toBe(status);
    const accepted = status === 202 ? [{ guards, lossAtMostMs }] : [];
    expect(await approvals(neu)).toMatchObject(accepted);
    if (status === 409) expect((await answer("approve")).status).toBe(202);
  });
});

describe("a token that is no longer good", () => {
  test.each(["approve", "deny"] as const)(
    "%s with one of an incident that is over is 410",
    async (path) => {
      await asked();
      await settle(neu, "withdrawn");
      expect((await answer(path)).status).toBe(410);
    },
  );

  test("one that was denied in one region only counts as denied there, and is denied everywhere", async () => {
    await asked();
    await settle(weu, "denied");
    expect((await answer("deny")).status).toBe(200);
    for (const store of [neu, weu]) expect(await answers(store)).toEqual(["denied"]);
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
