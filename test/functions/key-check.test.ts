import { expect, test } from "vitest";
import { checkKey } from "../../functions/key-check.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { decide } from "../../shared/policy/decide.ts";
import { type Bench, startBench } from "../support/activity-bench.ts";
import { facts, policy } from "../support/facts.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

/** When the instance last answered, by this site's clock. */
async function answeredAt({ neu, group }: Bench): Promise<number | null> {
  return (await readWatch(neu.stores.own, group.name)).keyPath?.answeredAt ?? null;
}

async function checkFor(bench: Bench, ms: number, graceLeftMs: number | null): Promise<void> {
  const decision = { ...decide(facts(), policy()).decision, graceLeftMs };
  const untilAt = bench.clock.now() + ms;
  while (bench.clock.now() < untilAt) {
    await bench.run(checkKey(bench.neu, bench.group, "home", { decision }));
    await bench.pass(10 * SECOND);
  }
}

test("while an outage waits out its grace the proof is never much older than a minute", async () => {
  const bench = await startBench();
  await checkFor(bench, 3 * MINUTE, 4 * MINUTE);
  const at = await bench.run(answeredAt(bench));
  expect(bench.clock.now() - (at ?? 0)).toBeLessThan(90 * SECOND);
});

test.each([
  ["near the end of the grace, when a request may be near", 45 * SECOND],
  ["after it", 0],
  ["in peace", null],
])("%s a good proof is left alone", async (_, graceLeftMs) => {
  const bench = await startBench();
  const before = await bench.run(answeredAt(bench));
  expect(before).not.toBeNull();
  await checkFor(bench, 3 * MINUTE, graceLeftMs);
  expect(await bench.run(answeredAt(bench))).toBe(before);
});
