// Which stores a tick reads for a group besides its own: none in peace.

import { beforeEach, describe, expect, test } from "vitest";
import { isTroubled, readForTick } from "../../../functions/keeping/read-for-tick.ts";
import { newFailback, scheduleFailback } from "../../../shared/ledger/failbacks.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { openIncident } from "../../../shared/ledger/incidents.ts";
import type { OwnView } from "../../../shared/ledger/own-view.ts";
import { type Bench, startBench, tickOnce } from "../../support/activity-bench.ts";
import { suspicion } from "../../support/ledger-rows.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";

type Site = "weu" | "neu" | "sec";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

const ledgerOf = (site: Site) => bench[site].stores.of(bench.group);

/** The stores that a tick of that site reads, in turn; for how long others have been quiet is given. */
async function reads(
  site: Site,
  { quiet = {}, view = {} }: { quiet?: Record<string, number>; view?: Partial<OwnView> } = {},
): Promise<readonly string[]> {
  const ledger = ledgerOf(site);
  const own = { ...(await bench.run(readOwn(ledger))), ...view };
  const quietMs = (of: string): number => quiet[of] ?? 0;
  const presence = Promise.resolve({ seen: {}, read: [], quietMs });
  const rows = await bench.run(readForTick(bench[site], ledger, own, presence));
  return rows.map(({ book }) => book.site);
}

const inTurn = async () => [await reads("weu"), await reads("neu"), await reads("sec")];
const PEACE = [["weu"], ["neu"], ["sec"]];
/** Both regions' stores at every site. */
const BOTH = [
  ["weu", "neu"],
  ["neu", "weu"],
  ["sec", "neu", "weu"],
];

const changedAt = (msAgo: number | null): Partial<OwnView> => {
  const at = msAgo === null ? null : bench.clock.now() - msAgo;
  return { roleChange: { kind: "read", etag: "", value: { primary: "home", at } } };
};

describe("the stores that a tick reads", () => {
  test("in peace are its own alone", async () => {
    expect(await inTurn()).toEqual(PEACE);
  });

  test("are both regions' where a site outside them may have to stand in: half a minute of silence", async () => {
    const quiet = (site: string, ms: number) => reads("sec", { quiet: { [site]: ms } });
    for (const site of ["neu", "weu"]) {
      expect(await quiet(site, 30 * SECOND - 1)).toEqual(["sec"]);
      expect(await quiet(site, 30 * SECOND)).toEqual(["sec", "neu", "weu"]);
    }
    expect(await reads("neu", { quiet: { weu: MINUTE } })).toEqual(["neu"]);
  });

  test("where the primary fails are its own and that of the region failed over to", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    for (const site of ["weu", "neu", "sec"] as const) {
      await bench.run(tickOnce(bench[site], bench.group));
    }
    expect(await inTurn()).toEqual([["weu", "neu"], ["neu"], ["sec", "neu", "weu"]]);
  });

  test("after a change of roles are both for a day", async () => {
    const DAY = 24 * 60 * MINUTE;
    for (const site of ["weu", "neu", "sec"] as const) {
      expect(await reads(site, { view: changedAt(null) })).toEqual([site]);
      expect(await reads(site, { view: changedAt(DAY + MINUTE) })).toEqual([site]);
    }
    expect(await reads("weu", { view: changedAt(DAY - MINUTE) })).toEqual(BOTH[0]);
    expect(await reads("sec", { view: changedAt(DAY - MINUTE) })).toEqual(BOTH[2]);
  });

  test("are both where nobody can tell when the roles changed", async () => {
    const view = { roleChange: { kind: "unreadable", because: "broken", etag: "" } } as const;
    expect(await reads("weu", { view })).toEqual(BOTH[0]);
    expect(await reads("neu", { view })).toEqual(BOTH[1]);
  });

  test("are both while the group is away from home", async () => {
    const view = { primary: "partner", expectedPrimary: "partner" } as const;
    expect(await reads("weu", { view })).toEqual(BOTH[0]);
    expect(await reads("neu", { view })).toEqual(BOTH[1]);
    expect(await reads("sec", { view })).toEqual(["sec", "weu", "neu"]);
  });

  test.each(["home", "partner"] as const)(
    "are both while something is left to do after a failover to %s, and no longer",
    async (awayOn) => {
      const begun = { id: "away", group: GROUP, incidentId: "inc-1", failedOverAt: 1 } as const;
      const row = newFailback({ ...begun, awayOn, state: "waiting" });
      await bench.run(scheduleFailback(ledgerOf("neu").own, row));
      expect(await reads("neu")).toEqual(BOTH[1]);
      const done = { ...row, id: "done", state: "done" } as const;
      await bench.run(scheduleFailback(ledgerOf("neu").own, done));
      expect(await reads("neu")).toEqual(["neu"]);
    },
  );
});

describe("a group is in trouble for a site", () => {
  const troubled = async (site: Site) =>
    isTroubled(bench[site], await bench.run(readOwn(ledgerOf(site))));

  test("once its last look was bad, and until one is good", async () => {
    expect(await troubled("neu")).toBe(false);
    bench.world.inject({ fault: "instance-down", on: "home", at: 0, for: MINUTE });
    await bench.run(tickOnce(bench.neu, bench.group));
    expect(await troubled("neu")).toBe(true);
    await bench.pass(MINUTE);
    await bench.run(tickOnce(bench.neu, bench.group));
    expect(await troubled("neu")).toBe(false);
  });

  test("while an incident is open in its store", async () => {
    const open = suspicion({ at: bench.clock.now() });
    await bench.run(openIncident(ledgerOf("weu").own, open));
    expect([await troubled("weu"), await troubled("neu")]).toEqual([true, false]);
    expect(await reads("weu")).toEqual(["weu", "neu"]);
  });

  test("that has not looked lately is not said of it", async () => {
    bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
    await bench.pass(24 * 60 * MINUTE);
    expect(await troubled("neu")).toBe(false);
  });
});
