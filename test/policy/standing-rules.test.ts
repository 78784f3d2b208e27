import { replicationOf } from "../../shared/azure/replication.ts";
import { logged } from "../support/facts.ts";
// Who else may be at work, and what of it is ours.

import { describe, expect, test } from "vitest";
import type { Facts, OperationKind } from "../../shared/domain/facts.ts";
import { decide } from "../../shared/policy/decide.ts";
import { facts, MINUTE, NOW, policy, running, SETTLED } from "../support/facts.ts";

const inProgress = {
  groupState: { ...SETTLED, replication: replicationOf("FAILOVER_IN_PROGRESS") },
};
const primaryThere = { groupState: { ...SETTLED, targetRole: "primary" } } as const;
const runs = (by: "us" | "other" | "unknown", what: OperationKind = "failover") => ({
  operation: running(what, by),
});
const open = {
  claim: { kind: "open", state: "sent", epoch: 2, failover: "forced", sinceMs: 7 },
} as const;
const attempt = { attempt: { kind: "running", sinceMs: 7 } } as const;
const start = (agoMs: number) => logged("failover", { startedAt: NOW - agoMs });
const end = (how: "well" | "badly", agoMs: number, ours = false) =>
  logged("failover", { ours, ended: { at: NOW - agoMs, how } });
const long = { lastRoleChangeAt: null };

const CASES: readonly (readonly [string, Partial<Facts>, string])[] = [
  ["a failover of others", runs("other"), "failover-by-other"],
  ["a failover of others beside our claim", { ...runs("other"), ...open }, "failover-by-other"],
  ["a failover of whom?", runs("unknown"), "failover-by-other"],
  ["a failover of whom? while our claim is open", { ...runs("unknown"), ...open }, "claim-open"],
  [
    "a failover of whom? while our attempt runs",
    { ...runs("unknown"), ...attempt },
    "planned-running",
  ],
  ["a failover of ours", runs("us"), "absolute-guard"],
  ["work that is no failover", runs("other", "scale"), "absolute-guard"],
  ["a group in progress", inProgress, "failover-by-other"],
  ["a group in progress while our claim is open", { ...inProgress, ...open }, "claim-open"],
  ["a group in progress while our attempt runs", { ...inProgress, ...attempt }, "planned-running"],
  [
    "a group in progress and other work",
    { ...inProgress, ...runs("other", "scale") },
    "failover-by-other",
  ],
  ["a target that is primary", primaryThere, "roles-moved"],
  ["a target that is primary while our claim is open", { ...primaryThere, ...open }, "claim-open"],
  [
    "a target that is primary while our attempt runs",
    { ...primaryThere, ...attempt },
    "planned-running",
  ],
  ["a start half an hour ago", { activity: [start(30 * MINUTE)] }, "primary-lost"],
  ["a start a millisecond later", { activity: [start(30 * MINUTE - 1)] }, "failover-by-other"],
  [
    "a start, and its success",
    { ...long, activity: [start(90 * MINUTE), end("well", 80 * MINUTE)] },
    "primary-lost",
  ],
  ["a start, and its failure", { activity: [start(MINUTE), end("badly", MINUTE)] }, "primary-lost"],
  [
    "a start, and an end of ours",
    { activity: [start(MINUTE), end("badly", 0, true)] },
    "failover-by-other",
  ],
  [
    "a start, and an end before it",
    { activity: [start(MINUTE), end("badly", MINUTE + 1)] },
    "failover-by-other",
  ],
  [
    "a start, and other news",
    { activity: [start(MINUTE), logged("other", { startedAt: NOW })] },
    "failover-by-other",
  ],
  [
    "two starts, and one end",
    { activity: [start(2 * MINUTE), start(0), end("badly", MINUTE)] },
    "failover-by-other",
  ],
  ["other news alone", { activity: [logged("other", { startedAt: NOW })] }, "primary-lost"],
];

describe("who else is at work:", () => {
  test.each(CASES)("%s", (_, change, rule) =>
    expect(decide(facts(change), policy()).decision.rule).toBe(rule),
  );

  test("a start that is followed by a success is a role change, and cools down", () => {
    const activity = [start(MINUTE), end("well", 0)];
    const { decision } = decide(facts({ activity }), policy());
    expect(decision).toMatchObject({ rule: "guard", verdict: "ask" });
  });

  test("says by whom, as far as that is known", () => {
    const becauseOf = (change: Partial<Facts>) => decide(facts(change), policy()).decision.because;
    expect(becauseOf({ activity: [start(0)] })).toEqual([
      { code: "failover-in-progress", values: { by: "ada@example.net" } },
    ]);
    expect(becauseOf(runs("other"))).toEqual([
      { code: "failover-in-progress", values: { by: "not-us" } },
    ]);
    expect(becauseOf(open)).toEqual([
      { code: "claim-spent", values: { epoch: 2, state: "sent", sinceMs: 7 } },
    ]);
    expect(becauseOf(attempt)).toEqual([{ code: "planned-ends", values: { sinceMs: 7 } }]);
  });
});
