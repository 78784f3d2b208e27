// What can be wrong with a group whose primary is not down: each is told by who leads, after its time, once.

import { describe, expect, test } from "vitest";
import { replicationOf } from "../../shared/azure/replication.ts";
import type { GroupEvidence } from "../../shared/policy/conditions/condition-row.ts";
import { wordsOf } from "../../shared/policy/conditions/conditions.ts";
import { noteRatio } from "../../shared/policy/evidence/application.ts";
import { findRefusal, secondaryIn, sightOf } from "../../shared/policy/evidence/sights.ts";
import { conditionEvidence, sight, Watcher } from "../support/conditions.ts";
import { HOUR, look, MINUTE, NOW, policy, SECOND, stateOf } from "../support/facts.ts";

const told = (change: Partial<GroupEvidence>, toMs = 6 * MINUTE) =>
  new Watcher().watch(0, toMs, (now) => conditionEvidence(change, {}, now)).told;

const refused = (code: string) => sight({ result: "alive", code });
const [BLIND, WELL] = [sight({ result: "blind", secondary: "unknown" }), sight()];

describe("primary-refuses", () => {
  test.each([
    ["logins refused to two of three", [refused("18456"), refused("18456"), WELL]],
    ["a full log", [refused("9002"), refused("9002"), refused("9002")]],
    ["one for this reason, another for that", [refused("18456"), refused("208"), BLIND]],
    ["failing storage, be the rest served or not", storage("9001")],
    ["a number that nobody has seen before", [refused("99999"), refused("99999"), null]],
  ])("%s is a page after two minutes", (_, sights) => {
    expect(told({ sights })).toEqual([{ at: 2 * MINUTE, what: "primary-refuses bad page" }]);
  });

  test.each([
    ["logins refused to one of three", [refused("18456"), WELL, WELL]],
    ["what may be a majority", [refused("18456"), BLIND, null]],
    ["a group without a canary", [refused("no-canary"), refused("no-canary"), WELL]],
    ["a database that is lost while the rest answers", partly("4060")],
  ])("%s is told to nobody", (_, sights) => expect(told({ sights })).toEqual([]));

  test("failing storage is told as that, and that an ask follows", () => {
    const wordsOfIt = (code: string) => {
      const seen = conditionEvidence({ sights: storage(code) });
      const row = new Watcher().look(seen, NOW).rows.find(({ type }) => type === "primary-refuses");
      return row === undefined ? null : wordsOf(row);
    };
    expect(wordsOfIt("823")?.title).toContain("storage or log fails");
    expect(wordsOfIt("823")?.repair).toContain("expect an ask");
  });

  test("says what was answered, and is unknown, not over, while too few see", () => {
    expect(findRefusal([refused("9002"), refused("18456"), WELL], policy())).toEqual({
      kind: "primary",
      codes: ["18456", "9002"],
    });
    expect(findRefusal([BLIND, null, WELL], policy())).toEqual({ kind: "unknown" });
    expect(findRefusal([BLIND, WELL, WELL], policy())).toEqual({ kind: "none" });
  });
});

function storage(code: string) {
  return [{ ...refused(code), isPartial: true }, sight({ result: "not-serving", code }), WELL];
}

function partly(code: string) {
  const lost = { ...refused(code), isPartial: true };
  return [lost, lost, lost];
}

test("canary-blind: a canary that most may not write to is a notice, and no refusing primary", () => {
  const sights = [refused("208"), refused("229"), WELL];
  expect(told({ sights })).toEqual([{ at: 3 * MINUTE, what: "canary-blind bad notice" }]);
});

describe("secondary-down", () => {
  const silent = sight({ secondary: "silent" });
  const unknown = sight({ secondary: "unknown" });

  test("a secondary that answers nobody is a page after two minutes", () => {
    const down = [{ at: 2 * MINUTE, what: "secondary-down bad page" }];
    expect(told({ sights: [unknown, silent, silent] })).toEqual(down);
    expect(told({ sights: [null, silent, null] })).toEqual(down);
  });

  test("one that answers a single site is up, and one that nobody could ask is unknown", () => {
    expect(told({ sights: [WELL, silent, silent] })).toEqual([]);
    expect(told({ sights: [unknown, unknown, null] })).toEqual([]);
  });

  test("one that answers and is not Ready is a notice", () => {
    expect(told({ secondaryState: stateOf("Updating") })).toEqual([
      { at: 3 * MINUTE, what: "secondary-down bad notice" },
    ]);
  });

  test("after a failover the old primary is waited for, and is no news", () => {
    expect(told({ sights: [unknown, silent, silent], isRecovering: true })).toEqual([]);
  });
});

