// One look meets failing storage, then the whole region is dark. What began so is a person's to decide, however
// long nobody answers there: nobody can tell how much of what was written is whole.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import { callSite } from "../support/call-site.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import {
  MINUTE,
  regionLost,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { incidentIn } from "../support/stored.ts";

const LOG_FAILS: Fault = {
  fault: "write-error",
  on: "home",
  number: 9001,
  at: SETTLED_MS - 15 * SECOND,
  for: 15 * SECOND,
};

function asked({ world }: Simulation): readonly string[] {
  const tokens = world.record.sent.flatMap(({ event }) =>
    event.type === "ask" ? [String(event.data.token)] : [],
  );
  return [...new Set(tokens)];
}

test("asks by the rule that says so, again and again, sends nothing by itself, and acts when it is approved", async () => {
  const sim = await simulate({ faults: [LOG_FAILS, regionLost()] });
  await sim.runTo(22 * MINUTE);
  expect(incidentIn(sim.world)?.decision).toMatchObject({ rule: "storage-failed", verdict: "ask" });
  expect(sim.world.record.posts).toEqual([]);
  expect(asked(sim).length).toBeGreaterThan(1);
  const token = asked(sim).at(-1) ?? "";
  expect(await callSite(sim, "approve", { token, actor: "kim" })).toMatchObject({ status: 202 });
  expect(await sim.runUntil(() => ended(sim), 60 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  sim.sites.stop();
});
