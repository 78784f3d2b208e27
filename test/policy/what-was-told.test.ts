// What a site makes of the rows that it finds: of its own last look, and of what others have told.

import { describe, expect, test } from "vitest";
import type { Condition } from "../../shared/domain/condition.ts";
import type { GroupEvidence } from "../../shared/policy/conditions/condition-row.ts";
import {
  evaluateConditions,
  heardAt,
  keyOf,
} from "../../shared/policy/conditions/evaluate-conditions.ts";
import { conditionEvidence, pause } from "../support/conditions.ts";
import { HOUR, MINUTE, NOW, SECOND } from "../support/facts.ts";

const QUIET = MINUTE;
const BAD: Partial<GroupEvidence> = {
  unreadable: [{ group: "orders", kind: "claim", id: "one", store: "neu", because: "newer" }],
};
const UNKNOWN: Partial<GroupEvidence> = { silentStores: ["weu"] };

/** Bad for ten minutes, and told by this site nine minutes ago. */
const TOLD: Condition = {
  type: "ledger-unreadable",
  group: "orders",
  subject: null,
  state: "bad",
  sinceAt: NOW - 10 * MINUTE,
  because: null,
  severity: "page",
  badSinceAt: NOW - 10 * MINUTE,
  timesTold: 1,
  step: 1,
  toldAt: NOW - 9 * MINUTE,
  toldSeverity: "page",
  toldBy: "neu",
  overToldAt: null,
};
const NEVER = { timesTold: 0, step: 0, toldAt: null, toldSeverity: null, toldBy: null } as const;
const ENDED = { state: "ok", timesTold: 0, badSinceAt: null } as const;

interface Given {
  readonly shared?: Partial<Condition>;
  readonly own?: Partial<Condition>;
  /** For how long each other site has been quiet, in this order. */
  readonly quietMs?: Readonly<Record<string, number>>;
}

/** What the next look of `neu`, which leads, makes of one row. */
function see(change: Partial<GroupEvidence>, { shared, own, quietMs }: Given = {}) {
  const rowsOf = (row?: Partial<Condition>) => (row === undefined ? [] : [{ ...TOLD, ...row }]);
  const past = { shared: rowsOf(shared), own: rowsOf(own) };
  const others = Object.entries(quietMs ?? { weu: 0, sec: 0 });
  const otherSites = others.map(([site, ms]) => ({ site, quietMs: ms, leads: true }));
  const found = evaluateConditions(conditionEvidence(change, { otherSites }), past, NOW);
  const key = keyOf({ ...TOLD, ...shared, ...own });
  return {
    row: found.rows.find((row) => keyOf(row) === key),
    keeps: found.keeps.has(key),
    tell: found.tell.filter(({ condition }) => keyOf(condition) === key).map(({ what }) => what),
  };
}

const because = expect.anything();

describe("a row that nobody was told of", () => {
  test("begins with the look that finds it bad", () =>
    expect(see(BAD).row).toEqual({
      ...TOLD,
      ...NEVER,
      because,
      sinceAt: NOW,
      badSinceAt: NOW,
    }));

  test("does not begin with one that cannot tell", () =>
    expect(see(UNKNOWN).row).toMatchObject({ state: "unknown", badSinceAt: null, toldAt: null }));

  test("is as old as the ledger knows it, for a site that has only just seen it", () => {
    const lately = { ...NEVER, sinceAt: NOW - SECOND, badSinceAt: NOW - SECOND };
    const { sinceAt, badSinceAt } = TOLD;
    expect(see(BAD, { shared: NEVER, own: lately }).row).toMatchObject({ sinceAt, badSinceAt });
  });

  test("is as old as this site has seen it, where another finds it well", () => {
    const badSinceAt = NOW - 5 * MINUTE;
    const own = { ...NEVER, sinceAt: NOW - MINUTE, badSinceAt };
    const { row } = see(BAD, { shared: { ...NEVER, ...ENDED }, own });
    expect(row).toMatchObject({ state: "bad", sinceAt: NOW - MINUTE, badSinceAt });
  });

  test("is said under one name by every site, which counts how often it was said", () => {
    const idsOf = (change: Partial<Condition>) =>
      evaluateConditions(
        conditionEvidence(BAD),
        { shared: [{ ...TOLD, ...change }], own: [] },
        NOW,
      ).tell.map(({ id }) => id);
    const name = `condition~orders~ledger-unreadable~${TOLD.badSinceAt}`;
    expect(idsOf(NEVER)).toEqual([`${name}~bad-1`]);
    expect(idsOf({ toldAt: NOW - 15 * MINUTE })).toEqual([`${name}~again-2`]);
  });
});

describe("what was told", () => {
  test("is known from the ledger to a site that has just started, and without it to the one that told", () => {
    const known = { row: { ...TOLD, because }, keeps: true, tell: [] };
    expect(see(BAD, { shared: {} })).toEqual(known);
    expect(see(BAD, { own: {} })).toEqual(known);
  });

  test("and could not be written down is not told again", () =>
    expect(see(BAD, { shared: NEVER, own: {} })).toMatchObject({
      row: { timesTold: 1, toldAt: TOLD.toldAt },
      tell: [],
    }));

  test("is over when this site's own looks have found it well for long enough", () => {
    const well = (ms: number) =>
      see({}, { shared: {}, own: { state: "ok", sinceAt: NOW - ms } }).tell;
    expect(well(30 * SECOND)).toEqual(["over"]);
    expect(well(30 * SECOND - 1)).toEqual([]);
  });

  test("has not been well for longer than since it was told: whoever told it has seen it then", () => {
    const own = { ...NEVER, ...ENDED, sinceAt: NOW - HOUR };
    const toldAt = NOW - 20 * SECOND;
    expect(see({}, { shared: { toldAt }, own })).toMatchObject({
      row: { state: "ok", sinceAt: toldAt },
      tell: [],
    });
  });

  test("and is over stays well since when it was well", () => {
    const ended = { ...ENDED, sinceAt: NOW - HOUR, overToldAt: NOW - MINUTE };
    expect(see({}, { shared: ended }).row).toMatchObject({ state: "ok", sinceAt: NOW - HOUR });
  });
});

