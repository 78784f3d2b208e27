import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blips, countBlips, NO_BLIPS } from "../../shared/domain/blips.ts";
import type { LookResult, Observation } from "../../shared/domain/observation.ts";
import { look, MINUTE, NOW, SECOND } from "../support/facts.ts";

const DAY = 24 * 60 * MINUTE;

/** A look every 15 seconds, one letter each: w writes, n no answer, g not served, b blind. */
function looks(letters: string, from = NOW, change: Partial<Observation> = {}): Observation[] {
  const RESULTS: Record<string, LookResult> = {
    w: "writes",
    n: "no-answer",
    g: "not-serving",
    b: "blind",
  };
  return [...letters].map((letter, i) =>
    look("neu", {
      result: RESULTS[letter] ?? "alive",
      startedAt: from + i * 15 * SECOND,
      endedAt: from + i * 15 * SECOND + SECOND,
      ...change,
    }),
  );
}

function count(all: readonly Observation[], before = NO_BLIPS): Blips {
  return countBlips(before, all) ?? before;
}

const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const silent = ({ periods }: Blips) => periods.map((period) => period.silent);

describe("a blip", () => {
  test("is from its first failed look to the end of the first that succeeds", () => {
    const [lengths] = silent(count(looks("wnnnw")));
    expect(lengths).toMatchObject({ longestMs: 46 * SECOND, longestAt: NOW + 15 * SECOND });
    expect(lengths?.counts).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("in which something answered and did not serve is a gray one", () => {
    const [period] = count(looks("wngnw")).periods;
    expect([total(period?.silent.counts ?? []), total(period?.gray.counts ?? [])]).toEqual([0, 1]);
  });

  test("that has not ended is not counted yet", () => {
    expect(silent(count(looks("wnnn")))[0]?.longestMs).toBe(0);
  });

  test("of a lost database is trouble as well", () => {
    const lost = looks("w", NOW + 15 * SECOND, { failedDatabases: ["orders"] });
    const seen = count([...looks("w"), ...lost, ...looks("w", NOW + 30 * SECOND)]);
    expect(seen.periods[0]?.gray.longestMs).toBe(16 * SECOND);
  });
});

describe("what nobody watched from end to end has no length", () => {
  test.each([
    ["the vantage went blind in it", looks("wnnbnw").slice(0, 5)],
    ["the site was silent in it", [...looks("wnn"), ...looks("w", NOW + 5 * MINUTE)]],
    [
      "the roles moved in it",
      [...looks("wnn"), ...looks("w", NOW + MINUTE, { target: "partner" as const })],
    ],
  ])("%s", (_, all) => {
    const seen = count(all);
    expect(silent(seen)[0]?.longestMs).toBe(0);
  });
});

describe("counting", () => {
  test("the same looks twice, or in two portions, is counting them once", () => {
    const any = fc
      .array(fc.constantFrom(..."wwwnngb"), { minLength: 1, maxLength: 30 })
      .map((letters) => looks(letters.join("")));
    fc.assert(
      fc.property(any, fc.nat(30), (all, cut) => {
        const once = count(all);
        expect(count(all, count(all.slice(0, cut)))).toEqual(once);
        expect(countBlips(once, all)).toBeNull();
      }),
    );
  });

  test("a look that began earlier and ended later than one that succeeded is no new trouble", () => {
    const late = looks("n", NOW + 40 * SECOND, { endedAt: NOW + 50 * SECOND });
    const seen = count([...looks("wnnw"), ...late, ...looks("w", NOW + MINUTE)]);
    expect(total(silent(seen).flatMap(({ counts }) => counts))).toBe(1);
  });

  test("days are counted once each, in periods of ten, of which ten are kept", () => {
    const days = Array.from({ length: 120 }, (_, i) => looks("ww", NOW + i * DAY)).flat();
    const { periods } = count(days);
    expect(periods).toHaveLength(10);
    expect(total(periods.map((period) => period.days))).toBeGreaterThanOrEqual(90);
    expect(Math.max(...periods.map((period) => period.days))).toBe(10);
  });

  test("goes on after the clock was set back by days", () => {
    const ahead = count(looks("wnw", NOW + 30 * DAY));
    expect(total(silent(count(looks("wnw"), ahead)).flatMap(({ counts }) => counts))).toBe(2);
  });
});
