// What the ticks of three sites make of what lasts: who tells it, where it is kept, and when it is over.

import { beforeEach, describe, expect, test } from "vitest";
import { createLookAndDecide } from "../../../functions/activities/look-and-decide.ts";
import { createTick } from "../../../functions/keeping/tick.ts";
import { Condition } from "../../../shared/domain/condition.ts";
import { EVERY_GROUP } from "../../../shared/domain/group.ts";
import { writePause } from "../../../shared/ledger/pauses.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { createMotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { incidentIn, stored } from "../../support/stored.ts";

type Site = "weu" | "neu" | "sec";
const SITES: readonly Site[] = ["weu", "neu", "sec"];

let bench: Bench;
let ticks: Record<Site, () => Promise<unknown>>;
beforeEach(async () => {
  bench = await startBench();
  ticks = { weu: tickOf("weu"), neu: tickOf("neu"), sec: tickOf("sec") };
});

function tickOf(site: Site): () => Promise<unknown> {
  const tick = createTick(bench[site]);
  return () => tick(createMotorHost().client);
}

/** These sites tick every 15 seconds for this long. */
async function goOn(ms: number, sites: readonly Site[] = SITES): Promise<void> {
  const end = bench.clock.now() + ms;
  for (let next = bench.clock.now(); next < end; next += 15 * SECOND) {
    await bench.pass(Math.max(0, next - bench.clock.now()));
    await bench.run(Promise.all(sites.map((site) => ticks[site]())));
  }
}

/** What people heard of conditions, and from whom. */
const heard = () =>
  bench.world.record.sent.flatMap(({ site, event }) =>
    event.data.condition === undefined
      ? []
      : [[site, event.data.condition, event.data.subject, event.data.what].join(" ")],
  );
const kept = (type: string, group = GROUP, subject: string | null = null) =>
  SITES.map(
    (site) =>
      stored(bench.world, "condition", Condition, site, group).find(
        (row) => row.type === type && row.subject === subject,
      )?.timesTold ?? null,
  );
/** How many messages that store remembers. */
const sentAt = (site: Site, group: string) =>
  bench.world.stores.get(site)?.parts.get(`${group}/event`)?.size ?? 0;
const PAUSE_ROW = { group: GROUP, kind: "pause", id: "kim" };

