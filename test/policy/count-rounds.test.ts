// What one round adds to an outage: every look since the last round counts, at the instant at which it ended.

import { describe, expect, test } from "vitest";
import type { ActivityEntry, Facts } from "../../shared/domain/facts.ts";
import type { LossBound } from "../../shared/domain/loss.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import { countRounds } from "../../shared/policy/evidence/count-rounds.ts";
import {
  facts,
  logged,
  look,
  MINUTE,
  NOW,
  ONSET,
  outage,
  peace,
  policy,
  SECOND,
  sample,
} from "../support/facts.ts";

type Counted = Parameters<typeof countRounds>[2];

const ago = (seconds: number): number => NOW - seconds * SECOND;

/** Both vantages outside looked at the same time, for eight seconds. */
function both(endedAgo: number, change: Partial<Observation> = {}): Observation[] {
  const times = { startedAt: ago(endedAgo + 8), endedAt: ago(endedAgo), ...change };
  return [look("neu", times), look("sec", times)];
}

function round(change: Partial<Facts>, incident: Counted = null): Facts {
  return countRounds(facts({ outage: NO_OUTAGE, ...change }), policy(), incident);
}

const since = (countedUntilAt: number | null, carriedLoss: LossBound | null = null): Counted => ({
  ...{ countedUntilAt, carriedLoss },
});

const WROTE = { result: "writes", code: "ok", latencyMs: 40 } as const;

describe("the looks that count", () => {
  const looks = [...both(0), ...both(10), ...both(20)];

  test("are all that ended before this round, each at its own instant, however they are ordered", () => {
    const { outage } = round({ looks });
    expect(outage).toMatchObject({
      ...{ onsetAt: ago(28), lastDownAt: NOW, rounds: 3, outageMs: 20 * SECOND },
    });
    expect(round({ looks }, since(null)).outage).toEqual(outage);
  });

  test("are those since the last round only", () => {
    expect(round({ looks }, since(ago(20))).outage).toMatchObject({
      ...{ onsetAt: ago(28), rounds: 2, outageMs: 10 * SECOND },
    });
    expect(round({ looks }, since(ago(20) - 1)).outage.rounds).toBe(3);
  });

  test("are none of the future", () =>
    expect(round({ looks: [...both(0), ...both(-1)] }).outage).toMatchObject({
      ...{ lastDownAt: NOW, rounds: 1 },
    }));

  test("a look is not known before it has ended: what it found ends an outage that had lasted", () => {
    const { outage } = round({ looks: [...both(20), ...both(10), ...both(5, WROTE)] });
    expect(outage).toMatchObject({ onsetAt: null, rounds: 0, livedAt: ago(13) });
    expect(outage.ended).toEqual([{ onsetAt: ago(28), endedAt: ago(5), rounds: 2 }]);
  });
});

describe("an outage begins", () => {
  const onset = (change: Partial<Facts>, its: Partial<Outage> = {}): number | null =>
    round({ looks: both(0), outage: { ...NO_OUTAGE, ...its }, ...change }).outage.onsetAt;
  const commit = (measuredAt: number, lastCommitAgeMs: number | null, database = "orders") => ({
    ...{ database, measuredAt, lastCommitAgeMs, lastCommitMark: 1 },
  });

  test("with the first look that failed, also where that vantage was alone with it", () =>
    expect(
      onset({ looks: [look("neu", { startedAt: ago(20), endedAt: ago(12) }), ...both(0)] }),
    ).toBe(ago(20)));

  test("after the last sign of life, wherever it was seen", () => {
    const alone = look("neu", { startedAt: ago(20), endedAt: ago(12) });
    const looks = [alone, ...both(0)];
    expect(onset({ looks }, { livedAt: ago(20) - 1 })).toBe(ago(20));
    expect(onset({ looks }, { livedAt: ago(20) })).toBe(ago(8));
    const before = look("weu", { ...WROTE, startedAt: ago(29), endedAt: ago(20) });
    const later = look("weu", { ...WROTE, startedAt: ago(19), endedAt: ago(18) });
    expect(onset({ looks: [before, ...looks] })).toBe(ago(20));
    const seen = round({ looks: [later, alone], now: ago(12) }).outage;
    expect(seen.livedAt).toBe(ago(19));
  });

  test("after the newest commit that the secondary has: the primary lived to make it", () => {
    const looks = [look("neu", { startedAt: ago(20), endedAt: ago(12) }), ...both(0)];
    expect(onset({ looks, secondaryCommits: [commit(NOW, 20 * SECOND + 1)] })).toBe(ago(20));
    expect(onset({ looks, secondaryCommits: [commit(NOW, 20 * SECOND)] })).toBe(ago(8));
    const newest = [commit(NOW, 25 * SECOND), commit(ago(1), 9 * SECOND, "users")];
    expect(onset({ looks, secondaryCommits: newest })).toBe(ago(8));
    expect(onset({ looks, secondaryCommits: [commit(NOW, null)] })).toBe(ago(20));
  });

  test("at the last sign of life where every look had begun before it: they failed after it", () => {
    expect(onset({}, { livedAt: ago(3) })).toBe(ago(3));
    expect(onset({ secondaryCommits: [commit(NOW, 3 * SECOND)] })).toBe(ago(3));
    expect(onset({ secondaryCommits: [commit(NOW, 3 * SECOND)] }, { livedAt: ago(2) })).toBe(
      ago(2),
    );
  });

  test("with the look that failed where it took longer than the grace", () => {
    const given = facts({ outage: NO_OUTAGE, looks: both(0) });
    expect(countRounds(given, policy({ graceMs: 8 * SECOND }), null).outage.onsetAt).toBe(ago(8));
  });
});

