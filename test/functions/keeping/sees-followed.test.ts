// Whether the group is protected, as each site sees it for itself: after the roles have changed the new primary has to
// say that it is followed. What was seen is remembered in the site's own store.

import { beforeEach, expect, test } from "vitest";
import { createTick } from "../../../functions/keeping/tick.ts";
import { readOwn } from "../../../shared/ledger/group-ledger.ts";
import { lastRoleChangeIn } from "../../../shared/ledger/own-view.ts";
import { judgeProtection, type Protection } from "../../../shared/policy/evidence/protection.ts";
import { type Bench, startBench } from "../../support/activity-bench.ts";
import { damageRow } from "../../support/damaged-rows.ts";
import { createMotorHost } from "../../support/motor-host.ts";
import { GROUP, MINUTE, SECOND } from "../../support/simulated-sites.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});

type Site = "weu" | "neu" | "sec";

/** As a process of that site sees it that has just begun. */
async function protectionAt(site: Site): Promise<Protection["kind"]> {
  const app = bench[site];
  const view = await bench.run(readOwn(app.stores.of(bench.group)));
  const { followedAt } = view.watch;
  const lastRoleChange = lastRoleChangeIn(view);
  return judgeProtection({ now: bench.clock.now(), lastRoleChange, followedAt, activity: [] }).kind;
}

/** What each of these sites comes to while they tick twice a minute, once for each change of mind. */
async function watchFor(ms: number, sites: readonly Site[]): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = Object.fromEntries(sites.map((site) => [site, []]));
  const end = bench.clock.now() + ms;
  while (bench.clock.now() < end) {
    await bench.run(
      Promise.all(sites.map((site) => createTick(bench[site])(createMotorHost().client))),
    );
    for (const site of sites) {
      const protection = await protectionAt(site);
      if (seen[site]?.at(-1) !== protection) seen[site]?.push(protection);
    }
    await bench.pass(30 * SECOND);
  }
  return seen;
}

const movesRoles = { fault: "other-failover", kind: "forced", at: MINUTE } as const;
const copies = () => ([...bench.world.groups.values()][0]?.reseedEndsAt ?? null) !== null;

test("roles that somebody moves leave it unprotected until the new primary is followed, at every site", async () => {
  bench.world.inject(movesRoles);
  const sites = ["neu", "sec"] as const;
  const told = ["protected", "unprotected", "protected"];
  expect(await watchFor(5 * MINUTE, sites)).toEqual({ neu: told, sec: told });
});

test("a site that was away while it was followed sees the change when it is back, and sees for itself", async () => {
  bench.world.inject(movesRoles);
  await bench.pass(4 * MINUTE);
  while (copies()) await bench.pass(MINUTE);
  expect(await watchFor(3 * MINUTE, ["sec"])).toEqual({ sec: ["unprotected", "protected"] });
});

test("a memory of the roles that nobody can read is no protection", async () => {
  await watchFor(MINUTE, ["neu"]);
  damageRow(bench.world, "neu", { group: GROUP, kind: "role-change", id: "neu" }, "garbage");
  expect(await protectionAt("neu")).toBe("unknown");
});
