// What an incident becomes where another site's clock has timed it, or this one's that was set back.

import { describe, expect, test } from "vitest";
import type { Incident } from "../../shared/domain/incident.ts";
import { NO_OUTAGE, type Trouble } from "../../shared/domain/outage.ts";
import { countRounds } from "../../shared/policy/evidence/count-rounds.ts";
import { onOwnClock, onThisClock } from "../../shared/policy/evidence/on-own-clock.ts";
import { HOUR, look, MINUTE, NOW, peace, policy, SECOND, sample } from "../support/facts.ts";
import { incident } from "../support/ledger-rows.ts";

/** That site's clock is an hour ahead of ours. */
const THERE = NOW + HOUR;
const ago = (seconds: number): number => THERE - seconds * SECOND;

/** Trouble by instants so many seconds before the last down-majority. */
function troubleAt(at: (seconds: number) => number): Trouble {
  const minutes = [{ at: at(60), looks: 6, wrote: 1 }];
  return {
    ...{ sinceAt: at(290), answeredAt: at(20), otherwiseSinceAt: at(5) },
    seen: [{ vantage: "neu", countedUntilAt: at(1), minutes }],
  };
}

const loss = { kind: "bounded", atMostMs: 12 * SECOND, database: "orders" } as const;
const taken: Incident = incident({
  outage: {
    ...{
      onsetAt: ago(300),
      outageMs: 200 * SECOND,
      downMs: 210 * SECOND,
      rounds: 20,
      lastDownAt: ago(0),
    },
    ...{ heldUntilAt: ago(1), lastNotServingAt: ago(2), lastLifeAt: ago(301), livedAt: ago(302) },
    ...{ partialSinceAt: ago(3), storageFailedAt: ago(4), attemptEndedAt: ago(100) },
    ...{
      ended: [{ onsetAt: ago(500), endedAt: ago(400), rounds: 7 }],
      sinceAttemptMs: 40 * SECOND,
    },
    wasSlow: true,
    upSinceAt: ago(6),
    trouble: troubleAt(ago),
  },
  ...{ countedUntilAt: ago(0), samples: [sample()], loss, calmSinceAt: ago(9) },
  ...{ plannedEndedAt: ago(100), plannedEndedCode: "any", heartbeatAt: THERE },
});

/** The same instants, where the last down-majority was so long before now. */
function movedTo(lastDownMs: number): Incident {
  const here = (seconds: number): number => NOW - lastDownMs - seconds * SECOND;
  return {
    ...taken,
    outage: {
      ...taken.outage,
      ...{ onsetAt: here(300), lastDownAt: here(0), heldUntilAt: here(1) },
      ...{ lastNotServingAt: here(2), lastLifeAt: here(301), livedAt: here(302) },
      ...{ partialSinceAt: here(3), storageFailedAt: here(4), attemptEndedAt: here(100) },
      ended: [{ onsetAt: here(500), endedAt: here(400), rounds: 7 }],
      upSinceAt: here(6),
      trouble: { ...troubleAt((seconds) => NOW - seconds * SECOND), otherwiseSinceAt: null },
    },
    ...{ countedUntilAt: here(300), samples: [], carriedLoss: loss, calmSinceAt: null },
    plannedEndedAt: here(100),
  };
}

