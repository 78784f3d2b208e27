import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { freshMs } from "../../shared/domain/policy.ts";
import { diagnose } from "../../shared/policy/evidence/diagnose.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { facts, look, MINUTE, NOW, peace, policy, SECOND, STILL_FRESH } from "../support/facts.ts";

const writes = { result: "writes", code: "ok", latencyMs: 40 } as const;
const judge = (change: Partial<Facts>, p = policy()) => judgeObservations(facts(change), p);
const names = (change: Partial<Facts>, p = policy()) =>
  diagnose(facts(change), judgeObservations(facts(change), p), p);

describe("judgeObservations()", () => {
  test("two of three, one of them outside, are a down-majority", () => {
    expect(judge({ looks: [look("weu"), look("neu")] }).downMajority).toBe(true);
    expect(judge({ looks: [look("neu")] }).downMajority).toBe(false);
  });

  test("two of four are none", () => {
    const vantages = [...policy().vantages, { name: "uks", region: "uksouth" }];
    expect(judge({}, policy({ vantages })).downMajority).toBe(false);
  });

  test("a majority inside the primary's region is none", () => {
    const vantages = policy().vantages.map(({ name }) => ({ name, region: "westeurope" }));
    expect(judge({}, policy({ vantages }))).toMatchObject({ down: 2, downMajority: false });
  });

  test.each([
    ["stale by a millisecond", { startedAt: STILL_FRESH - 1 }],
    ["timed by a clock that has since been set back", { startedAt: NOW + 1 }],
    ["at the other side", { target: "partner" }],
    ["of a vantage that is not configured", { vantage: "uks" }],
    ["blind", { result: "blind" }],
  ] as const)("a look %s is no vote", (_, change) =>
    expect(judge({ looks: [look("neu"), look("sec", change)] })).toMatchObject({
      down: 1,
      downMajority: false,
    }),
  );

  test("one vantage has one vote, its newest", () => {
    const older = look("neu");
    const newer = look("neu", { startedAt: NOW - SECOND, ...writes });
    const counted = { down: 0, freshLooks: 1 };
    expect(judge({ looks: [older, older, newer] })).toMatchObject(counted);
    expect(judge({ looks: [newer, older, older] })).toMatchObject(counted);
    const again = look("neu", { startedAt: NOW });
    expect(judge({ looks: [again, newer, older] })).toMatchObject({ ...counted, down: 1 });
  });

  test("of two looks begun at once the one in the primary's favour speaks, in whatever order", () => {
    const favour = ["writes", "alive", "blind", "not-serving", "no-answer"] as const;
    const resultOf = (looks: Observation[]) =>
      judge({ looks }).votes.find(({ vantage }) => vantage === "neu")?.result;
    for (const [i, better] of favour.entries()) {
      for (const worse of favour.slice(i + 1)) {
        const [a, b] = [look("neu", { result: better }), look("neu", { result: worse })];
        expect([resultOf([a, b]), resultOf([b, a])]).toEqual([better, better]);
      }
    }
  });

  test("any fresh answer from anywhere is a sign of life, a stale one is not", () => {
    const alive = { result: "alive", code: "18456" } as const;
    const lives = (change: Parameters<typeof look>[1]) =>
      judge({ looks: [look("neu"), look("sec"), look("weu", change)] }).signsOfLife.length;
    expect(lives(alive)).toBe(1);
    expect(lives({ ...alive, startedAt: NOW - freshMs(policy()) })).toBe(0);
  });

  test("a vantage that has gone blind takes nothing back of the life that it saw while that was fresh", () => {
    const blind = look("weu", { result: "blind", startedAt: NOW });
    const saw = (change: Partial<Observation>) =>
      judge({ looks: [look("weu", change), blind, look("neu"), look("sec")] });
    expect(saw({ result: "alive" }).signsOfLife).toHaveLength(1);
    expect(saw({ result: "alive" }).votes[0]).toMatchObject({ vote: "abstain", result: "blind" });
    expect(saw({ result: "alive", startedAt: NOW - freshMs(policy()) }).signsOfLife).toEqual([]);
    expect(saw({}).signsOfLife).toEqual([]);
    expect(saw({}).down).toBe(2);
  });

  test("the application is a sign of life at its floor, counted since the onset, at most five minutes ago", () => {
    const lives = (value: number, ageMs: number, windowMs = MINUTE, change = {}) => {
      const application = { kind: "ratio", value, ageMs, windowMs } as const;
      return judge({ application }, policy(change)).signsOfLife.length;
    };
    expect(lives(0.5, 0)).toBe(1);
    expect(lives(0.49, 0)).toBe(0);
    expect(lives(1, 5 * MINUTE, MINUTE - 1)).toBe(1);
    expect(lives(1, 5 * MINUTE, MINUTE)).toBe(0);
    expect(lives(1, 5 * MINUTE + 1, 0)).toBe(0);
    expect(lives(1, 0, MINUTE, { applicationFloor: null })).toBe(0);
  });

  test("the onset is the start of the first look that failed", () =>
    expect(
      judge({ looks: [look("neu", { startedAt: NOW - 9 }), look("sec", { startedAt: NOW - 7 })] })
        .firstFailedAt,
    ).toBe(NOW - 9));

  test("failing storage is as new as the last look that met it, and a look that writes is no less one", () => {
    const met = (vantage: string, startedAt: number) =>
      look(vantage, { result: "not-serving", code: "9001", startedAt });
    const looks = [met("weu", NOW - 2 * SECOND), met("neu", NOW - SECOND), look("sec", writes)];
    expect(judge({ looks })).toMatchObject({ storageFailedAt: NOW - SECOND, wrote: true });
  });

  test("partial loss takes a majority as well", () => {
    const partial = { ...writes, failedDatabases: ["orders"] };
    const one = [look("weu", writes), look("neu", writes), look("sec", partial)];
    const two = [look("weu", writes), look("neu", partial), look("sec", partial)];
    expect(judge({ looks: one }).partialMajority).toBe(false);
    expect(judge({ looks: two })).toMatchObject({
      partialMajority: true,
      failedDatabases: ["orders"],
    });
  });
});