describe("replication-suspended", () => {
  const replication = replicationOf("SUSPENDED");

  test("is a page while both sides answer", () => {
    expect(told({ replication })).toEqual([
      { at: 2.5 * MINUTE, what: "replication-suspended bad page" },
    ]);
  });

  test("is explained by a side that is down, and by a failover", () => {
    expect(told({ replication, looks: [look("neu")] })).toEqual([]);
    expect(told({ replication, isRecovering: true })).toEqual([]);
    const silent = sight({ secondary: "silent" });
    expect(told({ replication, sights: [silent, silent, silent] })).toMatchObject([
      { what: "secondary-down bad page" },
    ]);
  });

  test("a group that nobody read, or that follows, is told to nobody", () => {
    for (const word of [null, replicationOf("CATCH_UP"), replicationOf("a new word")]) {
      expect(told({ replication: word })).toEqual([]);
    }
  });
});

describe("unprotected", () => {
  const protection = { kind: "unprotected", sinceAt: NOW } as const;

  test("is a page an hour after the roles changed, again after 15 minutes, an hour and six, once when it is over", () => {
    const lasts = (now: number) => conditionEvidence({ protection }, {}, now);
    const watcher = new Watcher().watch(0, 9 * HOUR, lasts, MINUTE);
    watcher.watch(9 * HOUR, 9 * HOUR + MINUTE, (now) => conditionEvidence({}, {}, now));
    expect(watcher.told).toEqual([
      { at: HOUR, what: "unprotected bad page" },
      { at: HOUR + 15 * MINUTE, what: "unprotected again page" },
      { at: 2 * HOUR + 15 * MINUTE, what: "unprotected again page" },
      { at: 8 * HOUR + 15 * MINUTE, what: "unprotected again page" },
      { at: 9 * HOUR, what: "unprotected over notice" },
    ]);
  });

  test("is unknown, and told to nobody, while nobody knows when the roles changed", () => {
    const unknown = { kind: "unknown", because: "row-broken" } as const;
    expect(told({ protection: unknown }, 2 * HOUR)).toEqual([]);
  });
});

describe("operation-unended", () => {
  const DAY = 24 * HOUR;
  const work = (what: "scale" | "other", agoMs: number): Partial<GroupEvidence> => ({
    primaryWork: {
      operation: { what, said: "UpsertManagedServer", beganAt: NOW - agoMs },
      readyAt: null,
    },
  });

  test("is a notice once a day has gone by without its end, and is over when that is seen", () => {
    const lasts = (now: number) => conditionEvidence(work("scale", DAY - HOUR), {}, now);
    const watcher = new Watcher().watch(0, HOUR + 5 * MINUTE, lasts, MINUTE);
    watcher.watch(2 * HOUR, 2 * HOUR + MINUTE, (now) => conditionEvidence({}, {}, now));
    expect(watcher.told).toEqual([
      { at: HOUR + 3 * MINUTE, what: "operation-unended bad notice" },
      { at: 2 * HOUR, what: "operation-unended over notice" },
    ]);
  });

  test("is none while it has run for less, nor where it changes no instance", () => {
    expect(told(work("scale", DAY - 7 * MINUTE))).toEqual([]);
    expect(told(work("other", 2 * DAY))).toEqual([]);
  });
});

