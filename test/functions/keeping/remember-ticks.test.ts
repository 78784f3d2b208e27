// What a site remembers from tick to tick without any store: which stores answer, and since when the primary is down.

import { beforeEach, describe, expect, test } from "vitest";
import { createRemember, type SeenByTick } from "../../../functions/keeping/remember-ticks.ts";
import type { Observation } from "../../../shared/domain/observation.ts";
import { NO_WATCH, noKeyProof } from "../../../shared/domain/watch.ts";
import { beat, HEARTBEAT, type Presence } from "../../../shared/ledger/heartbeats.ts";
import { type LiveRows, readLive } from "../../../shared/ledger/live-rows.ts";
import { changeRow } from "../../../shared/ledger/rows.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { sight } from "../../support/conditions.ts";
import { look, NOW } from "../../support/facts.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";

let bench: Bench;
let own: LiveRows;
beforeEach(async () => {
  bench = await startBench();
  own = await bench.run(readLive(bench.neu.stores.own));
});

const LINE = ["neu", "sec"];

/** Two other sites that tick, whose stores answer, but for what a test changes. */
function seeing(
  quiet: Readonly<Record<string, number>> = {},
  silent: readonly string[] = [],
  sites: readonly string[] = ["weu", "sec"],
): Presence {
  const seen = sites.map((site) => [
    site,
    { beat: 1, changedAt: NOW, silent: silent.includes(site) },
  ]);
  return { seen: Object.fromEntries(seen), read: [], quietMs: (site) => quiet[site] ?? 0 };
}

function ticked(
  change: Partial<SeenByTick> = {},
  looks: readonly Observation[] = [],
  untakenBy: string | null = null,
): SeenByTick {
  const ledger = bench.neu.stores.of(bench.group);
  const unread = {
    ...{ stores: [], watch: NO_WATCH, keyProof: noKeyProof("partner") },
    lastRoleChange: { kind: "none" },
  } as const;
  const group = { ledger, primary: "home", looks, untakenBy, ...unread } as const;
  return { own, groups: [group], presence: Promise.resolve(seeing()), untaken: null, ...change };
}

describe("whether a store answers", () => {
  const answers = (seen: SeenByTick, presence = seeing()) => {
    const known = createRemember(bench.neu)(seen, presence);
    return ["neu", "weu", "sec"].map((site) => known.answers(site));
  };

  test("is known of all in peace", () => {
    expect(answers(ticked())).toEqual([true, true, true]);
  });

  test("is known of its own by what that takes, and by what it says", () => {
    expect(answers(ticked({ untaken: "silent" }))).toEqual([false, true, true]);
    expect(answers(ticked({ own: { ...own, silent: true } }))).toEqual([false, true, true]);
  });

  test("is not known of one that nobody has asked, or whose site does not tick; a silent one does not", () => {
    expect(answers(ticked(), seeing({}, [], ["weu"]))).toEqual([true, true, null]);
    expect(answers(ticked(), seeing({ weu: MINUTE }))).toEqual([true, null, true]);
    expect(answers(ticked(), seeing({ weu: MINUTE - 1 }))).toEqual([true, true, true]);
    expect(answers(ticked(), seeing({ weu: MINUTE }, ["weu"]))).toEqual([true, false, true]);
  });

  test("is no where it did not take what had to be written of a suspicion", () => {
    expect(answers(ticked({}, [], "weu"))).toEqual([true, false, true]);
    const groups = [...ticked({}, [], "weu").groups, ...ticked().groups];
    expect(answers(ticked({ groups }))).toEqual([true, false, true]);
  });
});

