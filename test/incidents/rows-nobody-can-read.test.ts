// One kind of row is made unreadable where the leading site keeps it; then the region is lost for good.
// Either the failover happens, or a site that still ticks says which row is in the way.

import { expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
import { Watch } from "../../shared/domain/watch.ts";
import { callSite } from "../support/call-site.ts";
import { DAMAGES, type Damage, damageRow } from "../support/damaged-rows.ts";
import {
  GROUP,
  MINUTE,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { stored } from "../support/stored.ts";
import { THOROUGH } from "../support/thorough.ts";

type Row = readonly [site: string, group: string, kind: string, id: string];

const ROWS: readonly (readonly [end: "acts" | "tells", ...Row])[] = [
  ["acts", "neu", GROUP, "watch", "neu"],
  ["acts", "sec", GROUP, "watch", "sec"],
  ["acts", "neu", GROUP, "looks", "rounds"],
  ["acts", "neu", GROUP, "key-proof", "neu"],
  ["acts", "neu", EVERY_GROUP, "heartbeat", "neu"],
  ["acts", "neu", GROUP, "blips", "neu"],
  ["acts", "neu", GROUP, "failback", "partner"],
  ["acts", "neu", GROUP, "ask", "an-old-one"],
  ["acts", "neu", GROUP, "approval", "an-old-one"],
  ["acts", "neu", GROUP, "override", "cooldown"],
  ["acts", "neu", GROUP, "newest-call", "fail-over"],
  ["acts", "weu", GROUP, "pause", "pause"],
  ["tells", "neu", GROUP, "incident", "current"],
  ["tells", "neu", GROUP, "claim", "newest"],
  ["tells", "neu", GROUP, "pause", "pause"],
  ["tells", "neu", EVERY_GROUP, "pause", "pause"],
  ["tells", "neu", GROUP, "role-change", "neu"],
];

const CASES = ROWS.flatMap(([end, ...row], at) =>
  DAMAGES.filter((_, which) => THOROUGH || which === at % DAMAGES.length).map(
    (damage) => [damage, row.join("/"), row, end] as const,
  ),
);

test.each(CASES)("%s in %s", async (damage: Damage, _name, [site, group, kind, id], end) => {
  const sim = await simulate({ seed: 3 });
  await sim.runTo(SETTLED_MS);
  damageRow(sim.world, site, { group, kind, id }, damage);
  sim.world.inject({ fault: "region-dark", region: "westeurope", at: 5 * SECOND });
  const acted = await sim.runUntil(
    () => roleChanges(sim.world).length > 0,
    SETTLED_MS + 8 * MINUTE,
  );
  // A broken incident is begun anew; one of a newer release may be somebody's, and is told.
  const acts = end === "acts" || (kind === "incident" && damage !== "a newer schema");
  expect(acted).toBe(acts);
  if (!acted) expect(await toldBy(sim, kind)).toBe(true);
  sim.sites.stop();
});

/** Is it in the way of somebody who says so, at a site that still ticks? */
async function toldBy(sim: Simulation, kind: string): Promise<boolean> {
  const kept = stored(sim.world, "watch", Watch).flatMap(({ unreadable }) => unreadable);
  if (kept.some((row) => row.kind === kind)) return true;
  const { json } = await callSite(sim, "tick", undefined, "neu", "POST");
  return JSON.stringify(json).includes(`"kind":"${kind}"`);
}
