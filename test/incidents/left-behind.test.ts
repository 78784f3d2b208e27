// What one round, one incident or one site leaves behind must be taken up by the next: a call that came
// in the middle of a round, a claim that nobody ever settled, a failover whose site died.

import { describe, expect, test } from "vitest";
import { sendClaim, takeClaim } from "../../shared/ledger/claims.ts";
import { createMemoryStore } from "../../simulator/azure/port/memory-store.ts";
import { callSite } from "../support/call-site.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import { bookAt } from "../support/ledger-rows.ts";
import {
  acceptedPosts,
  configOf,
  GROUP,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, failoverReceiptsIn, incidentIn } from "../support/stored.ts";

describe("a person forces the failover of an open incident", () => {
  // Rounds are some twenty seconds apart: one of these instants is in each part of a round.
  test.each([0, 3.5, 7, 10.5, 14])(
    "%d s into a round: accepted, and one request leaves long before the grace is over",
    async (seconds) => {
      const calledMs = 2 * MINUTE + seconds * SECOND;
      const sim = await simulate({ faults: [regionLost()] });
      await sim.runTo(calledMs);
      expect(incidentIn(sim.world)).toMatchObject({ closedAt: null, call: null });
      const accepts = ["loss-over-budget", "loss-unknown", "key-unknown", "cooldown"];
      const call = { kind: "forced", reason: "customers wait", actor: "kim", accepts };
      expect(await callSite(sim, `failover/${GROUP}`, call)).toMatchObject({ status: 202 });
      await sim.runTo(calledMs + 50 * SECOND);
      expect(sim.world.record.posts).toHaveLength(1);
      expect(acceptedPosts(sim.world)).toHaveLength(1);
      expect(incidentIn(sim.world)?.decision?.rule).toBe("call-accepted");
      sim.sites.stop();
    },
  );
});

/** A claim of an incident that is long over, as a site that died left it in the leading site's store. */
async function leaveClaim(sim: Simulation, state: "intent" | "sent", holder: string) {
  const store = createMemoryStore(sim.world, configOf("neu").self, "neu");
  const book = bookAt(store, sim.clock, GROUP);
  const now = sim.clock.now();
  const claim = {
    group: GROUP,
    incidentId: "inc-before",
    decisionId: "decision-before",
    rule: "primary-lost",
    actor: "geo-failover",
    kind: "forced" as const,
    expectedPrimary: "home" as const,
    target: "partner" as const,
    holder,
    notAfter: now + 30 * SECOND,
  };
  let left = false;
  const leave = async (): Promise<void> => {
    await takeClaim(book, claim, now);
    if (state === "sent") await sendClaim(book, { epoch: 1, holder }, now);
    left = true;
  };
  const leaving = leave();
  await sim.clock.runUntil(() => left);
  await leaving;
  expect(claimIn(sim.world)).toMatchObject({ state, incidentId: "inc-before" });
}

test.each([
  ["intent", "neu"],
  ["intent", "sec"],
  ["sent", "sec"],
] as const)(
  "an earlier incident left its claim at %s, held by %s: a real loss settles it and fails over, once",
  async (state, holder) => {
    const sim = await simulate();
    await sim.runTo(SETTLED_MS);
    await leaveClaim(sim, state, holder);
    sim.world.inject({ fault: "region-dark", region: "westeurope", at: 0 });
    expect(await sim.runUntil(() => ended(sim), 15 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
    expect(sim.world.record.posts).toHaveLength(1);
    expect(claimIn(sim.world)).toMatchObject({ epoch: 2, incidentId: incidentIn(sim.world)?.id });
    sim.sites.stop();
  },
);

test("away on the partner, its region is lost, the home site sends and dies: the third site ends it", async () => {
  const sim = await simulate({
    faults: [{ fault: "other-failover", kind: "planned", at: SETTLED_MS }],
    policy: { cooldownMs: MINUTE },
  });
  await sim.runTo(6 * MINUTE);
  expect(roleChanges(sim.world)).toEqual([{ by: "other", to: "partner" }]);
  sim.world.inject({ fault: "region-dark", region: "northeurope", at: 0 });
  const accepted = () => (claimIn(sim.world, "weu")?.acceptedAt ?? null) !== null;
  expect(await sim.runJustUntil(accepted, 20 * MINUTE)).toBe(true);
  expect(claimIn(sim.world, "weu")?.holder).toBe("weu");
  sim.world.inject({ fault: "site-stopped", site: "weu", at: 0 });

  const closed = () => (incidentIn(sim.world, "weu")?.closedAt ?? null) !== null;
  expect(await sim.runUntil(closed, 30 * MINUTE)).toBe(true);
  expect(incidentIn(sim.world, "weu")).toMatchObject({ end: "failed-over", motorSite: "sec" });
  expect(claimIn(sim.world, "weu")?.spentBecause).toBe("moved");
  expect(failoverReceiptsIn(sim.world, "weu")).toHaveLength(1);
  expect(acceptedPosts(sim.world)).toHaveLength(1);
  expect(roleChanges(sim.world).at(-1)).toEqual({ by: "us", to: "home" });
  sim.sites.stop();
});
