import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_OUTAGE, type Outage } from "../../shared/domain/outage.ts";
import { graceFor, graceLeft } from "../../shared/policy/evidence/grace.ts";
import {
  APPLICATION_SUCCEEDS,
  type Judgement,
  judgeObservations,
} from "../../shared/policy/evidence/judge-observations.ts";
import { trackOutage } from "../../shared/policy/evidence/track-outage.ts";
import { facts, look, MINUTE, NOW, outage, policy, SECOND } from "../support/facts.ts";

type Seen = "down" | "life" | "blind" | "gray" | "partial" | "storage" | "alive";

/** What three vantages say at one instant. */
function seen(kind: Seen, now: number): Judgement {
  const at = { startedAt: now - SECOND, endedAt: now };
  const all = (change: Parameters<typeof look>[1]) =>
    policy().vantages.map(({ name }) => look(name, { ...at, ...change }));
  const looks = {
    down: all({}),
    life: all({ result: "writes" }),
    blind: all({ result: "blind" }),
    gray: all({ result: "not-serving" }),
    storage: all({ result: "not-serving", code: "9001" }),
    alive: all({ result: "alive", code: "18456" }),
    partial: all({ result: "alive", failedDatabases: ["orders"] }),
  }[kind];
  return judgeObservations(facts({ now, looks }), policy());
}

function fold(before: Outage, kind: Seen, now: number, attemptEndedAt: number | null = null) {
  return trackOutage(before, { now, judgement: seen(kind, now), attemptEndedAt }, policy());
}

function foldAll(rounds: readonly (readonly [Seen, number])[], before: Outage = NO_OUTAGE) {
  return rounds.reduce((o, [kind, seconds]) => fold(o, kind, NOW + seconds * SECOND), before);
}

