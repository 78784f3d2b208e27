// Seeds that draw what goes wrong, in Azure and with our own hosts, and what must hold all the same.
// The seeds are fixed; a new one is tried with SWARM_SEED=17 npx vitest run test/incidents/swarm.test.ts

import { expect, test } from "vitest";
import { swarm } from "../support/swarm.ts";

const FIXED = Array.from({ length: 8 }, (_, index) => index + 1);
const WANTED = process.env.SWARM_SEED;
const SEEDS = WANTED === undefined ? FIXED : [Number(WANTED)];

let failedOver = 0;

test.each(SEEDS)("seed %i: no wrong failover, no second one, and it ends", async (seed) => {
  const run = await swarm(seed);
  if (run.failedOver) failedOver += 1;
  const again = `again with SWARM_SEED=${seed} npx vitest run test/incidents/swarm.test.ts`;
  expect(run.violations, again).toEqual([]);
});

test.runIf(WANTED === undefined)(
  "the swarm proves something: some of its seeds fail over, some do not",
  () => {
    expect(failedOver).toBeGreaterThan(2);
    expect(failedOver).toBeLessThan(SEEDS.length);
  },
);
