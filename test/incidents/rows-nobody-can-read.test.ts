// One kind of row is made unreadable where the leading site keeps it; then the region is lost for good.
// Either the failover happens, or somebody is told at once, and health says that all is not well.

import { expect, test } from "vitest";
import { EVERY_GROUP } from "../../shared/domain/group.ts";
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
  if (!acted) {
    expect(urgent(sim)).not.toEqual([]);
    // A role change that nobody can read is asked about; what holds everything still is no health.
    const { status } = await callSite(sim, "health", undefined, "neu", "GET");
    expect(status).toBe(kind === "role-change" ? 200 : 503);
  }
  sim.sites.stop();
});

/** What wakes somebody up, or asks somebody: from whichever site. */
function urgent({ world }: Simulation): readonly string[] {
  return world.record.sent
    .filter(({ event }) => event.urgent || event.type === "ask")
    .map(({ event }) => event.text);
}
