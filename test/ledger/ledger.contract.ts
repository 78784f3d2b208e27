// What the ledger promises on top of any store that keeps ETag conditions. Two handles on the same
// store stand for two sites.

import { expect, test } from "vitest";
import {
  changeClaim,
  type NewClaim,
  readClaim,
  sendClaim,
  spendClaim,
  takeClaim,
} from "../../shared/ledger/claims.ts";
import { changeIncident, openIncident, openIncidentOf } from "../../shared/ledger/incidents.ts";
import {
  addApproval,
  approvalsIn,
  keepCall,
  liftPause,
  openAsk,
  pausesIn,
  settleAsk,
  writePause,
} from "../../shared/ledger/people.ts";
import { changeRow } from "../../shared/ledger/rows.ts";
import { beat, quietForMs } from "../../shared/ledger/watches.ts";
import type { Store } from "../../shared/ports/store.ts";
import { approval, call } from "../support/facts.ts";
import { ask, COUNTER, NOW, suspicion } from "../support/ledger-rows.ts";

export interface LedgerUnderTest {
  /** The same store, as two sites reach it. */
  readonly here: Store;
  readonly there: Store;
  /** Lets the work end, whatever time it takes. */
  run<T>(work: Promise<T>): Promise<T>;
}

const GROUP = "orders-fog";

function wanted(change: Partial<NewClaim> = {}): NewClaim {
  return {
    group: GROUP,
    incidentId: "inc-1",
    decisionId: "decision-1",
    kind: "forced",
    expectedPrimary: "home",
    target: "partner",
    holder: "neu",
    notAfter: NOW + 30_000,
    ...change,
  };
}

const FIRST = { group: GROUP, epoch: 1, holder: "neu" };

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
      Promise.all([sendClaim(here, FIRST, NOW), spendClaim(there, FIRST, "not-sent", NOW)]),
    );
    const claim = await run(readClaim(here, GROUP));
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
    await run(spendClaim(here, FIRST, "refused", NOW + 1, { code: "Busy", retryAfterMs: 0 }));
    await run(spendClaim(here, FIRST, "moved", NOW + 2));
    await run(changeClaim(here, FIRST, (claim) => ({ ...claim, state: "sent" })));
    expect(await run(readClaim(here, GROUP))).toMatchObject({
      state: "spent",
      spentBecause: "refused",
      spentAt: NOW + 1,
      code: "Busy",
    });
    const next = await run(takeClaim(here, wanted({ decisionId: "decision-2" }), NOW + 3));
    expect(next).toMatchObject({ epoch: 2, state: "intent", code: null });
    expect(await run(sendClaim(here, FIRST, NOW + 4))).toBeNull();
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
    const work = { group: GROUP, incidentId: incident.id, motor: 0 };
    await run(changeIncident(here, work, (row) => ({ ...row, motor: 1 })));
    expect(await run(changeIncident(here, work, (row) => ({ ...row, motor: 9 })))).toBeNull();
    const next = { ...work, motor: 1 };
    await run(changeIncident(here, next, (row) => ({ ...row, closedAt: NOW, end: "recovered" })));
    expect(await run(changeIncident(here, next, (row) => ({ ...row, motor: 9 })))).toBeNull();
    expect(await run(openIncidentOf(here, GROUP))).toBeNull();
  });

  test("two people answer one ask: the first answer stands", async () => {
    const { here, there, run } = start();
    await run(openAsk(here, GROUP, ask()));
    const both = await run(
      Promise.all([
        settleAsk(here, GROUP, ask().id, "approved"),
        settleAsk(there, GROUP, ask().id, "denied"),
      ]),
    );
    expect(both.filter((settled) => settled !== null)).toHaveLength(1);
    const again = await run(openAsk(here, GROUP, ask({ askedAt: NOW + 1 })));
    expect(again.answer).not.toBe("none");
  });

  test("an approval stands until it expires, and for its own incident", async () => {
    const { here, run } = start();
    const given = approval({ incidentId: "inc-1", expiresAt: NOW + 1_000 });
    await run(addApproval(here, GROUP, given));
    await run(addApproval(here, GROUP, { ...given, expiresAt: NOW + 99_000 }));
    expect(await run(approvalsIn(here, GROUP, "inc-1", NOW + 999))).toEqual([given]);
    expect(await run(approvalsIn(here, GROUP, "inc-1", NOW + 1_000))).toEqual([]);
    expect(await run(approvalsIn(here, GROUP, "inc-2", NOW))).toEqual([]);
  });

  test("a call under a used key is the first call", async () => {
    const { here, there, run } = start();
    await run(keepCall(here, GROUP, call()));
    expect(await run(keepCall(there, GROUP, call({ reason: "another" })))).toEqual(call());
  });

  test("a pause pauses until it is lifted or expires, and again when it is written again", async () => {
    const { here, there, run } = start();
    const pause = { scope: GROUP, reason: "r", owner: "kim", pausedAt: NOW, expiresAt: NOW + 10 };
    await run(writePause(here, GROUP, pause));
    expect(await run(pausesIn(there, GROUP, NOW + 9))).toEqual([pause]);
    expect(await run(pausesIn(there, GROUP, NOW + 10))).toEqual([]);
    expect(await run(liftPause(there, GROUP, "kim"))).toBe(true);
    expect(await run(liftPause(there, GROUP, "kim"))).toBe(false);
    expect(await run(pausesIn(here, GROUP, NOW))).toEqual([]);
    await run(writePause(here, GROUP, pause));
    expect(await run(pausesIn(here, GROUP, NOW))).toEqual([pause]);
  });

  test("a site is quiet by our clock, however wrong its own is", async () => {
    const { here, run } = start();
    await run(beat(here, NOW + 86_400_000));
    expect(await run(quietForMs(here, here, NOW))).toBe(0);
    expect(await run(quietForMs(here, here, NOW + 59_999))).toBe(59_999);
    await run(beat(here, NOW - 86_400_000));
    expect(await run(quietForMs(here, here, NOW + 60_000))).toBe(0);
  });

  test("six sites count at once: no count is lost", async () => {
    const { here, there, run } = start();
    const count = (store: Store) =>
      changeRow(store, COUNTER, GROUP, "one", (now) => ({ count: (now?.count ?? 0) + 1 }));
    await run(Promise.all([here, there, here, there, here, there].map(count)));
    const after = await run(changeRow(here, COUNTER, GROUP, "one", () => null));
    expect(after.value).toEqual({ count: 6 });
  });
}
