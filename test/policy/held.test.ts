import { describe, expect, test } from "vitest";
import { decide, refuseUnsound } from "../../shared/policy/decide.ts";
import { conditionEvidence, pause, TICK, Watcher } from "../support/conditions.ts";
import {
  facts,
  logged,
  look,
  MINUTE,
  NOW,
  outage,
  policy,
  running,
  SECOND,
  trouble,
} from "../support/facts.ts";

const decisionOf = (change: Parameters<typeof facts>[0]) =>
  decide(facts(change), policy()).decision;
const STILL = decisionOf({ operation: running("scale", "unknown") });
const seen = (decision: typeof STILL | null | "unknown") => (now: number) =>
  conditionEvidence({ decision }, {}, now);
const told = (decision: typeof STILL | null | "unknown") =>
  new Watcher().watch(0, 10 * MINUTE, seen(decision)).told.map(({ what }) => what);

describe("a guard that nobody lifts, behind the grace", () => {
  test("is a page at the second tick that finds it, not at the first", () => {
    expect(new Watcher().watch(0, 10 * SECOND, seen(STILL)).told).toEqual([]);
    expect(told(STILL)).toEqual(["held bad page"]);
  });

  test("names what stands in the way", () => {
    const { rows } = new Watcher().look(conditionEvidence({ decision: STILL }), NOW);
    expect(rows.find(({ type }) => type === "held")?.because).toEqual({
      code: "operation-running",
      values: { guard: "operation-in-progress", name: "scale", by: "unknown" },
    });
  });

  test("that has a condition of its own is told there: a pause, and the claim's own store", () => {
    expect(told(decisionOf({ pause: [pause({ scope: facts().group, pausedAt: NOW })] }))).toEqual(
      [],
    );
    const silent = { kind: "unknown", because: "silent" } as const;
    expect(told(decisionOf({ claim: silent }))).toEqual([]);
  });
});

test("a decision that our own check refuses keeps as still as a guard, and is as urgent", () => {
  const unsound = { kind: "unsound", invariant: "I3", because: "sign-of-life" } as const;
  expect(told(refuseUnsound(decisionOf({}), unsound as never))).toEqual(["held bad page"]);
});

test("what acts, asks, waits or is nothing holds nobody", () => {
  const waits = decisionOf({ outage: outage({ outageMs: 0 }) });
  for (const decision of [decisionOf({}), waits, null]) expect(told(decision)).toEqual([]);
});

test("a decision that cannot be read is unknown: told by nobody, and never over", () => {
  expect(told("unknown")).toEqual([]);
  const watcher = new Watcher().watch(0, MINUTE, seen(STILL));
  watcher.watch(MINUTE, 10 * MINUTE, seen("unknown"));
  expect(watcher.told.map(({ what }) => what)).toEqual(["held bad page"]);
});

test("a round without a majority while the guard still stands is no end of it; that something may act is", () => {
  const still = running("scale", "unknown");
  const alone = decisionOf({ operation: still, looks: facts().looks.slice(0, 1) });
  expect([alone.rule, alone.verdict]).toEqual(["no-majority", "hold"]);
  const watcher = new Watcher();
  watcher.watch(0, MINUTE, seen(STILL));
  expect(watcher.watch(MINUTE, 10 * MINUTE, seen(alone)).told.map(({ what }) => what)).toEqual([
    "held bad page",
  ]);
  const over = watcher.watch(10 * MINUTE, 14 * MINUTE, seen(decisionOf({})));
  expect(over.told.map(({ what }) => what).at(-1)).toMatch(/^held over/);
});

describe("trouble that has lasted the group's rto", () => {
  const ONE = { looks: [look("neu"), look("sec", { result: "writes" })] };
  const oneSees = (change: Parameters<typeof facts>[0], mode = policy().mode) =>
    decide(
      facts({ ...ONE, outage: { ...outage(), trouble: trouble() }, ...change }),
      policy({ mode }),
    ).decision;
  const lasting = (decision: typeof STILL, lastedMs: number = policy().rtoMs) => {
    const sinceAt = NOW - lastedMs;
    const watcher = new Watcher().watch(0, 9 * SECOND + TICK, (now) =>
      conditionEvidence(
        { decision, trouble: { incidentId: "inc-1", sinceAt, outageKnownAt: null } },
        {},
        now,
      ),
    );
    const { because } = watcher.rows.find(({ type }) => type === "held") ?? {};
    return { told: watcher.told.map(({ what }) => what), rule: because?.values.rule };
  };

  test("and a guard that nobody lifts is a page, though no majority votes down", () => {
    const guarded = oneSees({ operation: running("scale", "unknown") });
    expect(guarded.rule).toBe("long-trouble-guarded");
    expect(lasting(guarded).told).toEqual(["held bad page"]);
  });

  test("and mode observe is a page that names it, whichever row holds for it", () => {
    const one = oneSees({}, "observe");
    const all = decide(facts(), policy({ mode: "observe" })).decision;
    expect([one, all].map(({ rule }) => rule)).toEqual(["long-trouble-observed", "observe"]);
    for (const decision of [one, all]) {
      expect(lasting(decision)).toEqual({ told: ["held bad page"], rule: decision.rule });
      expect(lasting(decision, policy().rtoMs - MINUTE).told).toEqual([]);
    }
  });

  test("and another's failover that we stand down for is a page: it may never end", () => {
    const theirs = oneSees({
      activity: [logged("failover", { startedAt: NOW - 10 * MINUTE })],
    });
    expect(theirs.verdict).toBe("stand-down");
    expect(lasting(theirs)).toEqual({ told: ["held bad page"], rule: "failover-by-other" });
    expect(lasting(theirs, MINUTE).told).toEqual([]);
  });

  test("is no page where a person is asked, or something acts", () => {
    const asked = oneSees({});
    expect(asked.verdict).toBe("ask");
    for (const decision of [asked, decisionOf({})]) expect(lasting(decision).told).toEqual([]);
  });
});