describe("trackOutage()", () => {
  test("the first down-majority begins an outage at the start of its first failed look", () =>
    expect(foldAll([["down", 0]])).toMatchObject({
      onsetAt: NOW - SECOND,
      outageMs: 0,
      rounds: 1,
      lastDownAt: NOW,
    }));

  test("failing storage is remembered, whatever comes after it, until a look writes", () => {
    const seenLater = (...kinds: Seen[]) =>
      foldAll([["storage", 0], ...kinds.map((kind, i) => [kind, 10 + 10 * i] as const)])
        .storageFailedAt;
    expect(seenLater()).toBe(NOW - SECOND);
    expect(seenLater("down", "blind", "gray", "alive")).toBe(NOW - SECOND);
    expect(seenLater("down", "storage")).toBe(NOW + 19 * SECOND);
    expect(seenLater("down", "life")).toBeNull();
    expect(seenLater("down", "life", "down")).toBeNull();
    expect(foldAll([["down", 0]]).storageFailedAt).toBeNull();
  });

  test("many looks within one interval are one round: what they make is noise, not an outage that came and went", () => {
    const within = (seconds: number) =>
      foldAll([
        ["down", 0],
        ["down", 3],
        ["down", seconds],
        ["life", seconds + 1],
      ]).ended.length;
    expect(within(8.999)).toBe(0);
    expect(within(9)).toBe(1);
  });

  test("a minute between two down-majorities counts whole, more counts nothing", () => {
    expect(
      foldAll([
        ["down", 0],
        ["down", 60],
      ]).outageMs,
    ).toBe(MINUTE);
    expect(
      foldAll([
        ["down", 0],
        ["down", 61],
      ]),
    ).toMatchObject({ outageMs: 0, rounds: 2 });
  });

  test("a gap as long as the grace keeps the onset, a longer one starts over", () => {
    const before = foldAll([
      ["down", 0],
      ["down", 10],
    ]);
    expect(foldAll([["down", 310]], before)).toMatchObject({ onsetAt: NOW - SECOND, rounds: 3 });
    expect(foldAll([["down", 311]], before)).toMatchObject({
      onsetAt: NOW + 310 * SECOND,
      outageMs: 0,
      rounds: 1,
      ended: [],
    });
  });

  test("five minutes in which one vantage was silent and another kept voting down start nothing over", () => {
    const short = { ...policy(), graceMs: 3 * MINUTE };
    const gap = (seconds: number, kind: "one down" | "one blind" | "nobody", every = 15) => {
      let now = NOW + 10 * SECOND;
      let held = foldAll([
        ["down", 0],
        ["down", 10],
      ]);
      const round = (looks: ReturnType<typeof look>[]) => {
        const judgement = judgeObservations(facts({ now, looks }), short);
        held = trackOutage(held, { now, judgement, attemptEndedAt: null }, short);
      };
      const [first, ...rest] = short.vantages.map(({ name }) => name);
      const at = () => ({ startedAt: now - SECOND, endedAt: now });
      for (; now + every * SECOND < NOW + (10 + seconds) * SECOND; now += every * SECOND) {
        if (kind === "nobody") round([]);
        else {
          const blind = rest.map((name) => look(name, { ...at(), result: "blind" }));
          round([look(first ?? "", at()), ...(kind === "one blind" ? blind : [])]);
        }
      }
      now = NOW + (10 + seconds) * SECOND;
      round(short.vantages.map(({ name }) => look(name, at())));
      return [held.onsetAt === NOW - SECOND, held.outageMs / SECOND];
    };
    expect(gap(300, "one down")).toEqual([true, 10]);
    expect(gap(301, "one down")).toEqual([false, 0]);
    expect(gap(200, "nobody")).toEqual([false, 0]);
    expect(gap(200, "one blind")).toEqual([false, 0]);
    expect(gap(200, "one down", 75)).toEqual([false, 0]);
  });

  describe("a round in which one vantage votes down, one is silent and one blind", () => {
    const before = foldAll([
      ["down", 0],
      ["down", 10],
    ]);
    const short = { ...policy(), graceMs: 3 * MINUTE };
    /** Such rounds, and then one of a majority. */
    const hold = (seconds: readonly number[], downAt?: number) => {
      const rounds = seconds.map((second) => [second, ["no-answer", "blind"]] as const);
      const last = downAt === undefined ? [] : [[downAt, ["no-answer", "no-answer"]] as const];
      return [...rounds, ...last].reduce((held, [second, results]) => {
        const now = NOW + second * SECOND;
        const at = { startedAt: now - SECOND, endedAt: now };
        const looks = results.map((result, i) =>
          look(short.vantages[i]?.name ?? "", { ...at, result }),
        );
        const judgement = judgeObservations(facts({ now, looks }), short);
        return trackOutage(held, { now, judgement, attemptEndedAt: null }, short);
      }, before);
    };

    test("holds the outage a minute after the last one that did, and no later", () => {
      expect(hold([70]).heldUntilAt).toBe(NOW + 70 * SECOND);
      expect(hold([70, 130]).heldUntilAt).toBe(NOW + 130 * SECOND);
      expect(hold([70.001])).toEqual(before);
      expect(hold([70.001, 71])).toEqual(before);
    });

    test("keeps it for a minute more", () => {
      const onset = (downAt: number) => hold([70, 130, 190], downAt).onsetAt;
      expect([onset(250), onset(250.001)]).toEqual([NOW - SECOND, NOW + 249.001 * SECOND]);
    });

    test("and comes late changes nothing", () => {
      expect(hold([10])).toEqual(before);
      expect(hold([5])).toEqual(before);
    });

    test("begins nothing", () => {
      const judgement = judgeObservations(facts({ looks: [look("neu")] }), short);
      const round = { now: NOW, judgement, attemptEndedAt: null };
      expect(trackOutage(NO_OUTAGE, round, short)).toEqual(NO_OUTAGE);
    });
  });

  test("the newest proof of life is kept until there is a newer one", () => {
    const lived = foldAll([["life", 0]]);
    expect(lived.livedAt).toBe(NOW - SECOND);
    expect(foldAll([["blind", 10]], lived).livedAt).toBe(NOW - SECOND);
    expect(foldAll([["life", 10]], lived).livedAt).toBe(NOW + 9 * SECOND);
  });

  test("a round of up to a minute ago is one that comes late, of longer ago a clock that was set back", () => {
    const before = foldAll([
      ["down", 0],
      ["down", 10],
    ]);
    expect(foldAll([["down", -50]], before)).toEqual(before);
    expect(foldAll([["down", -50.001]], before)).toMatchObject({
      rounds: 3,
      lastDownAt: NOW - 50_001,
      outageMs: 10 * SECOND,
    });
  });

  test("a row that does not know its onset begins anew, whatever else it holds", () =>
    expect(fold(outage({ onsetAt: null, lastDownAt: NOW }), "down", NOW + SECOND)).toMatchObject({
      onsetAt: NOW,
      outageMs: 0,
      rounds: 1,
    }));

  test("where nothing was out nothing has ended, however short the interval", () => {
    const round = { now: NOW, judgement: seen("life", NOW), attemptEndedAt: null };
    expect(trackOutage(NO_OUTAGE, round, { ...policy(), intervalMs: SECOND }).ended).toEqual([]);
  });

  test("without an attempt nothing counts as being after one", () =>
    expect(
      foldAll([
        ["down", 0],
        ["down", 10],
      ]),
    ).toMatchObject({ outageMs: 10 * SECOND, attemptEndedAt: null, sinceAttemptMs: 0 }));

  test("blindness adds nothing and ends nothing", () =>
    expect(
      foldAll([
        ["down", 0],
        ["blind", 10],
        ["blind", 20],
        ["down", 30],
      ]),
    ).toMatchObject({
      outageMs: 30 * SECOND,
      rounds: 2,
    }));

  test("a sign of life ends the outage and starts the count anew", () =>
    expect(
      foldAll([
        ["down", 0],
        ["down", 10],
        ["life", 20],
        ["down", 30],
      ]),
    ).toMatchObject({
      outageMs: 0,
      rounds: 1,
      lastLifeAt: NOW + 20 * SECOND,
      ended: [{ rounds: 2, endedAt: NOW + 20 * SECOND }],
    }));

  test("one bad round that ended is noise, not an outage", () =>
    expect(
      foldAll([
        ["down", 0],
        ["life", 10],
      ]).ended,
    ).toEqual([]));

  test("an outage during which the application succeeded has been one all the same: it counts when it ends", () => {
    const spared = (before: Outage, now: number) => {
      const signsOfLife = [{ code: APPLICATION_SUCCEEDS, values: {} }];
      const judgement = { ...seen("down", now), signsOfLife };
      return trackOutage(before, { now, judgement, attemptEndedAt: null }, policy());
    };
    const once = spared(NO_OUTAGE, NOW);
    const twice = spared(once, NOW + 10 * SECOND);
    expect(twice).toMatchObject({ outageMs: 0, downMs: 10 * SECOND });
    expect(fold(once, "life", NOW + 10 * SECOND).ended).toEqual([]);
    expect(fold(twice, "life", NOW + 20 * SECOND)).toMatchObject({
      downMs: 0,
      ended: [{ rounds: 2 }],
    });
  });

  test("ended outages are forgotten after the flapping window", () => {
    const ended = foldAll([
      ["down", 0],
      ["down", 10],
      ["life", 20],
    ]);
    expect(foldAll([["life", 20 + 30 * 60 - 1]], ended).ended).toHaveLength(1);
    expect(foldAll([["life", 20 + 30 * 60]], ended).ended).toEqual([]);
  });

  test("90 s down and 60 s up, three times: three outages ended within half an hour", () => {
    const cycle = (from: number) =>
      [0, 18, 36, 54, 72].map((s) => ["down", from + s] as const).concat();
    const rounds = [0, 150, 300].flatMap((from) => [...cycle(from), ["life", from + 95] as const]);
    expect(foldAll(rounds).ended).toHaveLength(3);
  });

  test("a round that comes late adds nothing, and makes nothing count twice", () => {
    const straight = foldAll([
      ["down", 0],
      ["down", 10],
      ["down", 20],
    ]);
    const late = foldAll([
      ["down", 0],
      ["down", 10],
      ["down", 5],
      ["down", 20],
    ]);
    expect(late).toEqual(straight);
  });

  test("a clock set back by an hour stops the count once, and it goes on", () =>
    expect(
      foldAll([
        ["down", 0],
        ["down", 10],
        ["down", -3600],
        ["down", -3590],
      ]).outageMs,
    ).toBe(20 * SECOND));

  test("a clock set forward by an hour starts over", () =>
    expect(
      foldAll([
        ["down", 0],
        ["down", 10],
        ["down", 3600],
      ]).outageMs,
    ).toBe(0));

  test("partial loss lasts from the first round that shows it to the first that does not", () => {
    expect(
      foldAll([
        ["partial", 0],
        ["partial", 10],
      ]).partialSinceAt,
    ).toBe(NOW);
    expect(
      foldAll([
        ["partial", 0],
        ["life", 10],
      ]).partialSinceAt,
    ).toBeNull();
  });

  test("after our own attempt the outage counts anew, from its end", () => {
    const endedAt = NOW + 5 * SECOND;
    const first = fold(outage({ lastDownAt: NOW }), "down", NOW + 10 * SECOND, endedAt);
    const second = fold(first, "down", NOW + 20 * SECOND, endedAt);
    expect([first.sinceAttemptMs, second.sinceAttemptMs]).toEqual([5 * SECOND, 15 * SECOND]);
    expect(fold(second, "life", NOW + 30 * SECOND, endedAt).sinceAttemptMs).toBe(0);
    expect(fold(second, "down", NOW + 30 * SECOND, endedAt + 9 * SECOND).sinceAttemptMs).toBe(
      10 * SECOND,
    );
  });

  test("folding the same round twice changes nothing, whatever came before", () => {
    const rounds = fc.array(
      fc.tuple(
        fc.constantFrom<Seen[]>("down", "life", "blind", "gray", "partial"),
        fc.integer({ min: -400, max: 400 }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(rounds, (steps) => {
        let seconds = 0;
        let state = NO_OUTAGE;
        for (const [kind, step] of steps) {
          seconds += step;
          state = fold(state, kind, NOW + seconds * SECOND);
          expect(fold(state, kind, NOW + seconds * SECOND)).toEqual(state);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("no clock can make an outage longer than a minute a round", () => {
    const instants = fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 20 });
    fc.assert(
      fc.property(instants, (seconds) => {
        const state = foldAll(seconds.map((s) => ["down", s] as const));
        expect(state.outageMs).toBeLessThanOrEqual(Math.max(0, state.rounds - 1) * MINUTE);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("the grace", () => {
  test("is the gray one for two minutes after a look that was not served", () => {
    const o = foldAll([["gray", 0]]);
    expect(graceFor(o, NOW + 120 * SECOND, policy())).toBe(10 * MINUTE);
    expect(graceFor(o, NOW + 120 * SECOND + 1, policy())).toBe(5 * MINUTE);
  });

  test("both graces count from the same start", () => {
    const o = outage({ outageMs: 4 * MINUTE, lastNotServingAt: NOW });
    expect(graceLeft(o, NOW, policy())).toBe(6 * MINUTE);
    expect(graceLeft(o, NOW + 3 * MINUTE, policy())).toBe(MINUTE);
    expect(graceLeft(NO_OUTAGE, NOW, policy())).toBeNull();
  });
});
