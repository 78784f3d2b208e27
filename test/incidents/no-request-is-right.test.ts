// The primary's region looks lost, and yet nothing may be sent: somebody else acts, the region comes
// back, a person has paused us, the mode forbids it, or the ledger speaks a newer language.

import { describe, expect, test } from "vitest";
import { Receipt } from "../../shared/domain/receipt.ts";
import { putNewerRow } from "../../simulator/azure/port/memory-store.ts";
import { callSite } from "../support/call-site.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import {
  GRACE_MS,
  GROUP,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  simulate,
} from "../support/simulated-sites.ts";
import { claimIn, incidentIn, stored } from "../support/stored.ts";

test("somebody else fails over during the grace: we stand down", async () => {
  const other = { fault: "other-failover", kind: "forced", at: SETTLED_MS + 40 * SECOND } as const;
  const sim = await simulate({ faults: [regionLost(), other] });
  expect(await sim.runUntil(() => ended(sim), 10 * MINUTE)).toBe(true);
  await sim.runTo(10 * MINUTE);
  expect(incidentIn(sim.world)?.end).toBe("stood-down");
  expect(sim.world.record.posts).toEqual([]);
  expect(roleChanges(sim.world)).toEqual([{ by: "other", to: "partner" }]);
});

test("the region is back just before the grace is over: nothing is sent, and the incident closes", async () => {
  const sim = await simulate({ faults: [regionLost({ for: GRACE_MS - 2 * SECOND })] });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(incidentIn(sim.world)?.end).toBe("recovered");
  expect(sim.world.record.posts).toEqual([]);
});

test("paused: nothing is sent, through restarts too; resumed: it acts", async () => {
  const sim = await simulate({ faults: [{ ...regionLost(), at: 2 * MINUTE }] });
  await sim.runTo(SETTLED_MS);
  const paused = { group: GROUP, reason: "network change", owner: "kim" };
  expect(await callSite(sim, "pause", paused)).toMatchObject({ status: 200 });
  await sim.runTo(5 * MINUTE);
  sim.sites.host("neu").kill();
  await sim.runTo(10 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  expect(incidentIn(sim.world)).toMatchObject({ closedAt: null, decision: { verdict: "hold" } });

  // The lost region's store cannot say that it has lifted its copy: it is told again, and nothing waits for it.
  const resumed = { group: GROUP, reason: "done", owner: "kim" };
  expect(await callSite(sim, "resume", resumed)).toMatchObject({ status: 503 });
  expect(await sim.runUntil(() => ended(sim), 30 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test("paused between the claim and the request: 200 is kept, and resuming takes its owner", async () => {
  const sim = await simulate({
    faults: [
      { fault: "instance-down", on: "home", at: SETTLED_MS },
      { fault: "arm-slow", ms: 3_000, at: SETTLED_MS },
    ],
  });
  const claimed = () => claimIn(sim.world)?.state === "intent";
  expect(await sim.runJustUntil(claimed, 9 * MINUTE)).toBe(true);
  const pause = { group: GROUP, reason: "network change", owner: "kim" };
  expect(await callSite(sim, "pause", pause)).toMatchObject({ status: 200 });
  expect(claimIn(sim.world)).toMatchObject({ state: "spent", spentBecause: "paused" });
  await sim.runTo(15 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);

  const resume = { group: GROUP, reason: "done", owner: "bot" };
  expect(await callSite(sim, "resume", resume)).toMatchObject({ status: 409 });
  const named = await callSite(sim, "resume", { ...resume, pausedBy: "kim" });
  expect(named).toMatchObject({ status: 200 });
  expect(await sim.runUntil(() => ended(sim), 30 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test("observe mode: nothing is ever sent, and the receipts say what would have been", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: { mode: "observe" } });
  await sim.runTo(9 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  const rules = stored(sim.world, "receipt", Receipt).flatMap((receipt) =>
    receipt.kind === "decision" ? [receipt.decision.rule] : [],
  );
  expect(rules).toContain("observe");
  expect(rules).not.toContain("primary-lost");
});

describe("a row that a newer release wrote", () => {
  test.each(["incident", "claim", "pause"])(
    "%s: nothing acts, nothing crashes, the row stays",
    async (kind) => {
      const sim = await simulate({ faults: [regionLost()] });
      await sim.runTo(SETTLED_MS + 50 * SECOND);
      const id = { incident: "current", claim: "newest", pause: "pause" }[kind] ?? "";
      putNewerRow(sim.world, "neu", { group: GROUP, kind, id }, 99);
      await sim.runTo(9 * MINUTE);
      expect(sim.world.record.posts).toEqual([]);
      expect(sim.sites.host("neu").alive).toBe(true);
      const row = sim.world.stores.get("neu")?.parts.get(`${GROUP}/${kind}`)?.get(id);
      expect(row).toMatchObject({ json: null, schemaVersion: 99 });
    },
  );
});
