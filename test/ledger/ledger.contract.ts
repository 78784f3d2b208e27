// What the ledger promises on top of any store that keeps ETag conditions. Two handles on the same
// store stand for two sites.

import { expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import type { Book } from "../../shared/ledger/book.ts";
import {
  changeClaim,
  readClaim,
  sendClaim,
  spendClaim,
  takeClaim,
} from "../../shared/ledger/claims.ts";
import { moveFence } from "../../shared/ledger/fence.ts";
import { beat, seeOthers } from "../../shared/ledger/heartbeats.ts";
import { changeIncident, openIncident, openIncidentIn } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { liftPause, pausesIn, writePause } from "../../shared/ledger/pauses.ts";
import {
  addApproval,
  approvalsIn,
  keepCall,
  openAsk,
  settleAsk,
} from "../../shared/ledger/people.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { changeRow } from "../../shared/ledger/rows.ts";

import { approval, call } from "../support/facts.ts";
import { ask, COUNTER, NOW, suspicion, wanted } from "../support/ledger-rows.ts";

const REPORT = { groups: [], unreadable: [] };

export interface LedgerUnderTest {
  /** The same store, as two sites reach it. */
  readonly here: Book;
  readonly there: Book;
  /** Lets the work end, whatever time it takes. */
  run<T>(work: Promise<T>): Promise<T>;
}

const GROUP = "orders-fog";

async function pausesAt(book: Book, now: number) {
  return pausesIn([await readLive(book)], now).standing;
}

const FIRST = { epoch: 1, holder: "neu" };

/** The fence. */
export function describeClaims(start: () => LedgerUnderTest): void {
  test("two decisions race for a claim: one gets it", async () => {
    const { here, there, run } = start();
    const both = await run(
      Promise.all([
        takeClaim(here, wanted(), NOW),
        takeClaim(there, wanted({ decisionId: "decision-2", holder: "sec" }), NOW),
      ]),
    );
    expect(both.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test("the same decision takes its claim twice: it is one claim", async () => {
    const { here, there, run } = start();
    const both = await run(
      Promise.all([takeClaim(here, wanted(), NOW), takeClaim(there, wanted(), NOW)]),
    );
    expect(both.map((claim) => claim?.epoch)).toEqual([1, 1]);
  });

  test("two runs race to send one claim: one may", async () => {
    const { here, there, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    const both = await run(
      Promise.all([sendClaim(here, FIRST, NOW), sendClaim(there, FIRST, NOW)]),
    );
    expect(both.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test("one run sends while another spends: sent or spent first, never sent after it was spent", async () => {
    const { here, there, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    const [sent] = await run(
      Promise.all([
        sendClaim(here, FIRST, NOW),
        spendClaim(there, 1, { because: "not-sent", at: NOW }),
      ]),
    );
    const claim = valueOrNull(await run(readClaim(here)));
    expect(claim?.state).toBe("spent");
    expect(claim?.sentAt === null).toBe(sent === null);
  });

  test.each([
    ["at its last instant: may be sent", 30_000, true],
    ["a millisecond later: may not", 30_001, false],
  ])("a claim %s", async (_says, afterMs, may) => {
    const { here, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    expect((await run(sendClaim(here, FIRST, NOW + afterMs))) !== null).toBe(may);
  });

  test.each([
    ["of another epoch", { ...FIRST, epoch: 2 }],
    ["held by another site", { ...FIRST, holder: "sec" }],
  ])("a claim %s is not ours to send", async (_says, work) => {
    const { here, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    expect(await run(sendClaim(here, work, NOW))).toBeNull();
  });

  test.each(["intent", "sent"] as const)("no second claim while one is at %s", async (state) => {
    const { here, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    if (state === "sent") await run(sendClaim(here, FIRST, NOW));
    const second = takeClaim(here, wanted({ decisionId: "decision-2" }), NOW + 60_000);
    expect(await run(second)).toBeNull();
  });

  test("a spent claim makes room for the next epoch, and stays as it was", async () => {
    const { here, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    await run(
      spendClaim(here, 1, {
        because: "refused",
        at: NOW + 1,
        code: "Busy",
      }),
    );
    await run(spendClaim(here, 1, { because: "moved", at: NOW + 2 }));
    await run(changeClaim(here, 1, (claim) => ({ ...claim, state: "sent" })));
    expect(valueOrNull(await run(readClaim(here)))).toMatchObject({
      state: "spent",
      spentBecause: "refused",
      spentAt: NOW + 1,
      code: "Busy",
    });
    const second = wanted({ decisionId: "decision-2" });
    const next = await run(takeClaim(here, second, NOW + 10_001));
    expect(next).toMatchObject({ epoch: 2, state: "intent", code: null });
    expect(await run(sendClaim(here, FIRST, NOW + 10_002))).toBeNull();
  });

  test("refused again and again: 10 s, 30 s, 1, 2, 5 and 5 minutes until the next claim", async () => {
    const { here, run } = start();
    let now = NOW;
    for (const [at, seconds] of [10, 30, 60, 120, 300, 300].entries()) {
      const take = (when: number) =>
        run(takeClaim(here, wanted({ decisionId: `decision-${at}` }), when));
      expect(await take(now)).toMatchObject({ epoch: at + 1 });
      await run(spendClaim(here, at + 1, { because: "refused", at: now }));
      const early = wanted({ decisionId: `too-early-${at}` });
      now += seconds * 1_000;
      expect(await run(takeClaim(here, early, now - 1))).toBeNull();
    }
    const other = wanted({ decisionId: "of-another", incidentId: "inc-2" });
    expect(await run(takeClaim(here, other, now))).toMatchObject({ refusals: 0 });
  });

  test("what a clock of another site says to wait for is never longer than Azure may ask", async () => {
    const { here, run } = start();
    await run(takeClaim(here, wanted(), NOW));
    await run(spendClaim(here, 1, { because: "refused", at: NOW + 3_600_000 }));
    const next = wanted({ decisionId: "decision-2" });
    expect(await run(takeClaim(here, next, NOW))).toMatchObject({ epoch: 2 });
  });
}

/** Incidents, people and heartbeats. */
export function describeOtherRows(start: () => LedgerUnderTest): void {
  test("two sites suspect at once: one incident", async () => {
    const { here, there, run } = start();
    const both = await run(
      Promise.all([
        openIncident(here, suspicion({ id: "a" })),
        openIncident(there, suspicion({ id: "b" })),
      ]),
    );
    expect(both.filter(({ opened }) => opened)).toHaveLength(1);
    expect(both[0]?.incident.id).toBe(both[1]?.incident.id);
  });

  test("a replaced motor changes nothing, nor does anything after the end", async () => {
    const { here, run } = start();
    const { incident } = await run(openIncident(here, suspicion()));
    const work = { incidentId: incident.id, motor: 0 };
    await run(changeIncident(here, work, (row) => ({ ...row, motor: 1 })));
    expect(await run(changeIncident(here, work, (row) => ({ ...row, motor: 9 })))).toBeNull();
    const next = { ...work, motor: 1 };
    await run(changeIncident(here, next, (row) => ({ ...row, closedAt: NOW, end: "recovered" })));
    expect(await run(changeIncident(here, next, (row) => ({ ...row, motor: 9 })))).toBeNull();
    expect(openIncidentIn(await run(readLive(here)))).toBeNull();
  });

  test("two people answer one ask at the same moment: the last answer stands, and a no is never refused", async () => {
    const { here, there, run } = start();
    await run(openAsk(here, ask()));
    const both = await run(
      Promise.all([
        settleAsk(here, ask(), { answer: "approved", at: NOW }),
        settleAsk(there, ask(), { answer: "denied", at: NOW }),
      ]),
    );
    const again = await run(openAsk(here, ask({ askedAt: NOW + 1 })));
    expect(both[1]).not.toBeNull();
    expect(["approved", "denied"]).toContain(again.answer);
    const no = await run(settleAsk(there, ask(), { answer: "denied", at: NOW }));
    expect(no?.answeredAt).toBeGreaterThan(again.answeredAt ?? 0);
  });

  test("an approval stands until it expires, and for its own incident", async () => {
    const { here, run } = start();
    const given = approval({ incidentId: "inc-1", expiresAt: NOW + 1_000 });
    await run(addApproval(here, given));
    await run(addApproval(here, { ...given, expiresAt: NOW + 99_000 }));
    expect(approvalsIn(await run(readLive(here)), "inc-1", NOW + 999)).toEqual([given]);
    await run(addApproval(here, { ...given, approvedAt: given.approvedAt + 1 }));
    expect(approvalsIn(await run(readLive(here)), "inc-1", NOW)).toHaveLength(1);
    expect(approvalsIn(await run(readLive(here)), "inc-1", NOW + 1_000)).toEqual([]);
    expect(approvalsIn(await run(readLive(here)), "inc-2", NOW)).toEqual([]);
  });

  test("a call under a used key is the first call", async () => {
    const { here, there, run } = start();
    await run(keepCall(here, call()));
    expect(await run(keepCall(there, call({ reason: "another" })))).toEqual(call());
  });

  test("a pause pauses until it is lifted or expires, and again when it is written again", async () => {
    const { here, there, run } = start();
    const pause = { scope: GROUP, reason: "r", owner: "kim", pausedAt: NOW, expiresAt: NOW + 10 };
    await run(writePause(here, pause));
    expect(await run(pausesAt(there, NOW + 9))).toEqual([pause]);
    expect(await run(pausesAt(there, NOW + 10))).toEqual([]);
    expect(await run(liftPause(there, "kim", NOW))).toBe(true);
    expect(await run(liftPause(there, "kim", NOW))).toBe(false);
    expect(await run(pausesAt(here, NOW))).toEqual([]);
    await run(writePause(here, pause));
    expect(await run(pausesAt(here, NOW))).toEqual([pause]);
  });

  test("a pause ends, shortens and lifts nobody else's, however alike the names", async () => {
    const { here, there, run } = start();
    const pause = { scope: GROUP, reason: "r", pausedAt: NOW, expiresAt: null };
    const owners = ["kim", "Kim", "kim ", "Kim_", "Kïm", "k/i\\m#?", "kim~", "_6b_im"];
    for (const owner of owners) await run(writePause(here, { ...pause, owner }));
    await run(writePause(there, { ...pause, owner: "bot", expiresAt: NOW + 1 }));
    const left = async (now: number) => (await run(pausesAt(here, now))).map(({ owner }) => owner);
    expect((await left(NOW)).toSorted()).toEqual([...owners, "bot"].toSorted());
    expect(await run(liftPause(there, "Kim", NOW))).toBe(true);
    expect((await left(NOW + 1)).toSorted()).toEqual(
      owners.filter((owner) => owner !== "Kim").toSorted(),
    );
  });

  test("a fence that moves spends a claim that is not sent, and no step can be taken from before", async () => {
    const { here, there, run } = start();
    expect(await run(moveFence(there, NOW))).toBe("clear");
    const claim = await run(takeClaim(here, wanted(), NOW));
    if (claim === null) throw new Error("Cannot go on: no claim was taken");
    const before = await run(readClaim(here));
    expect(await run(moveFence(there, NOW + 1))).toBe("clear");
    expect(await run(sendClaim(here, claim, NOW + 2, before))).toBeNull();
    expect(valueOrNull(await run(readClaim(here)))).toMatchObject({
      state: "spent",
      spentBecause: "paused",
      sentAt: null,
    });
  });

  test("a fence beside an attempt that was given up says that it may still be carried out, for an hour", async () => {
    const { here, there, run } = start();
    const claim = await run(takeClaim(here, wanted(), NOW));
    if (claim === null) throw new Error("Cannot go on: no claim was taken");
    await run(sendClaim(here, claim, NOW));
    await run(spendClaim(here, claim.epoch, { because: "reconciled-not-moved", at: NOW }));
    expect(await run(moveFence(there, NOW + 1_000))).toBe("out");
    expect(await run(moveFence(there, NOW + 3_600_000))).toBe("clear");
  });

  test("a move that is not written down yet keeps the claim: no other is taken", async () => {
    const { here, there, run } = start();
    const claim = await run(takeClaim(here, wanted(), NOW));
    if (claim === null) throw new Error("Cannot go on: no claim was taken");
    await run(sendClaim(here, claim, NOW));
    await run(spendClaim(here, claim.epoch, { because: "moved", at: NOW }));
    const next = { decisionId: "decision-2" };
    expect(await run(takeClaim(there, wanted(next), NOW + 1_000))).toBeNull();
    expect(valueOrNull(await run(readClaim(here)))).toMatchObject({ epoch: 1, owed: true });
  });

  test("a fence that comes too late leaves the claim, and says that a request is out", async () => {
    const { here, there, run } = start();
    const claim = await run(takeClaim(here, wanted(), NOW));
    if (claim === null) throw new Error("Cannot go on: no claim was taken");
    await run(sendClaim(here, claim, NOW, await run(readClaim(here))));
    expect(await run(moveFence(there, NOW + 1))).toBe("out");
    expect(valueOrNull(await run(readClaim(here)))).toMatchObject({ state: "sent" });
  });

  test("a site is quiet by our clock, however wrong its own is", async () => {
    const { here, there, run } = start();
    const own = { ...here, group: EVERY_GROUP };
    const other = { ...there, group: EVERY_GROUP, site: "sec" };
    const beatAt = async (at: number) =>
      beat(await readLive(other), { seen: {}, report: REPORT }, at);
    const tickAt = async (now: number) => {
      const rows = await readLive(own);
      const { seen, quietMs } = await seeOthers(rows, [other], () => now);
      await beat(rows, { seen, report: REPORT }, now);
      return quietMs("sec");
    };
    await run(beatAt(NOW + 86_400_000));
    expect(await run(tickAt(NOW))).toBe(0);
    expect(await run(tickAt(NOW + 59_999))).toBe(59_999);
    await run(beatAt(NOW - 86_400_000));
    expect(await run(tickAt(NOW + 60_000))).toBe(0);
  });

  test("six sites count at once: no count is lost", async () => {
    const { here, there, run } = start();
    const count = (book: Book) =>
      changeRow({ book, type: COUNTER, id: "one" }, (now) => ({ count: (now?.count ?? 0) + 1 }));
    await run(Promise.all([here, there, here, there, here, there].map(count)));
    const after = await run(changeRow({ book: here, type: COUNTER, id: "one" }, () => null));
    expect(after.value).toEqual({ count: 6 });
  });
}
