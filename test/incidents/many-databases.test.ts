// A group of five hundred databases: what is remembered of it must still fit into rows.

import { expect, test } from "vitest";
import { Receipt } from "../../shared/domain/receipt.ts";
import { Watch } from "../../shared/domain/watch.ts";
import type { WorldOptions } from "../../simulator/azure/world/create-world.ts";
import { GROUP, MINUTE, regionLost, simulate } from "../support/simulated-sites.ts";
import { stored } from "../support/stored.ts";

/** What the store refuses to keep in one row. */
const ROW_CHARACTERS = 480_000;
const DATABASES = 500;
/** Nothing else of the world differs. */
const MANY: Pick<WorldOptions, "commitsPerSecond" | "databases"> = {
  commitsPerSecond: 10,
  databases: Array.from({ length: DATABASES }, (_, nth) => `orders-tenant-${nth}`),
};

test("looks, samples and decisions of five hundred databases fit", async () => {
  // Only once minutes of samples have been gathered.
  const lost = { ...regionLost(), at: 3 * MINUTE };
  const sim = await simulate({ faults: [lost], settings: MANY });
  expect(sim.world.groups.get(GROUP)?.databases.length).toBeGreaterThanOrEqual(DATABASES);
  const decisions = () => {
    const receipts = stored(sim.world, "receipt", Receipt);
    return receipts.filter(({ kind }) => kind === "decision");
  };
  expect(await sim.runUntil(() => decisions().length > 0, 10 * MINUTE)).toBe(true);

  for (const site of ["neu", "sec"]) {
    const [watch] = stored(sim.world, "watch", Watch, site);
    expect(watch?.looks.length).toBeGreaterThan(1);
    expect(new Set(watch?.samples.map(({ database }) => database)).size).toBeGreaterThanOrEqual(
      DATABASES,
    );
  }
  for (const store of sim.world.stores.values()) {
    for (const [part, rows] of store.parts) {
      for (const { id, json } of rows.values()) {
        expect(json?.length ?? 0, `${part}/${id}`).toBeLessThan(ROW_CHARACTERS);
      }
    }
  }
  sim.sites.stop();
});