describe("diagnose()", () => {
  const both = (change: Parameters<typeof look>[1]) => [look("neu", change), look("sec", change)];
  const reachedFromOutside = look("neu", { regionReference: "ok" });

  test.each([
    ["regional-loss", {}],
    ["regional-loss", { looks: [...both({}), look("weu", { result: "blind" })] }],
    ["instance-loss", { looks: [...both({}), look("weu")] }],
    ["path", { looks: [reachedFromOutside, look("sec")] }],
    ["path", { looks: [reachedFromOutside, look("sec"), look("weu", { result: "blind" })] }],
    ["instance-loss", { looks: [reachedFromOutside, look("sec"), look("weu")] }],
    ["path", { looks: [...both({}), look("weu", writes)] }],
    ["gray-writes", { looks: both({ result: "not-serving", code: "write-timed-out" }) }],
    ["regional-loss", { looks: both({ result: "not-serving", code: "40613" }) }],
    [
      "key-unreachable",
      { keyPath: { kind: "unknown", reason: "unreachable", because: "AkvKeyTimeout" } },
    ],
    ["key-denied", { keyPath: { kind: "denied", code: "AkvKeyDeleted", ageMs: 0 } }],
    [
      "key-denied",
      { inaccessible: { kind: "read", databases: [{ name: "orders", reason: "key-denied" }] } },
    ],
    [
      "regional-loss",
      {
        inaccessible: { kind: "read", databases: [{ name: "orders", reason: "key-unreachable" }] },
      },
    ],
    ["partial-loss", { looks: both({ ...writes, failedDatabases: ["orders"] }) }],
    ["dns", { looks: both({ result: "blind", code: "no-name" }) }],
    ["identity", { looks: both({ result: "alive", code: "18456" }) }],
    ["overload", { looks: both({ result: "alive", code: "10928" }) }],
    ["gray-latency", { looks: both({ ...writes, latencyMs: 4_000 }) }],
    ["none", { looks: both({ ...writes, latencyMs: 3_999 }) }],
    ["unclear", { looks: [look("neu")] }],
    ["unclear", { looks: [] }],
    ["none", { looks: both({ result: "alive", code: "no-canary" }) }],
  ] as [string, Partial<Facts>][])("%s", (diagnosis, change) =>
    expect(names(change)).toBe(diagnosis),
  );

  test("advice names what is wrong only while the primary serves", () => {
    const advice = [
      { source: "maintenance", kind: "bad", said: "planned", ageMs: 0 },
      { source: "secondary-arm", kind: "failing", said: "5xx", ageMs: 0 },
    ] as const;
    const named = (given: Facts) => diagnose(given, judgeObservations(given, policy()), policy());
    expect(named(peace({ advice: [advice[0]] }))).toBe("maintenance");
    expect(named(peace({ advice: [advice[1]] }))).toBe("control-plane");
    expect(named(facts({ advice: [...advice] }))).toBe("regional-loss");
  });
});

describe("the newest proof of life", () => {
  const livedAt = (change: Parameters<typeof facts>[0]) =>
    judgeObservations(facts(change), policy()).livedAt;
  const failed = look("sec");

  test("of a look is when it began, of the secondary now, of telemetry never", () => {
    const early = look("neu", { result: "alive", startedAt: NOW - 20_000 });
    const late = look("weu", { result: "writes", startedAt: NOW - 15_000 });
    expect(livedAt({ looks: [early, late, failed] })).toBe(NOW - 15_000);
    const application = { kind: "ratio", value: 0.5, ageMs: 5_000, windowMs: 60_000 } as const;
    expect(livedAt({ looks: [early, failed], application })).toBe(NOW - 20_000);
    expect(livedAt({ looks: [early], application, secondaryAdvances: "yes" })).toBe(NOW);
  });

  test("is not given by what shows no life", () => {
    const application = { kind: "ratio", value: 0.49, ageMs: 0, windowMs: 60_000 } as const;
    expect(livedAt({ looks: [failed], application, secondaryAdvances: "no" })).toBeNull();
  });
});
