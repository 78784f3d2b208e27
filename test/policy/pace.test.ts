// What the looks of half an hour came to: a primary that sickened is not one that vanished.

import { describe, expect, test } from "vitest";
import { TALLIES_MAX, type Tally } from "../../shared/domain/tally.ts";
import { isSlow, tallyLook, wasSlowBefore } from "../../shared/policy/evidence/pace.ts";
import { look, MINUTE, NOW, ONSET, policy, SECOND } from "../support/facts.ts";

const HALF_MS = policy().probeTimeoutMs / 2;
const wrote = (latencyMs: number | null, startedAt = NOW) =>
  look("neu", { result: "writes", code: "ok", latencyMs, startedAt });

test("an answer is slow that took half the probe timeout or more", () => {
  expect(isSlow(wrote(HALF_MS), policy())).toBe(true);
  expect(isSlow(wrote(HALF_MS - 1), policy())).toBe(false);
  expect(isSlow(wrote(null), policy())).toBe(false);
});

describe("a tally", () => {
  const tally = (...looks: Parameters<typeof tallyLook>[1][]) =>
    looks.reduce<Tally[]>((before, seen) => tallyLook(before, seen, policy()), []);

  test("counts the looks of a minute: those that wrote, and of these the slow ones", () => {
    const failed = look("neu", { startedAt: NOW + 30 * SECOND });
    const slow = wrote(HALF_MS, NOW + 59 * SECOND);
    expect(tally(wrote(40), failed, slow, wrote(40, NOW + MINUTE))).toEqual([
      { at: NOW + MINUTE, looks: 1, wrote: 1, slow: 0 },
      { at: NOW, looks: 3, wrote: 2, slow: 1 },
    ]);
  });

  test("counts as slow only what wrote", () => {
    const refused = look("neu", { result: "alive", latencyMs: HALF_MS, startedAt: NOW });
    expect(tally(refused)).toEqual([{ at: NOW, looks: 1, wrote: 0, slow: 0 }]);
  });

  test("says nothing of a look that saw nothing", () =>
    expect(tally(look("neu", { result: "blind" }))).toEqual([]));

  test("keeps half an hour, newest first", () => {
    const minutes = Array.from({ length: 40 }, (_, at) => wrote(40, NOW + at * MINUTE));
    const kept = tally(...minutes);
    expect(kept).toHaveLength(TALLIES_MAX);
    expect(kept[0]?.at).toBe(NOW + 39 * MINUTE);
    expect(kept.at(-1)?.at).toBe(NOW + 10 * MINUTE);
  });

  test("forgets what a clock said that has jumped since", () => {
    const ahead = tally(wrote(40, NOW + 60 * MINUTE));
    expect(tallyLook(ahead, wrote(40), policy())).toEqual([
      { at: NOW, looks: 1, wrote: 1, slow: 0 },
    ]);
  });
});

describe("before it was lost the primary was slow", () => {
  const pace = (looks: number, slow: number, at = ONSET - MINUTE): Tally[] => [
    { at, looks, wrote: looks, slow },
  ];

  test("where most of at least twenty looks were", () => {
    expect(wasSlowBefore([pace(20, 11)], ONSET, 1)).toBe(true);
    expect(wasSlowBefore([pace(20, 10)], ONSET, 1)).toBe(false);
    expect(wasSlowBefore([pace(19, 19)], ONSET, 1)).toBe(false);
    expect(wasSlowBefore([pace(10, 6), pace(10, 6)], ONSET, 1)).toBe(true);
    expect(wasSlowBefore([], ONSET, 1)).toBe(false);
  });

  test("where a quorum of vantages says so, each for itself alone", () => {
    const lie = pace(100_000, 100_000);
    expect(wasSlowBefore([pace(20, 0), lie], ONSET, 2)).toBe(false);
    expect(wasSlowBefore([[], lie], ONSET, 2)).toBe(false);
    expect(wasSlowBefore([pace(20, 11), lie, pace(20, 0)], ONSET, 2)).toBe(true);
    expect(wasSlowBefore([pace(10, 6), pace(10, 6)], ONSET, 2)).toBe(true);
  });

  test("within half an hour before the onset, and not since", () => {
    expect(wasSlowBefore([pace(20, 20, ONSET - 30 * MINUTE)], ONSET, 1)).toBe(true);
    expect(wasSlowBefore([pace(20, 20, ONSET - 30 * MINUTE - 1)], ONSET, 1)).toBe(false);
    expect(wasSlowBefore([pace(20, 20, ONSET - 1)], ONSET, 1)).toBe(true);
    expect(wasSlowBefore([pace(20, 20, ONSET)], ONSET, 1)).toBe(false);
  });
});
