// Trouble that ends by itself leaves its length behind, once, at every site that saw it.

import { expect, test } from "vitest";
import { Blips } from "../../shared/domain/blips.ts";
import {
  MINUTE,
  regionLost,
  SECOND,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { stored } from "../support/stored.ts";

function blipsAt({ world }: Simulation, site: string) {
  const [row] = stored(world, "blips", Blips, site);
  const [period] = row?.periods ?? [];
  const { counts = [], longestMs = 0 } = period?.silent ?? {};
  return { blips: counts.reduce((a, b) => a + b, 0), longestMs, days: period?.days };
}

test("a region that is dark for 74 seconds is one blip of about that length", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 74 * SECOND })] });
  await sim.runTo(10 * MINUTE);
  for (const site of ["neu", "sec"]) {
    const seen = blipsAt(sim, site);
    expect(seen).toMatchObject({ blips: 1, days: 1 });
    expect(Math.abs(seen.longestMs - 74 * SECOND)).toBeLessThan(20 * SECOND);
  }
});

test("a loss that ended in a failover is no blip", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 12 * MINUTE })] });
  await sim.runTo(20 * MINUTE);
  expect(blipsAt(sim, "neu")).toMatchObject({ blips: 0 });
});
