// The reason that each condition gives: what people are sent, what status shows, and what automation reads.

import { describe, expect, test } from "vitest";
import type { Condition, ConditionType } from "../../shared/domain/condition.ts";
import type { Decision, GuardFinding } from "../../shared/domain/decision.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import { wordsOf } from "../../shared/policy/conditions/conditions.ts";
import { evaluateConditions } from "../../shared/policy/conditions/evaluate-conditions.ts";
import { HELD_WORDS, TOLD_ELSEWHERE } from "../../shared/policy/conditions/find-held.ts";
import { OBSERVED } from "../../shared/policy/evidence/held-by-mode.ts";
import { ABSOLUTE_GUARDS } from "../../shared/policy/guards/absolute-guards.ts";
import { conditionEvidence, pause, TICK } from "../support/conditions.ts";
import { HOUR, look, MINUTE, NOW, SECOND } from "../support/facts.ts";

/** One condition at the first look, of the group if it is of one. */
function found(
  type: ConditionType,
  change: Partial<GroupEvidence>,
  site: Partial<ConditionEvidence> = {},
  subject: string | null = null,
): Condition | undefined {
  const { rows } = evaluateConditions(
    conditionEvidence(change, site),
    { shared: [], own: [] },
    NOW,
  );
  const of = rows.filter((row) => row.type === type && row.subject === subject);
  return of.find(({ group }) => group !== null) ?? of[0];
}

const trouble = { incidentId: "inc-1", sinceAt: NOW - MINUTE, outageKnownAt: NOW - MINUTE };
const silent = {
  site: "weu",
  region: "westeurope",
  answers: false,
  untaken: "too-large",
  leads: true,
} as const;

describe("held", () => {
  const guard = (change: Partial<GuardFinding> = {}): GuardFinding => ({
    guard: "seeding",
    strength: "absolute",
    state: "closed",
    because: { code: "seeding", values: { state: "SEEDING" } },
    ...change,
  });
  const liftable = guard({ guard: "cooldown", strength: "liftable" });
  const decision = (change: Partial<Decision>): Decision => ({
    rule: "absolute-guard",
    verdict: "hold",
    diagnosis: "regional-loss",
    because: [],
    kind: null,
    guards: [guard()],
    waitingFor: [],
    graceLeftMs: 0,
    ...change,
  });
  const held = (change: Partial<Decision>) => found("held", { decision: decision(change) });
  const SEEDING = { code: "seeding", values: { guard: "seeding", state: "SEEDING" } };

  test("names the guard that nobody lifts, not one that somebody may", () =>
    expect(held({ guards: [liftable, guard({ state: "open" }), guard()] })).toMatchObject({
      state: "bad",
      severity: "page",
      because: SEEDING,
    }));

  test("is unknown in a round that holds for another reason while the guard stands", () =>
    expect(held({ rule: "no-majority" })).toMatchObject({
      state: "unknown",
      severity: null,
      because: SEEDING,
    }));

  test("is well where the guard stands and somebody is asked, or somebody else acts", () => {
    for (const verdict of ["ask", "stand-down", "fail-over"] as const) {
      expect(held({ rule: "another", verdict })).toMatchObject({ state: "ok", because: null });
    }
  });

  test("is well where nothing is decided, and where what may be lifted alone is closed", () => {
    expect(found("held", { decision: null })).toMatchObject({ state: "ok", because: null });
    expect(held({ guards: [liftable] })).toMatchObject({ state: "ok", because: null });
  });

  test("says what to do about each guard that nobody lifts, and each rule: by hand where it can work alone", () => {
    const guards = ABSOLUTE_GUARDS.map(({ guard: id }) => id);
    const rules = ["failover-by-other", "roles-moved", ...OBSERVED, "refused-by-check"];
    const named = [...guards.filter((id) => !TOLD_ELSEWHERE.includes(id)), ...rules];
    expect(Object.keys(HELD_WORDS).toSorted()).toEqual(named.toSorted());
    const byHand = Object.entries(HELD_WORDS).filter(([, { repair }]) =>
      repair.includes("by hand"),
    );
    expect(byHand.map(([id]) => id)).toEqual(["frozen", ...OBSERVED]);
  });

  test("says since when there is trouble, not since when it holds", () =>
    expect(found("held", { decision: decision({}), trouble })?.because?.values).toEqual({
      ...SEEDING.values,
      downSinceAt: trouble.sinceAt,
    }));

  test("names the stores that hide the decision, in one order", () =>
    expect(found("held", { decision: "unknown", silentStores: ["weu", "neu"] })).toMatchObject({
      state: "unknown",
      because: { code: "store-silent", values: { stores: "neu, weu" } },
    }));
});

