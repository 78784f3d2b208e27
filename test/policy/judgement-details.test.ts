// What a judgement holds beside the votes: instants, codes and places, each at its own limit.

import { describe, expect, test } from "vitest";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { judgeObservations } from "../../shared/policy/evidence/judge-observations.ts";
import { facts, look, NOW, policy, SECOND, STILL_FRESH } from "../support/facts.ts";

const judge = (looks: Observation[], change: Partial<Facts> = {}) =>
  judgeObservations(facts({ looks, ...change }), policy());
const at = (ageMs: number) => ({ startedAt: NOW - ageMs, endedAt: NOW - ageMs + 2 });

describe("a judgement", () => {
  test("counts instants only of looks that failed", () => {
    const seen = judge([
      look("weu", { ...at(20 * SECOND), result: "writes", code: "ok" }),
      look("neu", at(9 * SECOND)),
      look("sec", { ...at(7 * SECOND), result: "not-serving", code: "40613" }),
    ]);
    expect(seen.firstFailedAt).toBe(NOW - 9 * SECOND);
    expect(seen.notServingAt).toBe(NOW - 7 * SECOND + 2);
    expect(seen.downCodes).toEqual(["40613", "login-timed-out"]);
  });

  test("has no instant where nothing failed", () => {
    const { firstFailedAt, notServingAt, downCodes } = judge([look("neu", { result: "blind" })]);
    expect({ firstFailedAt, notServingAt, downCodes }).toEqual({
      firstFailedAt: null,
      notServingAt: null,
      downCodes: [],
    });
  });

  test("takes the newest of those that were not served", () => {
    const hung = { result: "not-serving", code: "write-timed-out" } as const;
    const seen = judge([
      look("neu", { ...at(9_000), ...hung }),
      look("sec", { ...at(5_000), ...hung }),
    ]);
    expect(seen.notServingAt).toBe(NOW - 5_000 + 2);
    expect(seen.downCodes).toEqual(["write-timed-out"]);
  });

  test("names lost databases once each, in order, and of answered looks alone", () => {
    const partial = (name: string, ...failedDatabases: string[]) =>
      look(name, { result: "alive", code: "926", failedDatabases });
    const seen = judge([
      partial("weu", "users", "orders"),
      partial("neu", "orders"),
      look("sec", { failedDatabases: ["never"] }),
    ]);
    expect(seen).toMatchObject({ partialMajority: true, failedDatabases: ["orders", "users"] });
  });

  test.each([
    ["silent", null],
    ["blind", "blind"],
    ["down", "no-answer"],
    ["down", "not-serving"],
    ["up", "alive"],
    ["up", "writes"],
  ] as const)("calls the vantage inside %s when it says %s", (primaryVantage, result) => {
    const inside = result === null ? [] : [look("weu", { result })];
    const seen = judge([...inside, look("neu", { regionReference: "ok" }), look("sec")]);
    expect(seen.primaryVantage).toBe(primaryVantage);
    const quiet = primaryVantage === "silent" || primaryVantage === "blind";
    expect(seen.pathSeenBy).toBe(quiet ? "neu" : null);
  });

  test("hears of the way in from outside alone", () =>
    expect(judge([look("weu", { result: "blind", regionReference: "ok" })]).pathSeenBy).toBeNull());

  test("gives every configured vantage its line, heard or not", () =>
    expect(judge([look("neu", { latencyMs: 7 })]).votes).toEqual([
      {
        vantage: "weu",
        region: "westeurope",
        vote: "abstain",
        result: null,
        code: null,
        latencyMs: null,
        startedAt: null,
      },
      {
        vantage: "neu",
        region: "northeurope",
        vote: "down",
        result: "no-answer",
        code: "login-timed-out",
        latencyMs: 7,
        startedAt: STILL_FRESH,
      },
      {
        vantage: "sec",
        region: "swedencentral",
        vote: "abstain",
        result: null,
        code: null,
        latencyMs: null,
        startedAt: null,
      },
    ]));

  test("votes up for a write, abstains where it is alive or blind", () =>
    expect(
      judge([
        look("weu", { result: "writes" }),
        look("neu", { result: "alive" }),
        look("sec", { result: "blind" }),
      ]).votes.map(({ vote }) => vote),
    ).toEqual(["up", "abstain", "abstain"]));

  test("believes a look that began this very instant", () =>
    expect(judge([look("neu", { startedAt: NOW, endedAt: NOW })]).freshLooks).toBe(1));

  test("reads no ratio where there is none", () =>
    expect(judge([], { application: { kind: "not-configured" } }).signsOfLife).toEqual([]));
});
