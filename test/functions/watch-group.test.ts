// What a tick asks Resource Manager for, hour after hour, while half of it does not answer.

import { beforeEach, expect, test } from "vitest";
import { createTick } from "../../functions/keeping/tick.ts";
import { readOwn } from "../../shared/ledger/group-ledger.ts";
import { type Bench, startBench } from "../support/activity-bench.ts";
import { createMotorHost } from "../support/motor-host.ts";
import { overheard } from "../support/overheard.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

const TICK_MS = 15 * SECOND;
const DARK = { fault: "region-dark", region: "northeurope", at: 0 } as const;

let bench: Bench;
let asked: string[];
beforeEach(async () => {
  bench = await startBench();
  asked = [];
});

/** How often each question was asked at `weu` in so long. */
async function tickFor(ms: number): Promise<Record<string, number>> {
  const tick = createTick(overheard(bench.weu, asked));
  asked.length = 0;
  const endAt = bench.clock.now() + ms;
  while (bench.clock.now() < endAt) {
    const nextAt = bench.clock.now() + TICK_MS;
    await bench.run(tick(createMotorHost().client));
    await bench.pass(Math.max(0, nextAt - bench.clock.now()));
  }
  const counts: Record<string, number> = {};
  for (const what of asked) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}

test("while the secondary's region is dark nothing is asked more than once a minute, and what was known stands", async () => {
  await tickFor(2 * MINUTE);
  bench.world.inject(DARK);
  await bench.pass(10 * MINUTE);
  const counts = await tickFor(10 * MINUTE);
  expect(counts.group).toBeLessThanOrEqual(10);
  // The primary's and the secondary's.
  expect(counts.instance).toBeLessThanOrEqual(20);
  expect(counts.operations).toBeLessThanOrEqual(10);
  const { watch } = await bench.run(readOwn(bench.weu.stores.of(bench.group)));
  expect(watch.primary).toBe("home");
  expect(watch.fitness).not.toBeNull();
});

test("once a look has failed the roles are asked for at every tick, told or not", async () => {
  await tickFor(2 * MINUTE);
  bench.world.inject(DARK);
  bench.world.inject({ fault: "instance-down", on: "home", at: 0 });
  await tickFor(MINUTE);
  const counts = await tickFor(MINUTE);
  expect(counts.group).toBeGreaterThanOrEqual(3);
});
