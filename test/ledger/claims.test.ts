// What becomes of a claim once it is sent: how it ends, what stays in doubt, and what may be taken after it.

import { describe, expect, test } from "vitest";
import type { Claim } from "../../shared/domain/claim.ts";
import {
  bookDoubt,
  changeClaim,
  readClaim,
  renewDoubt,
  sendClaim,
  settleClaim,
  spendClaim,
  takeClaim,
} from "../../shared/ledger/claims.ts";
import { moveFence } from "../../shared/ledger/fence.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { damageRow } from "../support/damaged-rows.ts";
import { startLedger } from "../support/ledger-bench.ts";
import { NOW, wanted } from "../support/ledger-rows.ts";
import { GROUP } from "../support/simulated-sites.ts";

const SECOND = 1_000;
const NEXT = { decisionId: "decision-2" };

function startClaims() {
  const { at, run } = startLedger();
  const book = at("neu");
  const claim = async (): Promise<Claim | null> => valueOrNull(await run(readClaim(book)));
  const take = (change = {}, now = NOW) => run(takeClaim(book, wanted(change), now));
  const send = (epoch = 1) => run(sendClaim(book, { epoch, holder: "neu" }, NOW + SECOND));
  const spend = (because: Parameters<typeof spendClaim>[2]["because"], epoch = 1, more = {}) =>
    run(spendClaim(book, epoch, { because, at: NOW + 2 * SECOND, ...more }));
  /** The first claim was sent, accepted, and given up without an answer; a second one stands. */
  const doubt = async (): Promise<void> => {
    await take();
    await send();
    await run(changeClaim(book, 1, (row) => ({ ...row, acceptedAt: NOW + SECOND + 1 })));
    await spend("reconciled-not-moved");
    await take(NEXT, NOW + 3 * SECOND);
  };
  return { book, run, claim, take, send, spend, doubt };
}

describe("a claim that ends", () => {
  test.each(["refused", "not-sent", "expired", "paused", "ended-in-error"] as const)(
    "as %s leaves no doubt behind and owes nothing",
    async (because) => {
      const { take, send, spend, claim } = startClaims();
      await take();
      await send();
      await spend(because);
      expect(await claim()).toMatchObject({
        state: "spent",
        spentBecause: because,
        doubt: null,
        owed: false,
      });
    },
  );

  test("refused: waits its own patience, or as long as Azure asked where that is longer", async () => {
    for (const [retryAfterMs, waits] of [
      [0, 10_000],
      [9_999, 10_000],
      [45_000, 45_000],
    ] as const) {
      const { take, send, spend, claim } = startClaims();
      await take();
      await send();
      await spend("refused", 1, { retryAfterMs });
      const at = NOW + 2 * SECOND;
      expect(await claim()).toMatchObject({ retryNotBefore: at + waits, refusals: 1 });
      expect(await take(NEXT, at + waits - 1)).toBeNull();
      expect(await take(NEXT, at + waits)).toMatchObject({ epoch: 2, refusals: 1 });
    }
  });

  test("without an answer and without effect: once the next may be taken at once, then it waits as after refusals", async () => {
    const { take, spend, claim } = startClaims();
    let at = NOW;
    const waits: number[] = [];
    for (const epoch of [1, 2, 3]) {
      await take({ decisionId: `decision-${epoch}` }, at);
      await spend("reconciled-not-moved", epoch);
      const { spentAt, retryNotBefore } = (await claim()) ?? {};
      waits.push((retryNotBefore ?? 0) - (spentAt ?? 0));
      at = (retryNotBefore ?? 0) + SECOND;
    }
    expect(waits).toEqual([0, 10 * SECOND, 30 * SECOND]);
  });

  test("otherwise than refused: the next may be taken at once, and refusals count anew", async () => {
    const { take, spend, claim } = startClaims();
    await take();
    await spend("refused");
    await take(NEXT, NOW + 12 * SECOND);
    await spend("expired", 2);
    expect(await claim()).toMatchObject({ refusals: 0, retryNotBefore: NOW + 2 * SECOND });
    expect(await take({ decisionId: "decision-3" }, NOW + 2 * SECOND)).toMatchObject({ epoch: 3 });
  });

  test("without a word of Azure has no code, with one it has that", async () => {
    const { take, spend, claim } = startClaims();
    await take();
    await spend("refused", 1, { code: "Busy" });
    expect(await claim()).toMatchObject({ code: "Busy" });
    await take(NEXT, NOW + 12 * SECOND);
    await spend("expired", 2);
    expect(await claim()).toMatchObject({ code: null });
  });

  test("of another epoch is not ended, and nobody's claim ends where there is none", async () => {
    const { take, spend, claim } = startClaims();
    expect(await spend("expired")).toBeNull();
    await take();
    await spend("expired", 2);
    expect(await claim()).toMatchObject({ epoch: 1, state: "intent" });
  });

  test("may be spent by the same decision once: it takes no second one", async () => {
    const { take, spend } = startClaims();
    await take();
    await spend("not-sent");
    expect(await take({}, NOW + 3 * SECOND)).toMatchObject({ epoch: 1, state: "spent" });
    expect(await take(NEXT, NOW + 3 * SECOND)).toMatchObject({ epoch: 2, state: "intent" });
  });
});

