import { describe, expect, test } from "vitest";
import { firstFailed, firstFailedLook } from "../../shared/policy/evidence/first-failed.ts";
import { look, NOW, policy, SECOND } from "../support/facts.ts";

const failedAt = (ageMs: number, change: Parameters<typeof look>[1] = {}) =>
  look("sec", { result: "no-answer", startedAt: NOW - ageMs, endedAt: NOW - ageMs, ...change });
const first = (looks: ReturnType<typeof look>[], lastLifeAt: number | null = null) =>
  firstFailed({ looks, primary: "home", now: NOW }, lastLifeAt, policy());

describe("firstFailed()", () => {
  test("is the oldest failed look, whoever saw it", () => {
    expect(first([failedAt(10 * SECOND), failedAt(90 * SECOND)])).toBe(NOW - 90 * SECOND);
  });

  test("also where the server said itself that it does not serve, and ended this instant", () => {
    const hangs = failedAt(10 * SECOND, { result: "not-serving", endedAt: NOW });
    expect(first([failedAt(SECOND), hangs])).toBe(NOW - 10 * SECOND);
  });

  test("counts nothing from before the last sign of life, nor from its very instant", () => {
    const looks = [failedAt(90 * SECOND), failedAt(30 * SECOND)];
    expect(first(looks, NOW - 90 * SECOND)).toBe(NOW - 30 * SECOND);
  });

  test("goes no further back than the grace", () => {
    const { graceMs } = policy();
    expect(first([failedAt(graceMs)])).toBeNull();
    expect(first([failedAt(graceMs - 1)])).toBe(NOW - graceMs + 1);
  });

  test("counts neither looks elsewhere, nor blind ones, nor looks of the future", () => {
    expect(
      first([
        failedAt(SECOND, { target: "partner" }),
        failedAt(SECOND, { result: "blind" }),
        failedAt(SECOND, { endedAt: NOW + 1 }),
      ]),
    ).toBeNull();
  });
});

describe("firstFailedLook()", () => {
  const lived = (ageMs: number, change: Parameters<typeof look>[1] = {}) =>
    failedAt(ageMs, { result: "alive", ...change });
  const since = (...looks: ReturnType<typeof look>[]) =>
    firstFailedLook({ looks, primary: "home", now: NOW }, policy());

  test("is the oldest failed look after the last one that was answered", () => {
    const failed = [failedAt(90 * SECOND), failedAt(30 * SECOND), failedAt(10 * SECOND)];
    expect(since(...failed)).toBe(NOW - 90 * SECOND);
    expect(since(...failed, lived(60 * SECOND))).toBe(NOW - 30 * SECOND);
    expect(since(...failed, lived(60 * SECOND, { result: "writes" }))).toBe(NOW - 30 * SECOND);
    expect(since(...failed, lived(20 * SECOND), lived(60 * SECOND))).toBe(NOW - 10 * SECOND);
  });

  test("is not undone by an answer of the other instance", () =>
    expect(since(failedAt(90 * SECOND), lived(60 * SECOND, { target: "partner" }))).toBe(
      NOW - 90 * SECOND,
    ));

  test("is unknown while nothing has failed", () => expect(since(lived(SECOND))).toBeNull());
});
