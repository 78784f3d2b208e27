import { describe, expect, test } from "vitest";
import type { LossBound, Sample, SecondaryCommit } from "../../shared/domain/loss.ts";
import { measureLoss } from "../../shared/policy/evidence/measure-loss.ts";
import { ONSET, SECOND, sample } from "../support/facts.ts";

/** A commit that the new primary has, so many seconds before the onset. */
function kept(secondsBefore: number, database = "orders"): SecondaryCommit {
  const measuredAt = ONSET + 60 * SECOND;
  const lastCommitAgeMs = measuredAt - ONSET + secondsBefore * SECOND;
  return { database, measuredAt, lastCommitAgeMs, lastCommitMark: 1 };
}

/** A commit of the primary that we saw, so many seconds before the onset. */
const seen = (secondsBefore: number, database = "orders"): Sample =>
  sample({ database, measuredAt: ONSET - secondsBefore * SECOND, lastCommitAgeMs: 0 });

const measure = (
  samples: Sample[],
  secondaryCommits: SecondaryCommit[],
  bound: LossBound = { kind: "bounded", atMostMs: 30 * SECOND, database: "orders" },
) => measureLoss({ bound, samples, secondaryCommits, sampleEveryMs: 15 * SECOND });

describe("measureLoss()", () => {
  test("at least: what the primary had committed and the new one has not", () =>
    expect(measure([seen(5)], [kept(12)])).toEqual({
      atLeastSeconds: 7,
      atMostSeconds: 30,
      resolutionSeconds: 15,
    }));

  test("a new primary that has all we saw may have lost nothing", () =>
    expect(measure([seen(12)], [kept(5)]).atLeastSeconds).toBe(0));

  test("the worst database counts, each against itself", () =>
    expect(measure([seen(5), seen(5, "users")], [kept(12), kept(20, "users")]).atLeastSeconds).toBe(
      15,
    ));

  test("a commit whose age nobody said counts for nothing", () => {
    const unaged = sample({ measuredAt: ONSET, lastCommitAgeMs: null });
    expect(measure([unaged], [kept(12)]).atLeastSeconds).toBe(0);
    expect(measure([seen(5)], [{ ...kept(12), lastCommitAgeMs: null }]).atLeastSeconds).toBe(0);
    expect(measure([seen(5)], [kept(12, "users")]).atLeastSeconds).toBe(0);
  });

  test("at least is never more than at most", () =>
    expect(
      measure([seen(5)], [kept(12)], { kind: "bounded", atMostMs: 2_000, database: "orders" }),
    ).toMatchObject({ atLeastSeconds: 2, atMostSeconds: 2 }));

  test("an unknown bound stays unknown", () =>
    expect(
      measure([seen(5)], [kept(12)], { kind: "unknown", because: "no-evidence", database: null }),
    ).toMatchObject({ atLeastSeconds: 7, atMostSeconds: null }));

  test("tells tenths of a second", () =>
    expect(
      measure([], [], { kind: "bounded", atMostMs: 1_249, database: "orders" }).atMostSeconds,
    ).toBe(1.2));
});
