import type { DurableClient } from "durable-functions";
import { expect, test } from "vitest";
import { createTick } from "../../../functions/keeping/tick.ts";
import { siteHealth } from "../../../functions/status/site-health.ts";
import { startBench } from "../../support/activity-bench.ts";
import { SECOND } from "../../support/simulated-sites.ts";

/** While all is well no tick starts a motor. */
const NO_CLIENT = {} as DurableClient;

test("a tick that a peer calls says nothing of what its process saw at its last one, long ago", async () => {
  const { neu, run, pass } = await startBench();
  const [timer, called] = [createTick(neu), createTick(neu)];
  await run(called(NO_CLIENT));
  for (let tick = 0; tick < 12; tick++) {
    await pass(15 * SECOND);
    await run(timer(NO_CLIENT));
  }
  await pass(5 * SECOND);
  await run(called(NO_CLIENT));
  expect(await run(siteHealth(neu))).toMatchObject({ health: "ticking" });
});