describe("what comes back after its end", () => {
  const back = (change: Partial<Condition>) => ({
    shared: { ...ENDED, step: 3, ...change },
  });

  test("within an hour goes on waiting; an hour later it is new", () => {
    expect(see(BAD, back({ overToldAt: NOW - HOUR + 1 })).row).toMatchObject({
      step: 3,
      toldAt: TOLD.toldAt,
    });
    expect(see(BAD, back({ overToldAt: NOW - HOUR })).row).toMatchObject(NEVER);
  });

  test("is told after an hour at the latest, by who leads, whoever told it before", () => {
    const since = { sinceAt: NOW - 50 * MINUTE, badSinceAt: NOW - 50 * MINUTE };
    const waits = (toldAt: number) => {
      const overToldAt = NOW - 55 * MINUTE;
      return see(BAD, back({ ...since, state: "bad", overToldAt, toldAt, toldBy: "weu" }));
    };
    expect(waits(NOW - HOUR)).toMatchObject({ keeps: true, tell: ["bad"] });
    expect(waits(NOW - HOUR + 1)).toMatchObject({ keeps: true, tell: [] });
  });

  test("is told a minute later by another site, where who leads has not", () => {
    const evidence = conditionEvidence({ ...BAD, leads: false });
    const waits = (toldAt: number) => {
      const since = { sinceAt: NOW - 50 * MINUTE, badSinceAt: NOW - 50 * MINUTE };
      const row: Condition = { ...TOLD, ...ENDED, ...since, state: "bad", step: 3, toldAt };
      const past = { shared: [{ ...row, overToldAt: NOW - 55 * MINUTE }], own: [] };
      return evaluateConditions(evidence, past, NOW).tell.map(({ what }) => what);
    };
    expect(waits(NOW - HOUR - MINUTE)).toEqual(["bad"]);
    expect(waits(NOW - HOUR - MINUTE + 1)).toEqual([]);
  });

  test("is told by nobody while nobody can see it", () => {
    const since = { sinceAt: NOW - 2 * HOUR, badSinceAt: NOW - 2 * HOUR };
    const overToldAt = NOW - 2.5 * HOUR;
    const unseen = { ...since, state: "unknown", overToldAt, toldAt: NOW - 3 * HOUR } as const;
    expect(see(UNKNOWN, back(unseen)).tell).toEqual([]);
  });

  test("counts anew from what the evidence says: a pause after another one was not there before", () => {
    const before = { ...NEVER, type: "paused", severity: null } as const;
    const own = { ...before, sinceAt: NOW - 72 * HOUR, badSinceAt: NOW - 72 * HOUR };
    const told = (pausedAt: number) => see({ pauses: [pause({ pausedAt })] }, { own }).tell;
    expect(told(NOW)).toEqual([]);
    expect(told(NOW - 24 * HOUR)).toEqual(["bad"]);
  });
});

describe("the row of what another site has told", () => {
  const theirs = { toldBy: "weu" };

  test("is left to it while it ticks, whichever others are gone", () => {
    const keeps = (weu: number) =>
      see(BAD, { shared: theirs, quietMs: { sec: HOUR, weu, uks: HOUR } }).keeps;
    expect(keeps(QUIET - 1)).toBe(false);
    expect(keeps(QUIET)).toBe(true);
  });

  test("is left to it also where an earlier release told it as this one never does", () => {
    expect(see(BAD, { shared: { ...theirs, toldSeverity: null } }).keeps).toBe(false);
    const held = { ...theirs, type: "held", toldSeverity: "notice" } as const;
    expect(see({}, { shared: held }).keeps).toBe(false);
  });

  test("is kept by nobody else, nor is one of which nobody was told", () => {
    const evidence = conditionEvidence({ leads: false }, { stores: [], otherSites: [] });
    const everyGroup = { ...evidence.everyGroup, leads: false };
    const { keeps } = evaluateConditions({ ...evidence, everyGroup }, { shared: [], own: [] }, NOW);
    // A target's store and a vantage are judged by the site itself.
    expect([...keeps].sort()).toEqual(["orders~ledger-silent", "orders~vantage-blind~neu"]);
  });
});

describe("a row", () => {
  test("of every group has one name, and people heard of it when they were told that it is over, too", () => {
    expect(keyOf({ type: "paused", group: null, subject: null })).toBe("_all~paused");
    expect(keyOf({ type: "site-silent", group: "orders", subject: "weu" })).toBe(
      "orders~site-silent~weu",
    );
    expect(heardAt({ ...TOLD, overToldAt: NOW })).toBe(NOW);
    expect(heardAt({ ...TOLD, toldAt: null, overToldAt: NOW })).toBe(NOW);
    expect(heardAt({ ...TOLD, toldAt: null })).toBe(Number.NEGATIVE_INFINITY);
  });
});