describe("application-failing", () => {
  const minutes = (...ratios: (number | null)[]) =>
    ratios.map((ratio, i) => minute(NOW - (ratios.length - 1 - i) * MINUTE, ratio));
  const at = (application: GroupEvidence["application"], change: Partial<GroupEvidence> = {}) =>
    told({ application, ...change }, SECOND).map(({ what }) => what);

  test("below its floor in three of five minutes is a page at once", () => {
    expect(at(minutes(0.49, 1, 0.2, 1, 0))).toEqual(["application-failing bad page"]);
  });

  test.each<[string, GroupEvidence["application"]]>([
    ["two minutes below the floor", minutes(0.49, 1, 0.2, 1, 1)],
    ["five minutes just at it", minutes(0.5, 0.5, 0.5, 0.5, 0.5)],
    ["minutes that nobody could read", minutes(0, null, null, null, 0)],
    ["what was long ago", minutes(0, 0, 0, 0, 0).map((one) => ({ ...one, at: one.at - HALF }))],
  ])("%s are told to nobody", (_, application) => expect(at(application)).toEqual([]));

  const wordsIn = (change: Partial<GroupEvidence>) => {
    const evidence = conditionEvidence({ application: minutes(0, 0, 0, 0, 0), ...change });
    const { rows } = new Watcher().look(evidence, NOW);
    const row = rows.find(({ type }) => type === "application-failing");
    return row === undefined ? null : wordsOf(row);
  };

  test.each([
    ["all sites are blind", [BLIND, BLIND, BLIND]],
    ["none is heard", [null, null, null]],
    ["one is answered and the others are not", [WELL, sight({ result: "no-answer" }), BLIND]],
  ])("nobody is told that the database is well while %s", (_, sights) => {
    expect(wordsIn({ sights })).toMatchObject({
      title: "the application fails, and hardly a site sees its database",
      means: "whether its database serves is not known: nothing is sent",
    });
    expect(wordsIn({ sights: [WELL, refused("18456"), BLIND] })?.means).toContain("answers us");
  });

  test("where no floor is configured there is none", () => {
    const given = policy({ applicationFloor: null });
    expect(at(minutes(0, 0, 0, 0, 0), { policy: given })).toEqual([]);
  });

  test("what fails together with its primary says nothing of the application, be it told late", () => {
    const failing = minutes(0, 0, 0, 0, 0);
    const lost = { onsetAt: NOW - 3 * MINUTE, endedAt: NOW - 2 * MINUTE };
    expect(at(failing, { outages: [lost] })).toEqual(["application-failing bad page"]);
    expect(at(failing, { outages: [{ ...lost, endedAt: Infinity }] })).toEqual([]);
    const late = failing.map((one) => ({ ...one, beganAt: one.beganAt - 2 * MINUTE }));
    expect(at(late, { outages: [lost] })).toEqual([]);
  });

  test("its window is remembered; what is five minutes old says nothing of now", () => {
    const ratio = { kind: "ratio", value: 0.1, ageMs: 5 * MINUTE, windowMs: MINUTE } as const;
    expect(noteRatio(ratio, NOW)).toEqual({ at: NOW, beganAt: NOW - 6 * MINUTE, ratio: 0.1 });
    const nothing = { at: NOW, beganAt: NOW, ratio: null };
    expect(noteRatio({ ...ratio, ageMs: ratio.ageMs + 1 }, NOW)).toEqual(nothing);
    expect(noteRatio({ kind: "unknown", because: "any" }, NOW)).toEqual(nothing);
  });
});

const HALF = 5.5 * MINUTE;
const minute = (at: number, ratio: number | null) => ({ at, beganAt: at - 90 * SECOND, ratio });

describe("key-unproven", () => {
  const denied = { kind: "denied", code: "AzureKeyVaultMissingPermissions", ageMs: 0 } as const;
  const unknown = { kind: "unknown", reason: "no-answer", because: "proof-too-old" } as const;

  test("a key that is denied is a page, one that is not proven a notice after a quarter of an hour", () => {
    expect(told({ keyPath: denied })).toEqual([{ at: 3 * MINUTE, what: "key-unproven bad page" }]);
    expect(told({ keyPath: unknown }, 20 * MINUTE)).toEqual([
      { at: 15 * MINUTE, what: "key-unproven bad notice" },
    ]);
  });

  test("a site that does not lead does not ask, so it cannot say; nor can one without its store", () => {
    expect(told({ keyPath: unknown, leads: false }, 40 * MINUTE)).toEqual([]);
    expect(told({ keyPath: unknown, silentStores: ["neu"] }, 40 * MINUTE)).toEqual([]);
  });

  test("a secondary that is down proves nothing, and is told as that", () => {
    const sights = [null, sight({ secondary: "silent" }), null];
    expect(told({ keyPath: denied, sights })).toMatchObject([{ what: "secondary-down bad page" }]);
  });

  test("a group that needs no key, or has just failed over, is told to nobody", () => {
    expect(told({ keyPath: { kind: "not-needed" } }, 40 * MINUTE)).toEqual([]);
    expect(told({ keyPath: denied, isRecovering: true }, 40 * MINUTE)).toEqual([]);
  });
});

describe("what a site has to say", () => {
  const secondary = {
    sql: "silent",
    state: stateOf("Ready"),
    side: "partner",
    readAt: NOW,
  } as const;
  const seen = { primary: "home", watch: { secondary }, looks: [look("neu")] } as const;

  test("is its newest look, and the secondary as it found it", () => {
    expect(sightOf(seen)).toEqual({
      result: "no-answer",
      code: "login-timed-out",
      isPartial: false,
      secondary: "silent",
    });
    expect(sightOf({ ...seen, looks: [] })).toBe(null);
  });

  test("is nothing of the secondary while it is blind, or after the roles have moved", () => {
    expect(sightOf({ ...seen, looks: [look("neu", { result: "blind" })] })?.secondary).toBe(
      "unknown",
    );
    expect(secondaryIn({ ...seen, primary: "partner" }).sql).toBe("unknown");
    expect(secondaryIn({ ...seen, watch: { secondary: null } }).state.kind).toBe("unknown");
  });
});
