import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Claim } from "../../shared/domain/claim.ts";
import type { ActivityEntry } from "../../shared/domain/facts.ts";
import {
  doubtIn,
  hasNotCome,
  isQuietEnough,
  isUnsettled,
  mayBeOurDoubt,
  moverOf,
} from "../../shared/policy/evidence/follow-claim.ts";
import { facts, MINUTE, SECOND } from "../support/facts.ts";

const { now } = facts();
const HOUR = 60 * MINUTE;

function claim(change: Partial<Claim> = {}): Claim {
  const sent = { takenAt: now - 700_000, sentAt: now - 700_000, acceptedAt: null };
  const who = { incidentId: "inc-1", decisionId: "d-1", rule: "primary-lost", actor: "geo" };
  return {
    ...sent,
    ...who,
    group: "orders-fog",
    epoch: 1,
    kind: "planned",
    expectedPrimary: "home",
    target: "partner",
    holder: "neu",
    notAfter: now,
    state: "spent",
    spentAt: now,
    spentBecause: "reconciled-not-moved",
    code: null,
    retryNotBefore: null,
    ticket: null,
    quietSinceAt: null,
    quietBy: null,
    doubt: { ...sent, ...who, kind: "planned", sinceAt: now, renewals: 0 },
    renewals: 0,
    announcedAt: null,
    refusals: 0,
    owed: false,
    ...change,
  };
}

function doubted(change: Partial<NonNullable<Claim["doubt"]>>): Claim {
  const { doubt } = claim();
  return claim({ doubt: doubt === null ? null : { ...doubt, ...change } });
}

test.each([
  ["forced", 119_999, false],
  ["forced", 120_000, true],
  ["planned", 599_999, false],
  ["planned", 600_000, true],
] as const)("a %s request, quiet for %i ms: may be sent again: %s", (kind, quietMs, may) => {
  expect(isQuietEnough({ kind }, quietMs)).toBe(may);
});

test("a doubt lasts an hour by any clock, and none is looked at beside an open claim", () => {
  expect(doubtIn(claim(), now)).not.toBeNull();
  for (const [ms, stands] of [
    [HOUR - 1, true],
    [HOUR, false],
  ] as const) {
    expect(doubtIn(doubted({ sinceAt: now - ms }), now) !== null).toBe(stands);
    expect(doubtIn(doubted({ sinceAt: now + ms }), now) !== null).toBe(stands);
    expect(mayBeOurDoubt(doubted({ sinceAt: now - ms }), now)).toBe(stands);
  }
  expect(doubtIn(claim({ state: "sent" }), now)).toBeNull();
  expect(doubtIn(claim({ doubt: null }), now)).toBeNull();
});

test("a move that was undone is ours once more for ten minutes, not for an hour: it has had its effect", () => {
  const undone = (ms: number) => ({
    ...doubted({ sinceAt: now - ms }),
    spentBecause: "undone" as const,
  });
  expect(doubtIn(undone(599_999), now)).not.toBeNull();
  expect(doubtIn(undone(600_000), now)).toBeNull();
});

