import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import { GROUP, MINUTE, regionLost, simulate } from "../support/simulated-sites.ts";
import { incidentIn } from "../support/stored.ts";

test("an incident that holds for half an hour: one motor, a short history, a look every interval", async () => {
  const sim = await simulate({ faults: [{ ...regionLost(), at: 2 * MINUTE }] });
  await callSite(sim, "pause", { group: GROUP, reason: "network change", owner: "kim" });
  await sim.runTo(10 * MINUTE);
  const rounds = incidentIn(sim.world)?.outage.rounds ?? 0;
  let longest = 0;
  for (let minute = 11; minute <= 30; minute++) {
    await sim.runTo(minute * MINUTE);
    const lengths = sim.sites
      .host("neu")
      .instances()
      .map(({ historyLength }) => historyLength);
    longest = Math.max(longest, ...lengths);
  }
  expect(sim.sites.host("neu").instances()).toMatchObject([
    { name: "Incident", status: "Running" },
  ]);
  expect(incidentIn(sim.world)?.motor).toBe(1);
  expect(longest).toBeLessThan(200);
  expect((incidentIn(sim.world)?.outage.rounds ?? 0) - rounds).toBeGreaterThan(20 * 5);
});

test("what a motor does is shown by its status: the phase, the rule, and when it goes on", async () => {
  // A look at a dark region takes so long that the next follows at once.
  const down = { fault: "instance-down", on: "home", at: 2 * MINUTE } as const;
  const sim = await simulate({ faults: [down] });
  const looking = () => incidentIn(sim.world)?.decision?.rule === "grace";
  expect(await sim.runUntil(looking, 5 * MINUTE)).toBe(true);
  await sim.runUntil(() => statusOf()?.phase === "waiting", 5 * MINUTE);
  expect(statusOf()).toMatchObject({ phase: "waiting", rule: "grace", verdict: "hold" });
  expect(Date.parse(String(statusOf()?.next.at))).toBeGreaterThan(sim.clock.now() - MINUTE);

  function statusOf(): { phase: string; next: { at: string } } | null {
    const [motor] = sim.sites.host("neu").instances();
    const status = motor?.customStatus;
    return isStatus(status) ? status : null;
  }
});

function isStatus(value: unknown): value is { phase: string; next: { at: string } } {
  return typeof value === "object" && value !== null && "phase" in value && "next" in value;
}