describe("an incident that is taken over", () => {
  test("keeps the distances of its instants and what was counted, and ends before the time in which nobody watched", () => {
    expect(onOwnClock(taken, NOW, 3 * MINUTE)).toEqual(movedTo(3 * MINUTE));
    expect(onOwnClock(taken, NOW, 61 * SECOND + 1)).toEqual(movedTo(61 * SECOND + 1));
  });

  test("after a short while ends just long enough ago for the gap to add nothing", () =>
    expect(onOwnClock(taken, NOW, 5 * SECOND)).toEqual(movedTo(61 * SECOND)));

  test("what never was stays so", () => {
    const bare = { ...NO_OUTAGE, onsetAt: ago(300), lastDownAt: ago(0) };
    const { outage, plannedEndedAt } = onOwnClock(incident({ outage: bare }), NOW, 0);
    const here = NOW - 61 * SECOND;
    expect(outage).toEqual({ ...bare, onsetAt: here - 300 * SECOND, lastDownAt: here });
    expect(plannedEndedAt).toBeNull();
  });

  test.each<[string, Partial<Incident["outage"]>]>([
    ["no outage runs", { onsetAt: null }],
    ["nobody knows when it was last seen", { lastDownAt: null }],
  ])(
    "begins anew where %s: without a bound of that other loss, and without its calm",
    (_, change) => {
      const outage = { ...taken.outage, ...change, ended: [], trouble: null };
      const after = onOwnClock({ ...taken, outage, carriedLoss: loss }, NOW, 0);
      const anew = { outage: NO_OUTAGE, countedUntilAt: null, carriedLoss: null };
      expect(after).toMatchObject({ ...anew, samples: [], calmSinceAt: null, loss });
    },
  );

  test("in calm keeps what has ended, as long ago as its site had it when it was last heard", () => {
    const ended = [{ onsetAt: ago(500), endedAt: ago(400), rounds: 7 }];
    const calm = { outage: { ...NO_OUTAGE, ended }, plannedEndedAt: ago(100) };
    const heard = (change: Partial<Incident>) =>
      onOwnClock(incident({ ...calm, ...change }), NOW, 40 * SECOND);
    const after = heard({ heartbeatAt: ago(30) });
    const here = (seconds: number): number => NOW - (seconds + 10) * SECOND;
    expect(after.outage).toEqual({
      ...NO_OUTAGE,
      ended: [{ onsetAt: here(500), endedAt: here(400), rounds: 7 }],
    });
    expect(after.plannedEndedAt).toBe(here(100));
    expect(after.countedUntilAt).toBe(here(400));
    expect(heard({ heartbeatAt: null, openedAt: ago(30) })).toEqual({
      ...after,
      heartbeatAt: null,
      openedAt: ago(30),
    });
  });

  test("goes on with trouble that stands, whether or not an outage runs", () => {
    const outage = { ...NO_OUTAGE, trouble: { ...troubleAt(ago), answeredAt: null } };
    const after = onOwnClock(incident({ outage, heartbeatAt: THERE }), NOW, 40 * SECOND);
    const moved = troubleAt((seconds) => NOW - seconds * SECOND);
    expect(after.outage.trouble).toEqual({ ...moved, answeredAt: null, otherwiseSinceAt: null });
  });

  const AGE = 14 * MINUTE;
  test.each<
    [
      string,
      { readonly aheadMs: number; readonly silentMs: number; readonly downMs: number | null },
    ]
  >([
    [
      "and its last down-majority is minutes older than its last sign",
      { aheadMs: 0, silentMs: MINUTE, downMs: 4 * MINUTE },
    ],
    [
      "without an outage, from a store that nobody knows",
      { aheadMs: 0, silentMs: MINUTE, downMs: null },
    ],
    ["from a clock that is ahead", { aheadMs: HOUR, silentMs: MINUTE, downMs: 4 * MINUTE }],
    [
      "from a clock that is a little ahead",
      { aheadMs: 20 * SECOND, silentMs: MINUTE, downMs: MINUTE },
    ],
    ["from a clock that is behind", { aheadMs: -2 * MINUTE, silentMs: MINUTE, downMs: 2 * MINUTE }],
  ])(
    "keeps the age of its trouble to within what the clocks differ by: %s",
    (_, { aheadMs, silentMs, downMs }) => {
      const there = (agoMs: number) => NOW + aheadMs - agoMs;
      const trouble = { ...troubleAt(there), sinceAt: there(AGE) };
      const runs = downMs === null ? {} : { onsetAt: there(AGE), lastDownAt: there(downMs) };
      const given = incident({
        outage: { ...NO_OUTAGE, ...runs, trouble },
        heartbeatAt: there(silentMs),
      });
      for (const unseenMs of [silentMs, 10 * MINUTE, 24 * HOUR]) {
        const { sinceAt = 0 } = onOwnClock(given, NOW, unseenMs).outage.trouble ?? {};
        const grownMs = NOW - sinceAt - AGE;
        expect(Math.abs(grownMs)).toBeLessThanOrEqual(Math.abs(aheadMs));
        expect(Math.abs(grownMs)).toBeLessThan(3 * MINUTE);
      }
    },
  );

  test("in calm counts what has ended once, though this site has seen it as well", () => {
    const failed = (endedAgo: number) =>
      ["neu", "sec"].map((vantage) =>
        look(vantage, { startedAt: NOW - endedAgo - 1, endedAt: NOW - endedAgo }),
      );
    const looks = [...failed(90 * SECOND), ...failed(80 * SECOND), ...peace().looks];
    const ended = [{ onsetAt: ago(91), endedAt: ago(70), rounds: 2 }];
    const calm = incident({ outage: { ...NO_OUTAGE, ended }, heartbeatAt: ago(40) });
    const after = onOwnClock(calm, NOW, 40 * SECOND);
    const application = { kind: "not-configured" } as const;
    const given = peace({ looks, application });
    expect(countRounds(given, policy(), null).outage.ended).toHaveLength(1);
    const counted = countRounds({ ...given, outage: after.outage }, policy(), after);
    expect(counted.outage.ended).toHaveLength(1);
  });

  test.each<[string, Partial<Incident["outage"]>]>([
    ["and the outage was last seen before it", { lastDownAt: ago(600) }],
    ["and no outage runs", { onsetAt: null, lastDownAt: null }],
  ])("an attempt that ended while nobody looked, %s, has not ended in the future", (_, change) => {
    const outage = { ...taken.outage, attemptEndedAt: null, ...change };
    const since = { heartbeatAt: ago(1), plannedEndedAt: ago(0) };
    const after = onOwnClock({ ...taken, ...since, outage }, NOW, 0);
    expect(after.plannedEndedAt).toBe(NOW);
    expect(after.plannedEndedCode).toBe("any");
  });
});

describe("an incident of this site", () => {
  test("is left alone while nothing in it was counted in the future", () => {
    expect(onThisClock(null, NOW)).toBeNull();
    for (const countedUntilAt of [null, NOW - 1, NOW]) {
      const given = { ...taken, countedUntilAt };
      expect(onThisClock(given, NOW)).toBe(given);
    }
  });

  test("is put on the clock that was set back, as if nobody had watched since", () =>
    expect(onThisClock({ ...taken, countedUntilAt: NOW + 1 }, NOW)).toEqual(movedTo(61 * SECOND)));
});