describe("who tells of a store", () => {
  const tells = (seen: SeenByTick, presence = seeing(), line = LINE) =>
    createRemember(bench.neu)(seen, presence).store("weu", line);

  test("is this site where it is first in line and its own answers", () => {
    expect(tells(ticked())).toEqual({
      site: "weu",
      region: "westeurope",
      answers: true,
      untaken: null,
      leads: true,
    });
    expect(tells(ticked(), seeing({}, ["weu"]))).toMatchObject({ answers: false, leads: true });
    expect(tells(ticked(), seeing(), ["sec", "neu"])).toMatchObject({ leads: false });
    expect(tells(ticked(), seeing({}, ["sec"]), ["sec", "neu"])).toMatchObject({ leads: true });
  });

  test("is the next where its own is silent, or has taken no beat for a minute", async () => {
    expect(tells(ticked({ own: { ...own, silent: true } }))).toMatchObject({ leads: false });
    const at = bench.clock.now();
    await bench.run(beat(own, { seen: {}, report: { groups: [], unreadable: [] } }, at));
    own = await bench.run(readLive(bench.neu.stores.own));
    expect(tells(ticked({ untaken: "silent" }))).toMatchObject({ leads: true });
    await bench.pass(at + MINUTE - bench.clock.now());
    expect(tells(ticked({ untaken: "silent" }))).toMatchObject({ leads: false });
    expect(tells(ticked({ untaken: null }))).toMatchObject({ leads: true });
  });
});

describe("when it would act", () => {
  const looked = (result: Observation["result"], at: number) =>
    look("neu", { result, startedAt: at, endedAt: at + SECOND });
  const { policy, name } = {
    name: "orders-fog",
    policy: { graceMs: 3 * MINUTE, grayGraceMs: 9 * MINUTE },
  };
  const group = () => ({ ...bench.group, name, policy: { ...bench.group.policy, ...policy } });

  test("is unknown while its looks find the primary up", () => {
    const up = [looked("writes", NOW)];
    expect(
      createRemember(bench.neu)(ticked({}, up), seeing()).wouldActAt(group(), up, NOW),
    ).toBeNull();
  });

  test("is when the grace is over since the first look that failed, however few looks are kept", () => {
    const remember = createRemember(bench.neu);
    remember(ticked({}, [looked("writes", NOW), looked("no-answer", NOW + MINUTE)]), seeing());
    const down = [looked("no-answer", NOW + 2 * MINUTE)];
    const known = remember(ticked({}, down), seeing());
    expect(known.wouldActAt(group(), down, NOW + 2 * MINUTE)).toBe(NOW + 4 * MINUTE);
    expect(known.wouldActAt({ ...group(), name: "another" }, down, NOW)).toBeNull();
  });

  test("is later where the primary was seen to answer without serving, by the last look that saw it", () => {
    const remember = createRemember(bench.neu);
    const at = NOW + 60 * MINUTE;
    const gray = [
      looked("not-serving", NOW),
      looked("not-serving", at),
      looked("no-answer", at + 1),
    ];
    const known = remember(ticked({}, gray), seeing());
    expect(known.wouldActAt(group(), gray, at + SECOND)).toBe(NOW + 9 * MINUTE);
    const dark = [looked("no-answer", NOW), looked("no-answer", at)];
    expect(remember(ticked({}, dark), seeing()).wouldActAt(group(), dark, at)).toBe(
      NOW + 3 * MINUTE,
    );
  });
});

describe("what another site saw", () => {
  test("is taken for that of the site whose store says it, whatever the row says", async () => {
    const weu = bench.weu.stores.own;
    const group = { group: bench.group.name, lookedAt: NOW, failedBecause: null, sight: sight() };
    const told = { seen: {}, report: { groups: [group], unreadable: [] } };
    const lie = changeRow({ book: weu, type: HEARTBEAT, id: "weu" }, () => {
      return { site: "sec", beat: 1, at: NOW, ...told };
    });
    await bench.run(lie);
    const rows = await bench.run(readLive(weu));
    const known = createRemember(bench.neu)(ticked(), { ...seeing(), read: [rows] });
    expect(known.sight("weu", bench.group.name)).toEqual(sight());
    expect(known.sight("sec", bench.group.name)).toBeNull();
  });
});
