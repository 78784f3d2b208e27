// Trouble: a primary that hardly takes a write, whatever any one look says of it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import type { LookResult, Observation } from "../../shared/domain/observation.ts";
import type { Trouble } from "../../shared/domain/outage.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { isTrouble, trackTrouble } from "../../shared/policy/evidence/track-trouble.ts";
import { facts, look, MINUTE, NOW, outage, policy, SECOND, trouble } from "../support/facts.ts";

type Words = "x" | "w" | "a" | "b" | "n" | ".";
const RESULTS: Readonly<Record<Exclude<Words, ".">, LookResult>> = {
  x: "no-answer",
  n: "not-serving",
  w: "writes",
  a: "alive",
  b: "blind",
};

const seenAt = (vantage: string, word: string, endedAt: number): Observation[] => {
  const result = RESULTS[word as Exclude<Words, ".">];
  if (result === undefined) return [];
  return [look(vantage, { result, startedAt: endedAt - SECOND, endedAt })];
};

/** One round every ten seconds; of each vantage one letter a round, or a point where nothing was heard. */
function play(
  said: Partial<Record<"weu" | "neu" | "sec", string>>,
  change: Partial<Facts> = {},
  before: Trouble | null = null,
): Trouble | null {
  const rounds = Math.max(...Object.values(said).map((words) => words.length));
  let standing = before;
  let looks: Observation[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const now = NOW + 10 * round * SECOND;
    const heard = Object.entries(said).flatMap(([name, words]) =>
      seenAt(name, words[round] ?? ".", now),
    );
    looks = [...looks, ...heard].slice(-60);
    const at = facts({ application: { kind: "not-configured" }, ...change, now, looks });
    standing = trackTrouble(standing, at, judgeObservations(at, policy()), policy());
  }
  return standing;
}

const times = (word: string, count: number) => word.repeat(count);

describe("trouble begins", () => {
  test("with the first look from outside that votes down, when that look began", () => {
    expect(play({ neu: "wx" })?.sinceAt).toBe(NOW + 9 * SECOND);
    expect(play({ neu: "n" })?.sinceAt).toBe(NOW - SECOND);
  });

  test.each([
    ["silence", { neu: ".." }],
    ["blindness", { neu: "bb", sec: "bb" }],
    ["what the vantage in the primary's own region sees alone", { weu: "xxx" }],
    ["a majority that is answered and refused", { neu: "x", sec: "a", weu: "a" }],
  ])("never with %s", (_, said) => expect(play(said)).toBeNull());
});

describe("trouble lasts", () => {
  test("through one lucky look in twelve", () =>
    expect(play({ neu: times("xxxxxxxxxxxw", 9) })).toMatchObject({ sinceAt: NOW - SECOND }));

  test("through silence and blindness, however long", () => {
    expect(play({ neu: `x${times(".", 60)}` })).not.toBeNull();
    expect(play({ neu: `x${times("b", 60)}`, sec: times("b", 61) })).not.toBeNull();
  });

  test("while half of the looks write, where the application is below its floor", () => {
    const failing = { kind: "ratio", value: 0.49, ageMs: 5 * MINUTE, windowMs: MINUTE } as const;
    const half = { neu: times("xw", 12) };
    expect(play(half, { application: failing })).not.toBeNull();
    expect(play(half, { application: { ...failing, value: 0.5 } })?.sinceAt).not.toBe(NOW - SECOND);
    expect(play(half, { application: { ...failing, ageMs: 5 * MINUTE + 1 } })?.sinceAt).not.toBe(
      NOW - SECOND,
    );
  });
});

describe("trouble ends", () => {
  test("when more than a tenth of at least twelve looks wrote", () => {
    expect(play({ neu: "xxxxxxxxxww" })).not.toBeNull();
    expect(play({ neu: "xxxxxxxxxxww" })).toBeNull();
  });

  test("by shares of vantages, not of looks: one that looks less often counts as much", () => {
    const often = times("x", 30);
    expect(play({ neu: often, sec: `x${times(".", 28)}w` })).toBeNull();
  });

  test("when every outside vantage that sees anything has voted otherwise for two minutes", () => {
    // Alive is no write: it ends trouble by lasting, not by its share.
    expect(play({ neu: `x${times("a", 12)}` })).not.toBeNull();
    expect(play({ neu: `x${times("a", 13)}` })).toBeNull();
    expect(play({ neu: `x${times("a", 13)}`, sec: times("x", 14) })).not.toBeNull();
  });

  test("not while those two minutes are broken by a vote down, or by nobody who sees", () => {
    expect(play({ neu: `x${times("a", 8)}x${times("a", 8)}` })).not.toBeNull();
    expect(play({ neu: `x${times("a", 8)}bbbb${times("a", 8)}` })).not.toBeNull();
  });

  test("by the looks of the last ten minutes alone", () =>
    expect(play({ neu: `${times("x", 90)}${times("xxxxw", 12)}` })?.sinceAt).not.toBe(
      NOW - SECOND,
    ));
});

describe("a round that is folded twice", () => {
  test("changes nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("x", "w", "a", "b", "n", "."), { maxLength: 40 }),
        (words) => {
          const looks = words.flatMap((word, at) => seenAt("neu", word, NOW - at * 5 * SECOND));
          const at = facts({ looks });
          const fold = (before: Trouble | null) =>
            trackTrouble(before, at, judgeObservations(at, policy()), policy());
          const once = fold(trouble({ sinceAt: NOW - 4 * MINUTE }));
          fc.pre(once !== null);
          expect(fold(once)).toEqual(once);
        },
      ),
      { seed: 11 },
    );
  });

  test("nor does a look that a peer tells again, a little younger by its way here", () => {
    const told = (endedAt: number) => facts({ looks: seenAt("neu", "x", endedAt) });
    const fold = (before: Trouble | null, at: Facts) =>
      trackTrouble(before, at, judgeObservations(at, policy()), policy());
    const once = fold(null, told(NOW - 3 * SECOND));
    expect(fold(once, told(NOW - SECOND))?.seen).toEqual(once?.seen);
  });
});

test("what the primary last answered, in whatever way, is remembered", () => {
  expect(play({ neu: "xnxx" })?.answeredAt).toBe(NOW + 9 * SECOND);
  expect(play({ neu: "xxxx", sec: "..a." })?.answeredAt).toBe(NOW + 19 * SECOND);
  expect(play({ neu: "xxxx", sec: "bbbb" })?.answeredAt).toBeNull();
});

test("it is long once it has lasted the rto, unless what is seen is about to be acted on", () => {
  const long = (change: Partial<Facts>) => {
    const at = facts(change);
    return isTrouble(at, judgeObservations(at, policy()), policy());
  };
  const { rtoMs, graceMs } = policy();
  const lasted = { trouble: trouble() };
  expect(long({ looks: [look("neu")], outage: outage(lasted) })).toBe(true);
  const short = { trouble: trouble({ sinceAt: NOW - rtoMs + 1 }) };
  expect(long({ looks: [look("neu")], outage: outage(short) })).toBe(false);
  expect(long({ outage: outage(lasted) })).toBe(false);
  expect(long({ outage: outage({ ...lasted, outageMs: graceMs - 1 }) })).toBe(true);
  expect(long({ outage: outage(lasted), secondaryAdvances: "yes" })).toBe(true);
  expect(long({ looks: [look("neu")], outage: outage() })).toBe(false);
});
