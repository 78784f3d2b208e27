// A step of a motor that takes long shows that its motor lives, so that nobody replaces it.

import { beforeEach, expect, test } from "vitest";
import { whileBeating } from "../../../functions/activities/while-beating.ts";
import type { Work } from "../../../orchestrations/contracts.ts";
import { type Bench, loseRegion, startBench } from "../../support/activity-bench.ts";
import { MINUTE, SECOND } from "../../support/simulated-sites.ts";
import { incidentIn } from "../../support/stored.ts";

let bench: Bench;
let work: Work;
beforeEach(async () => {
  bench = await startBench();
  work = await loseRegion(bench);
});

const lasting = (ms: number): Promise<string> =>
  new Promise((resolve) => bench.clock.setTimer(bench.clock.now() + ms, () => resolve("done")));

/** The signs of life that are seen while this much time passes, each as old as it was when it came. */
async function signsIn(ms: number): Promise<readonly number[]> {
  const startedAt = bench.clock.now();
  const seen = new Set<number>();
  for (let at = 0; at < ms; at += SECOND) {
    await bench.pass(SECOND);
    seen.add(incidentIn(bench.world)?.heartbeatAt ?? 0);
  }
  return [...seen]
    .filter((at) => at > startedAt)
    .map((at) => Math.floor((at - startedAt) / SECOND));
}

test("a step that ends soon is waited for, without a sign of life of its own", async () => {
  const step = whileBeating(bench.neu, work, lasting(10 * SECOND));
  expect(await signsIn(MINUTE)).toEqual([]);
  expect(await step).toBe("done");
});

test("one that takes a minute shows a sign of life every 18 seconds, and none after its end", async () => {
  const step = whileBeating(bench.neu, work, lasting(MINUTE));
  expect(await signsIn(3 * MINUTE)).toEqual([18, 36, 54]);
  expect(await step).toBe("done");
});

test("one that takes for ever counts as dead after ten of them", async () => {
  const step = whileBeating(bench.neu, work, lasting(10 * MINUTE));
  expect(await signsIn(9 * MINUTE)).toHaveLength(10);
  await bench.pass(2 * MINUTE);
  expect(await step).toBe("done");
});

test("a step that fails fails, and its store being down meanwhile is no failure", async () => {
  bench.world.inject({ fault: "store-down", site: "neu", at: 0 });
  const step = whileBeating(bench.neu, work, lasting(MINUTE));
  expect(await signsIn(2 * MINUTE)).toEqual([]);
  expect(await step).toBe("done");
  const failing = whileBeating(bench.neu, work, Promise.reject(new Error("the step failed")));
  await expect(bench.run(failing)).rejects.toThrow("the step failed");
});
