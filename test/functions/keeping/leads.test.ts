// Which site acts, which stands in for it, and which one tells of a store that is silent.

import { beforeEach, describe, expect, test } from "vitest";
import type { App } from "../../../functions/app.ts";
import {
  leads,
  lineOf,
  lookAround,
  seemsQuiet,
  tellsOfStores,
  waitsForOthers,
} from "../../../functions/keeping/leads.ts";
import { beat } from "../../../shared/ledger/heartbeats.ts";
import { type LiveRows, readLive } from "../../../shared/ledger/live-rows.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { configOf, MINUTE } from "../../support/simulated-sites.ts";

type Quiet = Readonly<Record<string, number>>;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

/** What is seen of the other sites: for how long each has been quiet. */
const seeing = (quiet: Quiet = {}) => ({
  seen: {},
  read: [],
  quietMs: (site: string) => quiet[site] ?? 0,
});

/** A site of a configuration that has one more, in a region of its own, and lists them the other way round. */
function appOf(self: string): App {
  const config = configOf(self === "oslo" ? "sec" : self);
  const more = config.sites.map((site) =>
    site.name === "sec" ? [site, { ...site, name: "oslo", region: "norwayeast" }] : [site],
  );
  const sites = more.flat().toReversed();
  const own = sites.find(({ name }) => name === self) ?? config.self;
  return { ...bench.neu, config: { ...config, sites, self: own } };
}

const SITES = ["weu", "neu", "sec", "oslo"];

describe("the line of the sites that may act", () => {
  const line = async (primary: "home" | "partner", quiet: Quiet) => {
    const able = await Promise.all(
      SITES.map((self) => leads(appOf(self), bench.group, primary, Promise.resolve(seeing(quiet)))),
    );
    return SITES.filter((_, at) => able[at]);
  };

  test("begins in the secondary's region, whatever the order in the configuration, and leaves out the primary's", () => {
    expect(lineOf(appOf("weu"), bench.group, "home")).toEqual(["neu", "oslo", "sec"]);
    expect(lineOf(appOf("weu"), bench.group, "partner")).toEqual(["weu", "oslo", "sec"]);
  });

  test("is led by the site of the secondary's region; that of the primary's never acts", async () => {
    expect(await line("home", {})).toEqual(["neu"]);
    expect(await line("partner", {})).toEqual(["weu"]);
  });

  test("goes on to the next once all before it have been quiet for a minute", async () => {
    expect(await line("home", { neu: MINUTE - 1 })).toEqual(["neu"]);
    expect(await line("home", { neu: MINUTE })).toEqual(["neu", "oslo"]);
    expect(await line("home", { neu: MINUTE, oslo: MINUTE })).toEqual(["neu", "sec", "oslo"]);
    expect(await line("home", { oslo: MINUTE })).toEqual(["neu"]);
    expect(await line("partner", { weu: MINUTE })).toEqual(["weu", "oslo"]);
    expect(await line("home", { weu: MINUTE })).toEqual(["neu"]);
  });

  test("makes nobody wait who is first, or never acts", async () => {
    const waits = SITES.filter((self) => waitsForOthers(appOf(self), bench.group, "home"));
    expect(waits).toEqual(["sec", "oslo"]);
    const unheard = new Promise<never>(() => {});
    expect(await leads(appOf("neu"), bench.group, "home", unheard)).toBe(true);
    expect(await leads(appOf("weu"), bench.group, "home", unheard)).toBe(false);
  });
});

describe("a store that is silent", () => {
  const LINE = ["neu", "sec", "oslo"];
  const tells = (silent: readonly string[], quiet: Quiet = {}) =>
    LINE.filter((self) =>
      tellsOfStores(LINE, self, seeing(quiet), (site) => silent.includes(site)),
    );

  test("is told by the first in line whose own store answers", () => {
    expect(tells([])).toEqual(["neu"]);
    expect(tells(["neu"])).toEqual(["sec"]);
    expect(tells(["neu", "sec"])).toEqual(["oslo"]);
    expect(tells(["sec"])).toEqual(["neu"]);
  });

  test("is told by the first in line where no store answers", () => {
    expect(tells(LINE)).toEqual(["neu"]);
  });

  test("is told by the next where one has been quiet for a minute, which itself goes on to tell", () => {
    expect(tells([], { neu: MINUTE - 1 })).toEqual(["neu"]);
    expect(tells([], { neu: MINUTE })).toEqual(["neu", "sec"]);
  });

  test("is told by nobody who is not in line", () => {
    expect(tellsOfStores(LINE, "weu", seeing(), () => false)).toBe(false);
    expect(tellsOfStores(LINE, "weu", seeing(), () => true)).toBe(false);
  });
});

describe("by its own store", () => {
  const own = (): Promise<LiveRows> => bench.run(readLive(bench.neu.stores.own));

  test("a site seems quiet a minute after its last beat, and not before its first", async () => {
    expect(seemsQuiet(await own(), bench.clock.now())).toBe(false);
    const at = bench.clock.now();
    await bench.run(beat(await own(), { seen: {}, report: { groups: [], unreadable: [] } }, at));
    expect(seemsQuiet(await own(), at + MINUTE - 1)).toBe(false);
    expect(seemsQuiet(await own(), at + MINUTE)).toBe(true);
  });

  test("it sees every other site, and not itself", async () => {
    const { seen, read } = await bench.run(lookAround(bench.neu, await own()));
    expect(Object.keys(seen).sort()).toEqual(["sec", "weu"]);
    expect(read.map(({ book }) => book.site).sort()).toEqual(["sec", "weu"]);
  });
});
