// Sites that do not see the same: one reaches what another does not. People hear once that something is so,
// and once that it is over, from a site that has seen both.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition } from "../../shared/domain/condition.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import {
  evaluateConditions,
  keyOf,
  noteTold,
  type Tell,
} from "../../shared/policy/conditions/evaluate-conditions.ts";
import { decide } from "../../shared/policy/decide.ts";
import { conditionEvidence, pause, Watcher } from "../support/conditions.ts";
import { facts, HOUR, look, MINUTE, NOW, policy, running, SECOND } from "../support/facts.ts";
import { THOROUGH } from "../support/thorough.ts";

const ROW = {
  group: "orders",
  kind: "claim",
  id: "one",
  store: "neu",
  because: "newer",
} as const;
const BAD = { unreadable: [ROW] };

/** What that site sees, and for how long it has not heard `weu`; null: it cannot tell. */
const from =
  (site: string, change: Partial<GroupEvidence>, weuQuietMs: number | null = 0) =>
  (now: number): ConditionEvidence => {
    const leads = change.leads ?? true;
    const otherSites = [{ site: site === "weu" ? "neu" : "weu", quietMs: weuQuietMs, leads }];
    return { ...conditionEvidence(change, { otherSites }, now), site };
  };
const ends = ({ told }: Watcher) => told.filter(({ what }) => what.includes(" over "));
/** `weu` has told that it is bad. */
const told = () => new Watcher().watch(0, 3 * MINUTE, from("weu", { ...BAD, leads: false }));

describe("what was told is over", () => {
  test("when the site that told it sees the end, whoever leads", () => {
    expect(ends(told().watch(3 * MINUTE, HOUR, from("weu", { leads: false })))).toEqual([
      { at: 3.5 * MINUTE, what: "ledger-unreadable over notice" },
    ]);
  });

  test("not when another sees it well, which may never have seen it otherwise", () => {
    expect(ends(told().watch(3 * MINUTE, 17 * MINUTE, from("neu", {})))).toEqual([]);
  });

  test("when who leads sees the end, where the site that told it is gone, and nobody else then", () => {
    expect(ends(told().watch(3 * MINUTE, HOUR, from("neu", { leads: false }, HOUR)))).toEqual([]);
    expect(ends(told().watch(3 * MINUTE, HOUR, from("neu", {}, HOUR)))).toEqual([
      { at: 3.5 * MINUTE, what: "ledger-unreadable over notice" },
    ]);
  });

  test("where that site cannot be seen from here: when it has not said again in time that it lasts", () => {
    // Told at a minute and a half, to be repeated after 15 minutes, and ten more.
    expect(ends(told().watch(3 * MINUTE, HOUR, from("neu", {}, null)))).toEqual([
      { at: 41.5 * MINUTE, what: "ledger-unreadable over notice" },
    ]);
  });

  test("when who saw it sees the end, also where another has repeated it that could not tell", () => {
    const blind = from("neu", { silentStores: ["neu"] });
    const watcher = told().watch(3 * MINUTE, 20 * MINUTE, blind);
    expect(watcher.told.at(-1)?.what).toBe("ledger-unreadable again page");
    expect(ends(watcher.watch(20 * MINUTE, 21 * MINUTE, from("weu", {})))).toHaveLength(1);
  });

  test("at once where that site is no longer in the file", () => {
    const alone = (now: number) => ({ ...from("neu", {})(now), otherSites: [] });
    expect(ends(told().watch(3 * MINUTE, HOUR, alone))).toHaveLength(1);
  });
});

const HELD = decide(facts({ operation: running("scale", "unknown") }), policy()).decision;
const SITES = ["weu", "neu", "sec"] as const;

/** What one of them sees, all the time. */
interface View {
  readonly group: Partial<GroupEvidence>;
  readonly leads: boolean;
  /** Stores that give it no answer. */
  readonly silent: readonly string[];
  /** For how long a fourth site has not ticked, as it sees it. */
  readonly quietMs: number | null;
}

const anyView: fc.Arbitrary<View> = fc.record({
  group: fc.record({
    unreadable: fc.constantFrom([], [ROW]),
    silentStores: fc.constantFrom([], ["weu"]),
    pauses: fc.constantFrom([], [pause()], [pause({ scope: "*" })]),
    pausesReadable: fc.boolean(),
    target: fc.record({
      site: fc.constant("neu"),
      answers: fc.constantFrom(true, false, null),
      region: fc.constant("northeurope"),
      untaken: fc.constant(null),
      leads: fc.boolean(),
    }),
    wouldActAt: fc.constantFrom(null, NOW, NOW + 5 * MINUTE),
    decision: fc.constantFrom<GroupEvidence["decision"][]>(null, "unknown", HELD),
    trouble: fc.constantFrom(null, { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW }),
    looks: fc.constantFrom([look("neu", { result: "blind" })], [look("neu")]),
  }),
  leads: fc.boolean(),
  silent: fc.subarray([...SITES]),
  quietMs: fc.constantFrom(null, 0, 5 * MINUTE),
});

function evidenceOf({ group, leads, silent, quietMs }: View, place: number, now: number) {
  const site = SITES[place] ?? "none";
  const others = SITES.filter((name) => name !== site).map((name) => ({ site: name, quietMs: 0 }));
  const looks = (group.looks ?? []).map((one) => ({ ...one, startedAt: now, endedAt: now }));
  return conditionEvidence(
    { ...group, looks, leads },
    {
      site,
      standInMs: Math.max(1, place) * MINUTE,
      otherSites: [...others, { site: "gone", quietMs }].map((other) => ({ ...other, leads })),
      stores: SITES.map((name) => ({
        site: name,
        answers: !silent.includes(name),
        region: "northeurope",
        untaken: null,
        leads,
      })),
    },
    now,
  );
}

/** What people hear in 20 minutes, over one ledger that all three reach. */
function hear(views: readonly View[]): readonly Tell[] {
  const shared = new Map<string, Condition>();
  const own = new Map<number, readonly Condition[]>();
  const sent: Tell[] = [];
  for (let at = NOW; at < NOW + 20 * MINUTE; at += 30 * SECOND) {
    for (const [place, view] of views.entries()) {
      const now = at + place * SECOND;
      const evidence = evidenceOf(view, place, now);
      const past = { shared: [...shared.values()], own: own.get(place) ?? [] };
      const { rows, keeps, tell } = evaluateConditions(evidence, past, now);
      const heard = new Map(
        tell.map((of) => [keyOf(of.condition), noteTold(of, evidence.site, now)]),
      );
      const left = rows.map((row) => heard.get(keyOf(row)) ?? row);
      own.set(place, left);
      for (const row of left) {
        if (keeps.has(keyOf(row)) || heard.has(keyOf(row))) shared.set(keyOf(row), row);
      }
      sent.push(...tell);
    }
  }
  return sent;
}

test("whatever each of three sites sees all the time: told once, and by nobody that it is over", () => {
  fc.assert(
    fc.property(fc.tuple(anyView, anyView, anyView), (views) => {
      const news = hear(views).filter(({ what }) => what === "bad" || what === "over");
      expect(news.filter(({ what }) => what === "over")).toEqual([]);
      const keys = news.map(({ condition }) => keyOf(condition));
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    }),
    { numRuns: THOROUGH ? 400 : 30 },
  );
});
