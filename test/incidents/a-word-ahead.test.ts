// What an operator has said ahead of time: an override lifts the one guard that it names, while it stands.

import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import {
  GROUP,
  MINUTE,
  regionLost,
  SECOND,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { auditIn, incidentIn } from "../support/stored.ts";

const OVER_BUDGET = { faults: [regionLost()], policy: { lossBudgetMs: SECOND } };

async function sayAhead(sim: Simulation, forMs: number): Promise<void> {
  await sim.runTo(80 * SECOND);
  const told = await callSite(sim, "override", {
    group: GROUP,
    guard: "loss-over-budget",
    lossAtMostSeconds: 60,
    reason: "orders can be entered again from the queue",
    actor: "ada",
    expiresAt: new Date(sim.clock.now() + forMs).toISOString(),
  });
  expect(told).toMatchObject({ status: 200 });
}

test("the loss is over budget, and somebody has accepted up to a minute: it fails over, once", async () => {
  const sim = await simulate(OVER_BUDGET);
  await sayAhead(sim, 60 * MINUTE);
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  expect(auditIn(sim.world).map(({ action }) => action)).toContain("override");
});

test("the word has expired before the grace is over: a person is asked", async () => {
  const sim = await simulate(OVER_BUDGET);
  await sayAhead(sim, MINUTE);
  await sim.runTo(7 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  expect(incidentIn(sim.world)?.decision).toMatchObject({
    verdict: "ask",
    rule: "guard",
    because: [{ code: "loss-over-budget" }],
  });
});

test("the word is taken back in the grace: a person is asked", async () => {
  const sim = await simulate(OVER_BUDGET);
  await sayAhead(sim, 60 * MINUTE);
  await sim.runTo(3 * MINUTE);
  const body = { group: GROUP, guard: "loss-over-budget", reason: "not today", actor: "bob" };
  expect(await callSite(sim, "override/withdraw", body, "sec")).toMatchObject({ status: 503 });
  await sim.runTo(7 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  expect(incidentIn(sim.world)?.decision).toMatchObject({ verdict: "ask", rule: "guard" });
});
