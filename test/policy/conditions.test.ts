import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { GroupEvidence } from "../../shared/policy/conditions/condition-row.ts";
import { CONDITIONS, conditionRow } from "../../shared/policy/conditions/conditions.ts";
import { evaluateConditions } from "../../shared/policy/conditions/evaluate-conditions.ts";
import { conditionEvidence, groupEvidence, pause, TICK, Watcher } from "../support/conditions.ts";
import { HOUR, look, MINUTE, NOW, SECOND } from "../support/facts.ts";

const DAY = 24 * HOUR;

const seen = (change: Partial<GroupEvidence> = {}) => {
  return (now: number) => conditionEvidence(change, {}, now);
};
const blind = (now: number) =>
  conditionEvidence({
    looks: [look("neu", { result: "blind", code: "no-name", startedAt: now, endedAt: now })],
  });
const quiet = (ms: number | null) => (now: number) =>
  conditionEvidence({}, { otherSites: [{ site: "weu", quietMs: ms, leads: true }] }, now);
const row = (kind: string) => ({
  group: "orders",
  kind,
  id: "one",
  store: "neu",
  because: "newer" as const,
});
const TROUBLE = { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW };
const whats = (watcher: Watcher) => watcher.told.map(({ what }) => what);

describe("a condition that lasts", () => {
  test("is told once, again after 15 min, 1 h, 6 h and then daily, and once when it is over", () => {
    const watcher = new Watcher().watch(0, 4 * DAY, blind, MINUTE);
    watcher.watch(4 * DAY, 4 * DAY + HOUR, seen());
    const gaps = [15 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, DAY];
    const again = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((sum, ms) => sum + ms, 0));
    expect(watcher.told).toEqual([
      { at: 3 * MINUTE, what: "vantage-blind bad notice" },
      ...again.map((ms) => ({ at: 3 * MINUTE + ms, what: "vantage-blind again notice" })),
      { at: 4 * DAY + 2 * MINUTE, what: "vantage-blind over notice" },
    ]);
  });

  test("is not told when it was gone before its time, however often that happens", () => {
    const watcher = new Watcher();
    for (let minute = 0; minute < 300; minute += 3) {
      watcher.watch(minute * MINUTE, (minute + 2.75) * MINUTE, blind);
      watcher.watch((minute + 2.75) * MINUTE, (minute + 3) * MINUTE, seen());
    }
    expect(watcher.told).toEqual([]);
  });

  test("is not over for a moment in which it looked well", () => {
    const watcher = new Watcher().watch(0, 4 * MINUTE, blind);
    watcher.watch(4 * MINUTE, 5.75 * MINUTE, seen()).watch(5.75 * MINUTE, 10 * MINUTE, blind);
    expect(whats(watcher)).toEqual(["vantage-blind bad notice"]);
  });

  test("that comes back soon goes on waiting, an hour at most", () => {
    const watcher = new Watcher();
    for (let period = 0; period < 40; period++) {
      const at = period * 10 * MINUTE;
      watcher.watch(at, at + 5 * MINUTE, blind).watch(at + 5 * MINUTE, at + 10 * MINUTE, seen());
    }
    const bad = watcher.told.filter(({ what }) => what.includes(" bad "));
    const gaps = bad.slice(1).map(({ at }, i) => at - (bad[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15 * MINUTE);
    expect(gaps.slice(1).every((ms) => ms >= HOUR && ms <= HOUR + 10 * MINUTE)).toBe(true);
    expect(watcher.told).toHaveLength(2 * bad.length);
  });

  test("that nobody can see any more is not over, and is told again as it was", () => {
    const watcher = new Watcher().watch(0, 4 * MINUTE, blind);
    watcher.watch(4 * MINUTE, HOUR, seen({ looks: [] }));
    expect(whats(watcher)).toEqual(["vantage-blind bad notice", "vantage-blind again notice"]);
    expect(watcher.rows.find(({ type }) => type === "vantage-blind")).toMatchObject({
      state: "unknown",
      because: { code: "not-looked" },
    });
  });

  test("counts as told only when it was sent: until then every look gives the same message", () => {
    const watcher = new Watcher().watch(0, 3 * MINUTE, blind);
    const now = NOW + 3 * MINUTE;
    const rows = watcher.rows;
    const [one] = watcher.look(blind(now), now).tell;
    watcher.rows = rows;
    const [two] = watcher.look(blind(now + TICK), now + TICK).tell;
    expect(one?.id).toBe(two?.id);
    expect(one?.id).toMatch(/^[\w~-]+$/);
  });

  test("is known from the copy that knows of the newest telling, whichever store was away", () => {
    const watcher = new Watcher().watch(0, 2 * MINUTE, blind);
    const old = watcher.rows;
    const { rows } = watcher.watch(2 * MINUTE, 4 * MINUTE, blind);
    const now = NOW + 4 * MINUTE;
    for (const shared of [
      [...old, ...rows],
      [...rows, ...old],
    ]) {
      expect(evaluateConditions(blind(now), { shared, own: [] }, now).tell).toEqual([]);
    }
  });

  test("a clock that is ahead delays a telling, and silences none", () => {
    const watcher = new Watcher().watch(0, 4 * MINUTE, blind);
    watcher.rows = watcher.rows.map((known) =>
      known.toldAt === null ? known : { ...known, toldAt: NOW + 10 * DAY },
    );
    watcher.watch(4 * MINUTE, 20 * MINUTE, blind);
    expect(whats(watcher)).toEqual(["vantage-blind bad notice", "vantage-blind again notice"]);
  });
});

test("72 quiet hours tell nothing", () => {
  expect(new Watcher().watch(0, 72 * HOUR, seen(), MINUTE).told).toEqual([]);
});

describe("ledger-unreadable", () => {
  test.each(["incident", "claim", "pause"])(
    "an unreadable %s is a page after two ticks",
    (kind) => {
      const watcher = new Watcher().watch(0, 10 * MINUTE, seen({ unreadable: [row(kind)] }));
      expect(watcher.told).toEqual([{ at: 30 * SECOND, what: "ledger-unreadable bad page" }]);
    },
  );

  test.each(["watch", "ask", "failback", "override"])("an unreadable %s is a notice", (kind) => {
    const watcher = new Watcher().watch(0, 10 * MINUTE, seen({ unreadable: [row(kind)] }));
    expect(whats(watcher)).toEqual(["ledger-unreadable bad notice"]);
  });

  test("a cache that the next tick rebuilds is no news", () => {
    const watcher = new Watcher().watch(0, TICK, seen({ unreadable: [row("watch")] }));
    expect(watcher.watch(TICK, HOUR, seen()).told).toEqual([]);
  });

  test("a notice that becomes a page is told at once, and soon again", () => {
    const watcher = new Watcher().watch(0, 5 * HOUR, seen({ unreadable: [row("ask")] }));
    const rows = [row("ask"), row("claim")];
    watcher.watch(5 * HOUR, 5.5 * HOUR, seen({ unreadable: rows }));
    expect(watcher.told.slice(-2)).toEqual([
      { at: 5 * HOUR, what: "ledger-unreadable worse page" },
      { at: 5 * HOUR + 15 * MINUTE, what: "ledger-unreadable again page" },
    ]);
  });

  test("names the rows that keep everything still first, in one order whatever the stores'", () => {
    const rows = [row("ask"), row("watch"), row("claim"), row("pause"), row("claim")];
    const [forth, back] = [rows, rows.toReversed()].map((unreadable) => {
      const { rows: all } = new Watcher().look(conditionEvidence({ unreadable }), NOW);
      return all.find(({ type, group }) => type === "ledger-unreadable" && group !== null)?.because;
    });
    expect(forth).toEqual({
      code: "rows-unreadable",
      values: { rows: 5, first: "claim at neu (newer), pause at neu (newer), ask at neu (newer)" },
    });
    expect(back).toEqual(forth);
  });

  test("a silent store hides its rows: unknown, and told by nobody", () => {
    const watcher = new Watcher().watch(0, HOUR, seen({ silentStores: ["weu"] }));
    expect(watcher.told).toEqual([]);
    const of = watcher.rows.find(({ type, group }) => type === "ledger-unreadable" && group);
    expect(of).toMatchObject({ state: "unknown", because: { code: "store-silent" } });
  });
});

describe("paused", () => {
  const paused = (change: Partial<GroupEvidence> = {}) =>
    seen({ pauses: [pause({ pausedAt: NOW })], ...change });

  test("a pause without an end is a notice when it is a day old", () => {
    const watcher = new Watcher().watch(0, 1.5 * DAY, paused(), MINUTE);
    expect(watcher.told[0]).toEqual({ at: DAY, what: "paused bad notice" });
  });

  test("a pause with an end is seen by whoever looks, and told to nobody in peace", () => {
    const pauses = [pause({ expiresAt: NOW + 9 * DAY })];
    const watcher = new Watcher().watch(0, 3 * DAY, seen({ pauses }), MINUTE);
    expect(watcher.told).toEqual([]);
    expect(watcher.rows).toContainEqual(
      expect.objectContaining({ type: "paused", state: "bad", group: "orders" }),
    );
  });

  test("under trouble it is a page at once, and again every 15 minutes as long as it stands", () => {
    const watcher = new Watcher().watch(0, 5 * MINUTE, paused());
    watcher.watch(5 * MINUTE, 65 * MINUTE, paused({ trouble: TROUBLE }));
    watcher.watch(65 * MINUTE, 66 * MINUTE, seen());
    expect(watcher.told).toEqual([
      { at: 5 * MINUTE, what: "paused bad page" },
      ...[20, 35, 50].map((at) => ({ at: at * MINUTE, what: "paused again page" })),
      { at: 65 * MINUTE, what: "paused over notice" },
    ]);
  });

  test("what one vantage alone sees is a page once it has lasted the grace", () => {
    const trouble = { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: null };
    const watcher = new Watcher().watch(0, 10 * MINUTE, paused({ trouble }));
    expect(watcher.told).toEqual([{ at: 5 * MINUTE, what: "paused bad page" }]);
  });

  test("one for every group is told once in peace, and for the group that is in trouble", () => {
    const pauses = [pause({ scope: "*", pausedAt: NOW - 2 * DAY })];
    const everyGroup = { ...conditionEvidence().everyGroup, pauses };
    const [orders, billing] = ["orders", "billing"].map((group) =>
      groupEvidence({ group, pauses }),
    );
    if (orders === undefined || billing === undefined) throw new Error("two groups");
    const watcher = new Watcher();
    watcher.look(conditionEvidence({}, { everyGroup, groups: [orders, billing] }), NOW);
    expect(whats(watcher)).toEqual(["paused bad notice"]);
    const sick = { ...billing, trouble: TROUBLE };
    watcher.look(conditionEvidence({}, { everyGroup, groups: [orders, sick] }), NOW + TICK);
    expect(whats(watcher).slice(1)).toEqual(["paused bad page"]);
  });

  test("pauses that nobody can read are unknown", () => {
    const { rows } = new Watcher().look(conditionEvidence({ pausesReadable: false }), NOW);
    expect(rows).toContainEqual(
      expect.objectContaining({ type: "paused", group: "orders", state: "unknown" }),
    );
  });

  test("the pause that holds longest is the one that is named", () => {
    const pauses = [
      pause({ owner: "bot", expiresAt: NOW + MINUTE }),
      pause({ owner: "all", scope: "*", pausedAt: NOW - DAY }),
      pause({ owner: "kim" }),
      pause({ owner: "late", pausedAt: NOW }),
      pause({ owner: "over", expiresAt: NOW }),
    ];
    const { rows } = new Watcher().look(conditionEvidence({ pauses }), NOW);
    const of = rows.find(({ type, group }) => type === "paused" && group === "orders");
    expect(of?.because?.values.owner).toBe("kim");
  });
});

describe("vantage-blind", () => {
  test("blind from the first blind look, also when the site has just started", () => {
    const at = (seconds: number, result: "blind" | "writes") =>
      look("neu", {
        result,
        startedAt: NOW - (seconds + 1) * SECOND,
        endedAt: NOW - seconds * SECOND,
      });
    const looks = [at(240, "writes"), at(180, "blind"), at(90, "blind"), at(1, "blind")];
    const { tell } = new Watcher().look(conditionEvidence({ looks }), NOW);
    expect(tell.map(({ what }) => what)).toEqual(["bad"]);
  });

  test("a site that sees a dead primary is not blind", () => {
    const dead = (now: number) =>
      conditionEvidence({ looks: [look("neu", { startedAt: now - 8 * SECOND, endedAt: now })] });
    expect(new Watcher().watch(0, HOUR, dead).told).toEqual([]);
  });

  test("four ticks without a look are unknown, a moment less is not", () => {
    const stateAfter = (ms: number) => {
      const looks = [look("neu", { result: "writes", endedAt: NOW - ms })];
      const { rows } = new Watcher().look(conditionEvidence({ looks }), NOW);
      return rows.find(({ type }) => type === "vantage-blind")?.state;
    };
    expect([stateAfter(4 * TICK - 1), stateAfter(4 * TICK)]).toEqual(["ok", "unknown"]);
  });
});

describe("site-silent", () => {
  test("told when a site has not ticked for three minutes, and over two after it does", () => {
    const watcher = new Watcher();
    for (let ms = 0; ms < 10 * MINUTE; ms += TICK) {
      watcher.look(quiet(ms < 5 * MINUTE ? ms : 0)(NOW + ms), NOW + ms);
    }
    expect(watcher.told).toEqual([
      { at: 3 * MINUTE, what: "site-silent bad notice" },
      { at: 7 * MINUTE, what: "site-silent over notice" },
    ]);
  });

  test("a site of which nobody can tell is unknown", () => {
    const { rows } = new Watcher().look(quiet(null)(NOW), NOW);
    expect(rows.find(({ type }) => type === "site-silent")).toMatchObject({ state: "unknown" });
  });

  test("a site that has just missed its ticks is not silent yet", () => {
    const stateOf = (ms: number) => {
      const { rows } = new Watcher().look(quiet(ms)(NOW), NOW);
      return rows.find(({ type }) => type === "site-silent")?.state;
    };
    expect([stateOf(MINUTE - 1), stateOf(MINUTE)]).toEqual(["ok", "bad"]);
  });
});

describe("ledger-silent", () => {
  const silent = { site: "neu", region: "northeurope", answers: false, untaken: null, leads: true };

  test("a store that gives no answer is told after three minutes, for itself, in peace too", () => {
    const peace = (now: number) => conditionEvidence({}, { stores: [silent] }, now);
    expect(new Watcher().watch(0, 10 * MINUTE, peace).told).toEqual([
      { at: 3 * MINUTE, what: "ledger-silent bad notice" },
    ]);
  });

  test("the one that a failover needs is a page when it would have been used, and not before", () => {
    const wouldActAt = NOW + 5 * MINUTE;
    const watcher = new Watcher().watch(0, 22 * MINUTE, seen({ target: silent, wouldActAt }));
    expect(watcher.told).toEqual([
      { at: 5 * MINUTE, what: "ledger-silent bad page" },
      { at: 20 * MINUTE, what: "ledger-silent again page" },
    ]);
  });

  test("one that is silent at a single tick wakes nobody", () => {
    const wouldActAt = NOW - MINUTE;
    const watcher = new Watcher();
    watcher.look(seen({ target: silent, wouldActAt })(NOW), NOW);
    watcher.look(seen({ wouldActAt })(NOW + TICK), NOW + TICK);
    expect(watcher.told).toEqual([]);
  });

  test("while it is silent nobody is paged whose primary is up, and nobody asked is nobody silent", () => {
    const target = { ...silent, answers: null };
    expect(new Watcher().watch(0, HOUR, seen({ target: silent })).told).toEqual([]);
    expect(new Watcher().watch(0, HOUR, seen({ target, wouldActAt: NOW })).told).toEqual([]);
  });
});

describe("a site that does not lead", () => {
  const led = (change: Partial<GroupEvidence> = {}) => seen({ leads: false, ...change });

  test("tells a minute later, if nobody has", () => {
    const watcher = new Watcher().watch(0, HOUR, led({ unreadable: [row("claim")] }));
    expect(watcher.told).toEqual([
      { at: 90 * SECOND, what: "ledger-unreadable bad page" },
      { at: 90 * SECOND + 16 * MINUTE, what: "ledger-unreadable again page" },
    ]);
  });

  test("waits a minute from when it became urgent, however long it has stood", () => {
    const pauses = [pause({ pausedAt: NOW - HOUR })];
    const trouble = { incidentId: "inc-1", sinceAt: NOW, outageKnownAt: NOW };
    const watcher = new Watcher().watch(0, 10 * MINUTE, led({ pauses, trouble }));
    expect(watcher.told).toEqual([{ at: MINUTE, what: "paused bad page" }]);
  });
});

describe("the table", () => {
  test("has each type once, and a sentence for each thing that people are told", () => {
    const types = CONDITIONS.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) expect(conditionRow(type).type).toBe(type);
    for (const { title, means, repair, instead, notice, page } of CONDITIONS) {
      const others = Object.values(instead ?? {}).flatMap((words) => Object.values(words));
      // With the words before them they fit into a line of 80.
      for (const sentence of [title, means, repair, ...others])
        expect(sentence.length).toBeLessThan(70);
      expect(notice ?? page).not.toBeNull();
    }
  });

  test("a type without a row is a fault of ours", () =>
    expect(() => conditionRow("none" as never)).toThrow(
      "Cannot read a condition: no row has its type: none",
    ));
});

test("several pages that last take turns: no repeat within a quarter of an hour of another page, and each has its turn", () => {
  const three: Partial<GroupEvidence> = {
    unreadable: [row("incident")],
    replication: replicationOf("SUSPENDED"),
    keyPath: { kind: "denied", code: "AzureKeyVaultMissingPermissions", ageMs: 0 },
  };
  const watcher = new Watcher().watch(0, 3 * HOUR, seen(three));
  const repeats = watcher.told.filter(({ what }) => what.includes(" again page"));
  const gaps = repeats.map(({ at }) => {
    const before = watcher.told.filter((told) => told.at < at).at(-1);
    return at - (before?.at ?? at);
  });
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15 * MINUTE);
  expect(new Set(whats(watcher))).toEqual(
    new Set(
      ["ledger-unreadable", "replication-suspended", "key-unproven"].flatMap((type) => [
        `${type} bad page`,
        `${type} again page`,
      ]),
    ),
  );
  const rows = watcher.rows.map((one) => ({ ...one, toldAt: NOW - DAY }));
  const { tell } = evaluateConditions(seen(three)(NOW), { shared: rows, own: rows }, NOW);
  expect(tell.map(({ besides }) => besides)).toEqual([["replication-suspended", "key-unproven"]]);
});