describe("a row that nobody can read", () => {
  test("is told once, by the site that leads, and kept in every store; its end is told as well", async () => {
    damageRow(bench.world, "neu", PAUSE_ROW, "garbage");
    await goOn(5 * MINUTE);
    expect(heard()).toEqual(["neu ledger-unreadable  bad"]);
    expect(kept("ledger-unreadable")).toEqual([1, 1, 1]);
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/pause`)?.clear();
    await goOn(10 * MINUTE);
    expect(heard()).toEqual(["neu ledger-unreadable  bad", "neu ledger-unreadable  over"]);
    expect(kept("ledger-unreadable")).toEqual([0, 0, 0]);
  });

  test("and that concerns all groups is told by the first site of all", async () => {
    damageRow(bench.world, "weu", { ...PAUSE_ROW, group: EVERY_GROUP }, "garbage");
    await goOn(5 * MINUTE);
    expect(heard()).toEqual(["weu ledger-unreadable  bad"]);
    expect(kept("ledger-unreadable", EVERY_GROUP)).toEqual([1, 1, 1]);
  });

  test.each([
    ["weu", GROUP],
    ["sec", GROUP],
    ["sec", EVERY_GROUP],
  ] as const)(
    "in the store of %s, of %s, is told by its own site, and the one that leads does not say that it is over",
    async (site, group) => {
      damageRow(bench.world, site, { ...PAUSE_ROW, group }, "garbage");
      await goOn(10 * MINUTE);
      expect(heard()).toEqual([`${site} ledger-unreadable  bad`]);
      expect(kept("ledger-unreadable", group)).toEqual([1, 1, 1]);
      expect(sentAt(site, group)).toBe(1);
    },
  );

  test("is not told anew by a site whose store was emptied since: the others still have it", async () => {
    damageRow(bench.world, "neu", PAUSE_ROW, "garbage");
    await goOn(5 * MINUTE);
    for (const site of ["weu", "sec"]) {
      expect(stored(bench.world, "condition", Condition, site, GROUP)).not.toEqual([]);
    }
    bench.world.stores.get("neu")?.parts.get(`${GROUP}/condition`)?.clear();
    await goOn(5 * MINUTE);
    expect(heard()).toHaveLength(1);
  });
});

describe("a site that does not tick", () => {
  test.each([
    ["weu", "neu"],
    ["neu", "weu"],
    ["sec", "weu"],
  ] as const)("%s: %s tells, the first of those that do", async (gone, teller) => {
    await goOn(2 * MINUTE);
    await goOn(
      8 * MINUTE,
      SITES.filter((site) => site !== gone),
    );
    expect(heard()).toEqual([`${teller} site-silent ${gone} bad`]);
  });
});

describe("a store that gives no answer", () => {
  test.each([
    ["weu", "neu"],
    ["neu", "weu"],
    ["sec", "weu"],
  ] as const)("%s: told once by %s, and kept where a store answers", async (silent, teller) => {
    bench.world.inject({ fault: "store-down", site: silent, at: 0 });
    await goOn(10 * MINUTE);
    expect(heard()).toEqual([`${teller} ledger-silent ${silent} bad`]);
    const told = kept("ledger-silent", EVERY_GROUP, silent);
    expect(told).toEqual(SITES.map((site) => (site === silent ? null : 1)));
  });

  test("takes nothing, though it can be read: its own site tells, which the others take for silent", async () => {
    bench.world.inject({ fault: "store-write-lost", site: "neu", at: 0 });
    await goOn(10 * MINUTE);
    const told = ["weu site-silent neu bad", "neu ledger-silent neu bad"];
    expect(heard()).toEqual(told);
    // Another process of it finds in a store that answers what was told.
    ticks = { ...ticks, neu: tickOf("neu") };
    await goOn(2 * MINUTE);
    expect(heard()).toEqual(told);
    expect([sentAt("weu", EVERY_GROUP), sentAt("neu", EVERY_GROUP)]).toEqual([2, 0]);
  });
});

describe("a pause", () => {
  const pause = async (scope: string) => {
    const { neu, group } = bench;
    const store = scope === GROUP ? neu.stores.of(group).own : neu.stores.own;
    const row = { scope, reason: "a drill", owner: "kim", pausedAt: bench.clock.now() };
    await bench.run(writePause(store, { ...row, expiresAt: null }));
  };

  test.each([GROUP, "*"])(
    "of %s under trouble is a page that names the incident",
    async (scope) => {
      await goOn(MINUTE);
      await pause(scope);
      bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
      await goOn(MINUTE);
      const { id = "", motor = 0 } = incidentIn(bench.world) ?? {};
      const work = { group: GROUP, purpose: "fail-over", incidentId: id, motor } as const;
      await bench.run(createLookAndDecide(bench.neu)(work));
      expect(heard()).toEqual([]);
      await goOn(5 * MINUTE);
      const pages = bench.world.record.sent.filter(
        ({ event }) => event.data.condition === "paused",
      );
      // Sites that tick in one and the same instant may each send it: to whoever listens one id is one event.
      expect(new Set(pages.map(({ event }) => event.id)).size).toBe(1);
      expect(pages[0]?.event).toMatchObject({ type: "page", incidentId: id });
    },
  );

  test("in peace wakes nobody", async () => {
    await pause(GROUP);
    await goOn(6 * MINUTE);
    expect(bench.world.record.sent.filter(({ event }) => event.type === "page")).toEqual([]);
  });
});