test("nobody sends where nothing was claimed", async () => {
  const { send } = startClaims();
  expect(await send()).toBeNull();
});

describe("a request that was given up without an answer", () => {
  test("stays on the row as a doubt: by which decision, since when, and that Azure had accepted it", async () => {
    const { doubt, claim } = startClaims();
    await doubt();
    expect(await claim()).toMatchObject({
      epoch: 2,
      decisionId: "decision-2",
      doubt: {
        incidentId: "inc-1",
        decisionId: "decision-1",
        rule: "primary-lost",
        actor: "geo-failover",
        kind: "forced",
        takenAt: NOW,
        sentAt: NOW + SECOND,
        acceptedAt: NOW + SECOND + 1,
        sinceAt: NOW + 2 * SECOND,
        renewals: 0,
      },
    });
  });

  test("stays in doubt while the request after it is refused", async () => {
    const { doubt, send, spend, claim } = startClaims();
    await doubt();
    await send(2);
    await spend("refused", 2);
    expect(await claim()).toMatchObject({
      spentBecause: "refused",
      doubt: { decisionId: "decision-1" },
    });
  });

  test("is in doubt no more once the roles have moved by the request after it", async () => {
    const { doubt, send, spend, claim } = startClaims();
    await doubt();
    await send(2);
    await spend("moved", 2);
    expect(await claim()).toMatchObject({ decisionId: "decision-2", owed: true, doubt: null });
  });

  test("is followed again where the request after it found something running", async () => {
    const { book, run, doubt, send, claim } = startClaims();
    await doubt();
    await send(2);
    await run(changeClaim(book, 2, (row) => ({ ...row, quietSinceAt: NOW })));
    await run(renewDoubt(book, 2));
    expect(await claim()).toMatchObject({
      epoch: 2,
      state: "sent",
      decisionId: "decision-1",
      acceptedAt: NOW + SECOND + 1,
      renewals: 1,
      quietSinceAt: null,
      doubt: null,
    });
  });

  test("is not followed again where there is none in doubt", async () => {
    const { book, run, take, send, claim } = startClaims();
    await take();
    await send();
    await run(changeClaim(book, 1, (row) => ({ ...row, quietSinceAt: NOW })));
    const before = await claim();
    await run(renewDoubt(book, 1));
    expect(await claim()).toEqual(before);
    expect(before).toMatchObject({ renewals: 0, quietSinceAt: NOW });
  });
});