describe("paused", () => {
  test("is no page in trouble where no pause stands, or nobody can read whether one does", () => {
    expect(found("paused", { trouble })).toMatchObject({ state: "ok", severity: null });
    expect(found("paused", { trouble, pausesReadable: false })).toMatchObject({
      state: "unknown",
      severity: null,
      because: { code: "pause-unreadable", values: {} },
    });
  });

  test("names the pause that holds longest, in whatever order they are read", () => {
    const order = [
      pause({ owner: "own-and-old", pausedAt: NOW - 2 * HOUR }),
      pause({ owner: "own-and-new", pausedAt: NOW }),
      pause({ owner: "all", scope: "*", pausedAt: NOW - 3 * HOUR }),
      pause({ owner: "ends", pausedAt: NOW - 4 * HOUR, expiresAt: NOW + MINUTE }),
    ];
    for (const [at, longest] of order.entries()) {
      const rest = order.slice(at);
      for (const pauses of [rest, rest.toReversed()]) {
        expect(found("paused", { pauses })?.because?.values.owner).toBe(longest.owner);
      }
    }
  });
});

describe("vantage-blind", () => {
  const blind = (...looks: Parameters<typeof look>[1][]) =>
    found("vantage-blind", { looks: looks.map((change) => look("neu", change)) }, {}, "neu");

  test("says what the blind look met, and since when all have been blind", () =>
    expect(
      blind(
        { result: "writes", endedAt: NOW - 20 * SECOND },
        { result: "blind", code: "no-name", startedAt: NOW - 15 * SECOND, endedAt: NOW },
      ),
    ).toMatchObject({
      state: "bad",
      sinceAt: NOW - 15 * SECOND,
      because: { code: "blind-look", values: { answer: "no-name" } },
    }));

  test("is unknown where it has not looked lately, and says when it last did", () => {
    const lookedAt = NOW - 4 * TICK;
    expect(blind({ endedAt: lookedAt })).toMatchObject({
      state: "unknown",
      because: { code: "not-looked", values: { lookedAt } },
    });
    expect(blind()?.because).toEqual({ code: "not-looked", values: { lookedAt: null } });
  });
});

describe("site-silent", () => {
  const quiet = (quietMs: number | null) =>
    found("site-silent", {}, { otherSites: [{ site: "weu", quietMs, leads: true }] }, "weu");

  test("says when the site last ticked, or that nobody can tell", () => {
    expect(quiet(90 * SECOND)?.because).toEqual({
      code: "site-quiet",
      values: { tickedAt: NOW - 90 * SECOND },
    });
    expect(quiet(null)?.because).toEqual({ code: "site-unheard", values: {} });
    expect(quiet(0)).toMatchObject({ state: "ok", because: null });
  });
});

describe("ledger-silent", () => {
  test("names the store and why it takes nothing", () =>
    expect(found("ledger-silent", {}, { stores: [silent] }, "weu")).toMatchObject({
      state: "bad",
      severity: "notice",
      because: {
        code: "store-not-needed",
        values: { stores: "weu, westeurope", why: "too-large" },
      },
    }));

  test("says whether a failover needs it, and offers a failover by hand only where ours waits for it", () => {
    const words = (change: Partial<GroupEvidence>, subject: string | null) => {
      const row = found("ledger-silent", change, { stores: [silent] }, subject);
      return row === undefined ? null : wordsOf(row);
    };
    expect(words({}, "weu")?.means).toContain("no failover needs it");
    expect(words({ target: silent }, "weu")?.means).toContain("nothing is sent without it");
    for (const target of [silent, { ...silent, site: "neu" }]) {
      expect(words({ target }, "weu")?.repair).not.toContain("by hand");
    }
    expect(words({ target: silent, wouldActAt: NOW }, null)?.repair).toContain("by hand");
  });

  test("is well of a store that answers, and unknown of one that was not asked", () => {
    const state = (answers: boolean | null) =>
      found("ledger-silent", {}, { stores: [{ ...silent, answers }] }, "weu")?.state;
    expect([state(true), state(null)]).toEqual(["ok", "unknown"]);
  });

  test("is a page for a group from the moment at which this site would have acted, where the store is silent", () => {
    const severity = (answers: boolean | null, wouldActAt: number | null) =>
      found("ledger-silent", { target: { ...silent, answers }, wouldActAt })?.severity;
    expect([severity(false, NOW), severity(false, NOW + 1), severity(false, null)]).toEqual([
      "page",
      null,
      null,
    ]);
    expect([severity(true, NOW), severity(null, NOW)]).toEqual([null, null]);
  });
});

describe("ledger-unreadable", () => {
  test("names the stores that hide their rows, in one order", () =>
    expect(found("ledger-unreadable", { silentStores: ["weu", "neu"] })?.because).toEqual({
      code: "store-silent",
      values: { stores: "neu, weu" },
    }));
});
