// The roles moved by our own request, and are as before a moment later: Azure took it back, or somebody did.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, failbackIn, failoverReceiptsIn, incidentIn } from "../support/stored.ts";

/** So that nobody can prove the new primary meanwhile. */
const SLOW_NAMES: Fault = { fault: "dns-lag", seconds: 900, at: 0 };

/** The region is lost until our request has moved the roles; then they are moved back. */
async function undone(): Promise<Simulation> {
  const sim = await simulate({ faults: [regionLost({ for: 4 * MINUTE }), SLOW_NAMES] });
  const moved = (times: number) => () => roleChanges(sim.world).length === times;
  expect(await sim.runJustUntil(moved(1), 20 * MINUTE)).toBe(true);
  await sim.runTo(Math.max(SETTLED_MS + 4 * MINUTE, sim.clock.now() - START) + SECOND);
  sim.world.inject({ fault: "other-failover", kind: "forced", by: "Azure", at: 0, for: SECOND });
  expect(await sim.runJustUntil(moved(2), 40 * MINUTE)).toBe(true);
  return sim;
}

function toldSince({ world }: Simulation, since: number): readonly string[] {
  return world.record.sent.flatMap(({ event }) =>
    event.at > since && event.urgent ? [`${event.type} ${event.id.split("~")[2]}`] : [],
  );
}

test("and the primary is lost again: a page within two minutes, and it is looked anew: somebody is asked", async () => {
  const sim = await undone();
  const undoneAt = sim.clock.now();
  sim.world.inject({ fault: "instance-down", on: "home", at: 0 });
  await sim.runTo(undoneAt - START + 2 * MINUTE);
  expect(toldSince(sim, undoneAt)).toEqual(["page undone-1"]);
  await sim.runTo(undoneAt - START + 10 * MINUTE);
  expect(incidentIn(sim.world)).toMatchObject({ closedAt: null, decision: { verdict: "ask" } });
  expect(acceptedPosts(sim.world)).toHaveLength(1);
  sim.sites.stop();
});

test("and the whole region of the primary is lost again: it is looked anew, and somebody is asked", async () => {
  const sim = await undone();
  const undoneAt = sim.clock.now();
  sim.world.inject({ fault: "region-dark", region: "westeurope", at: 0 });
  await sim.runTo(undoneAt - START + 10 * MINUTE);
  expect(incidentIn(sim.world)).toMatchObject({ closedAt: null, decision: { verdict: "ask" } });
  expect(acceptedPosts(sim.world)).toHaveLength(1);
  sim.sites.stop();
});

test("and the primary serves: the move has its receipt, there is no way home to go, and the incident is recovered", async () => {
  const sim = await undone();
  await sim.runTo(sim.clock.now() - START + 10 * MINUTE);
  expect(claimIn(sim.world)).toMatchObject({ spentBecause: "undone", owed: false });
  expect(failoverReceiptsIn(sim.world)).toHaveLength(1);
  expect(failbackIn(sim.world)).toBeNull();
  expect(incidentIn(sim.world)?.end).toBe("recovered");
  sim.sites.stop();
});