describe("the roles move while a request is in doubt", () => {
  const BY_US = { by: "us", at: NOW + 60 * SECOND } as const;
  const BY_OTHER = { by: "other", at: NOW + 60 * SECOND } as const;

  test("by it, after the one that followed has ended: it was ours, and what it asks for is owed", async () => {
    const { book, run, doubt, send, spend, claim } = startClaims();
    await doubt();
    await send(2);
    await spend("refused", 2, { code: "Busy" });
    await run(bookDoubt(book, 2, BY_US));
    expect(await claim()).toMatchObject({
      epoch: 2,
      decisionId: "decision-1",
      spentBecause: "moved",
      spentAt: NOW + 60 * SECOND,
      owed: true,
      code: null,
      doubt: null,
    });
  });

  test("by somebody else: the doubt is over, and nothing is owed", async () => {
    const { book, run, doubt, spend, claim } = startClaims();
    await doubt();
    await spend("expired", 2);
    await run(bookDoubt(book, 2, BY_OTHER));
    expect(await claim()).toMatchObject({
      decisionId: "decision-2",
      spentBecause: "roles-moved-by-other",
      owed: false,
      doubt: null,
    });
  });

  test("while another claim is open: that one is left alone", async () => {
    const { book, run, doubt, claim } = startClaims();
    await doubt();
    const before = await claim();
    await run(bookDoubt(book, 2, BY_US));
    await run(bookDoubt(book, 2, BY_OTHER));
    expect(await claim()).toEqual(before);
  });

  test("of a claim that is not the newest: nothing is booked", async () => {
    const { book, run, doubt, spend, claim } = startClaims();
    await doubt();
    await spend("expired", 2);
    const newest = await claim();
    await run(bookDoubt(book, 1, BY_US));
    await run(bookDoubt(book, 3, BY_OTHER));
    expect(await claim()).toEqual(newest);
  });

  test("while none is in doubt: nothing is booked", async () => {
    const { book, run, take, spend, claim } = startClaims();
    await run(bookDoubt(book, 1, BY_US));
    expect(await claim()).toBeNull();
    await take();
    await spend("expired");
    const first = await claim();
    await run(bookDoubt(book, 1, BY_US));
    expect(await claim()).toEqual(first);
  });
});

describe("a fence", () => {
  test("cannot be told to have moved while the claim cannot be read, nor while its store is silent", async () => {
    const { world, at, run, silence } = startLedger();
    expect(await run(moveFence(at("neu"), NOW))).toBe("clear");
    damageRow(world, "neu", { group: GROUP, kind: "claim", id: "newest" }, "garbage");
    expect(await run(moveFence(at("neu"), NOW))).toBe("unknown");
    silence("weu");
    expect(await run(moveFence(at("weu"), NOW))).toBe("unknown");
  });
});

describe("what a move by a claim asks for", () => {
  test("is owed until it is written down, and then another may be taken", async () => {
    const { book, run, take, send, spend, claim } = startClaims();
    await take();
    await send();
    await spend("moved");
    expect(await take(NEXT, NOW + 60 * SECOND)).toBeNull();
    await run(settleClaim(book, 2));
    expect(await claim()).toMatchObject({ owed: true });
    await run(settleClaim(book, 1));
    expect(await claim()).toMatchObject({ owed: false, spentBecause: "moved" });
    expect(await take(NEXT, NOW + 60 * SECOND)).toMatchObject({ epoch: 2 });
  });

  test("is settled once: settling again, or where nothing was claimed, writes nothing", async () => {
    const { book, run, take, send, spend } = startClaims();
    await run(settleClaim(book, 1));
    await take();
    await send();
    await spend("moved");
    await run(settleClaim(book, 1));
    const once = await run(readClaim(book));
    await run(settleClaim(book, 1));
    expect(await run(readClaim(book))).toEqual(once);
  });
});

test("a claim goes on from intent to spent, never back, and never to another epoch than the next", async () => {
  const { book, run, take, claim } = startClaims();
  await take();
  const skips = changeClaim(book, 1, (row) => ({ ...row, epoch: row.epoch + 2 }));
  await expect(run(skips)).rejects.toThrow("epochs only grow: 1 intent to 3 intent");
  await run(changeClaim(book, 1, (row) => ({ ...row, ticket: "poll-here" })));
  expect(await claim()).toMatchObject({ state: "intent", ticket: "poll-here" });
});