test("busy is our own doubtful request three times, then a refusal like any other", () => {
  expect([0, 1, 2, 3].map((renewals) => mayBeOurDoubt(doubted({ renewals }), now))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(mayBeOurDoubt(claim({ doubt: null }), now)).toBe(false);
});

test("a claim is settled when it is spent and nothing of it is still to be written", () => {
  expect(isUnsettled(claim())).toBe(false);
  expect(isUnsettled(claim({ owed: true }))).toBe(true);
  expect(isUnsettled(claim({ state: "intent" }))).toBe(true);
  expect(isUnsettled(claim({ state: "sent" }))).toBe(true);
});

describe("the roles have moved while a request is in doubt", () => {
  const unmoved = facts().groupState;
  const groupState =
    unmoved.kind === "read" ? { ...unmoved, targetRole: "primary" as const } : unmoved;
  const begun = (change: Partial<ActivityEntry>): ActivityEntry => ({
    what: "failover",
    said: "failover",
    by: "kim",
    ours: false,
    side: "partner",
    startedAt: now - 699_999,
    ended: null,
    ...change,
  });

  const failed = { at: now, how: "badly" } as const;
  const OURS_FAILED = { ours: true, startedAt: now - 699_999, ended: failed } as const;
  const LATER = { startedAt: now - 640_000 } as const;
  const OURS_DONE = { ...OURS_FAILED, ended: { at: now - 650_000, how: "well" } } as const;

  test.each([
    ["nobody else began one", [], "us"],
    ["another began one after it", [begun({})], "other"],
    ["another began one long before it", [begun({ startedAt: now - 700_000 - 6 * MINUTE })], "us"],
    ["another's that began after it has failed", [begun({ ended: failed })], "us"],
    ["the log has our own", [begun({ ours: true })], "us"],
    ["another's went the other way", [begun({ side: "home" })], "us"],
    ["nobody can tell which way another's went", [begun({ side: null })], "other"],
    ["another began one when ours had ended well", [begun(OURS_DONE), begun(LATER)], "us"],
    ["ours has ended badly, and another began one", [begun(OURS_FAILED), begun(LATER)], "other"],
    ["another scaled something", [begun({ what: "scale" })], "us"],
    ["the log knows no start", [begun({ startedAt: null })], "us"],
  ] as const)("%s: by %s", (_says, activity, by) => {
    expect(moverOf(claim(), { groupState, activity: [...activity], now })).toBe(by);
  });

  // Azure's clock is wrong by so much, and what it logs of ours or another's shows it.
  const skews = fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE });
  const gaps = fc.integer({ min: SECOND, max: 5 * MINUTE });
  const mover = (...activity: readonly ActivityEntry[]) =>
    moverOf(claim(), { groupState, activity: [...activity], now });
  const SENT = now - 700_000;

  test("whatever Azure's clock says: ours arrived, so it was us, also where another had begun before", () =>
    fc.assert(
      fc.property(skews, gaps, (skewMs, beforeMs) => {
        const own = begun({ ours: true, startedAt: SENT + SECOND + skewMs });
        const before = begun({ startedAt: SENT - beforeMs + skewMs });
        expect(mover(own)).toBe("us");
        expect(mover(own, before)).toBe("us");
      }),
    ));

  test("ours ended well and was undone, and then another began one: by other", () => {
    const { doubt } = claim();
    const undone = claim({
      spentBecause: "undone",
      doubt: doubt === null ? null : { ...doubt, sinceAt: now - MINUTE },
    });
    const activity = [begun(OURS_DONE), begun(LATER)];
    expect(moverOf(undone, { groupState, activity, now })).toBe("other");
  });

  test("whatever Azure's clock says: another began one after ours, whether ours arrived or not: by other", () =>
    fc.assert(
      fc.property(skews, gaps, (skewMs, laterMs) => {
        const own = begun({ ours: true, startedAt: SENT + skewMs });
        const later = begun({ startedAt: SENT + laterMs + skewMs });
        expect(mover(own, later)).toBe("other");
        expect(mover(later)).toBe("other");
      }),
    ));

  const done = (startedAt: number) => begun({ ...OURS_DONE, startedAt });

  test("ours is what the log has begun within six minutes of it, not an older one of ours", () => {
    expect(mover(done(SENT - 6 * MINUTE), begun(LATER))).toBe("us");
    expect(mover(done(SENT - 6 * MINUTE - 1), begun(LATER))).toBe("other");
    expect(mover(begun({ ...OURS_DONE, startedAt: null }), begun(LATER))).toBe("other");
  });

  test("ours was begun again after another's: by us", () => {
    const own = [0, 2 * MINUTE].map((ms) => begun({ ours: true, startedAt: SENT + ms }));
    expect(mover(...own, begun({ startedAt: SENT + MINUTE }))).toBe("us");
  });

  test("nobody knows when ours left: about when it was taken", () => {
    const unsent = doubted({ sentAt: null, takenAt: SENT });
    const by = (startedAt: number) =>
      moverOf(unsent, { groupState, activity: [begun({ startedAt })], now });
    expect([by(SENT - 6 * MINUTE), by(SENT - 6 * MINUTE + 1)]).toEqual(["us", "other"]);
  });

  test("they have not, or nobody can tell: by nobody", () => {
    const unknown = { kind: "unknown", because: "timeout" } as const;
    expect(moverOf(claim(), { groupState: unmoved, activity: [], now })).toBeNull();
    expect(moverOf(claim(), { groupState: unknown, activity: [], now })).toBeNull();
    expect(moverOf(claim({ doubt: null }), { groupState, activity: [], now })).toBeNull();
  });
});

describe("a failover that was announced", () => {
  const announced = claim({ announcedAt: now - 5 * MINUTE, spentBecause: "refused" });

  test("has not come once five minutes have gone, or its incident is over", () => {
    expect(hasNotCome(announced, false, now)).toBe(true);
    expect(hasNotCome(announced, false, now - 1)).toBe(false);
    expect(hasNotCome(announced, true, now - 1)).toBe(true);
  });

  test.each<[string, Partial<Claim>]>([
    ["was never announced", { announcedAt: null }],
    ["was accepted", { acceptedAt: now - 4 * MINUTE }],
    ["has moved the roles", { spentBecause: "moved" }],
    ["is out", { state: "sent" }],
    ["is about to be sent", { state: "intent" }],
  ])("one that %s is not missed", (_, change) => {
    expect(hasNotCome({ ...announced, ...change }, true, now)).toBe(false);
  });
});