describe("an attempt that moved nothing ended", () => {
  const endedAt = (change: Partial<Facts>): number | null =>
    round({ outage: outage(), ...change }).outage.attemptEndedAt;
  const planned = (at: number): Facts["attempt"] => ({
    ...{ kind: "ended-in-error", code: "any", timedOutForDatabase: false, endedAt: at },
  });
  const forced = (unmovedAt: number | null): Facts["claim"] => ({
    ...{ kind: "spent", epoch: 1, unmovedAt },
  });
  const others = (at: number, change: Partial<ActivityEntry> = {}): Facts["activity"] => [
    logged("failover", { ended: { at, how: "badly" }, ...change }),
  ];

  test("never where there was none", () => expect(endedAt({})).toBeNull());

  test("when our planned one did, however long ago", () =>
    expect(endedAt({ attempt: planned(ONSET - 60 * MINUTE) })).toBe(ONSET - 60 * MINUTE));

  test("when any other did, from a minute before the outage on", () => {
    for (const at of [ONSET - MINUTE, ONSET, NOW]) {
      expect(endedAt({ claim: forced(at) })).toBe(at);
      expect(endedAt({ activity: others(at) })).toBe(at);
    }
    for (const at of [ONSET - MINUTE - 1, NOW + 1]) {
      expect(endedAt({ claim: forced(at) })).toBeNull();
      expect(endedAt({ activity: others(at) })).toBeNull();
    }
  });

  test("from a minute ago on where no outage runs", () => {
    const calm = (at: number) =>
      countRounds(peace({ claim: forced(at) }), policy(), null).outage.attemptEndedAt;
    expect(calm(NOW - MINUTE)).toBe(NOW - MINUTE);
    expect(calm(NOW - MINUTE - 1)).toBeNull();
  });

  test.each<[string, Partial<ActivityEntry>]>([
    ["ended well", { ended: { at: NOW, how: "well" } }],
    ["has not ended", { ended: null }],
    ["was ours", { ours: true }],
    ["was no failover", { what: "scale" }],
  ])("at no instant by what %s", (_, change) =>
    expect(endedAt({ activity: others(NOW, change) })).toBeNull(),
  );

  test("when the last of them did", () => {
    const [first, second, last] = [NOW - 3 * SECOND, NOW - 2 * SECOND, NOW - SECOND];
    expect(endedAt({ attempt: planned(last), claim: forced(first) })).toBe(last);
    expect(endedAt({ attempt: planned(first), claim: forced(last) })).toBe(last);
    const logs = { activity: [...others(last), ...others(second)] };
    expect(endedAt({ attempt: planned(first), claim: forced(second), ...logs })).toBe(last);
  });
});

describe("the loss", () => {
  const bound = (atMostMs: number, database = "orders"): LossBound => ({
    ...{ kind: "bounded", atMostMs, database },
  });
  const lost = (carried: LossBound | null, change: Partial<Facts> = {}): LossBound =>
    round({ outage: outage(), ...change }, since(ago(1), carried)).loss;
  // A sample a quarter of a minute before the onset, with as much lag.
  const own = bound(30 * SECOND);

  test("is bounded by what this site has", () => {
    expect(lost(null)).toEqual(own);
    expect(round({ outage: outage() }).loss).toEqual(own);
    expect(lost(null, { samples: [] })).toMatchObject({ kind: "unknown", because: "no-evidence" });
    const commit = { database: "orders", measuredAt: NOW, lastCommitMark: null };
    const secondaryCommits = [{ ...commit, lastCommitAgeMs: NOW - ONSET + 12 * SECOND }];
    expect(lost(null, { secondaryCommits })).toEqual(bound(12 * SECOND));
  });

  test("is bounded by what the site before had, where that is less or this one knows nothing", () => {
    expect(lost(bound(5 * SECOND))).toEqual(bound(5 * SECOND));
    expect(lost(bound(5 * SECOND), { samples: [] })).toEqual(bound(5 * SECOND));
    expect(lost(bound(30 * SECOND + 1))).toEqual(own);
    expect(lost(bound(30 * SECOND, "users"))).toEqual(own);
    expect(lost({ kind: "unknown", because: "no-evidence", database: null })).toEqual(own);
  });

  test("what was bounded of one outage says nothing of the next", () => {
    const anew = outage({ lastDownAt: NOW - policy().graceMs - 1 });
    const samples = [sample({ measuredAt: ago(38), lagSeconds: 1 })];
    const { loss, outage: next } = round(
      { outage: anew, looks: both(0), samples },
      since(ago(1), bound(SECOND)),
    );
    expect(next.onsetAt).toBe(ago(8));
    expect(loss).toEqual(bound(31 * SECOND));
  });

  test("is not known while nothing is lost, whatever was bounded before", () => {
    const { loss } = countRounds(peace(), policy(), since(ago(1), bound(5 * SECOND)));
    expect(loss).toMatchObject({ kind: "unknown", because: "no-onset" });
  });
});
