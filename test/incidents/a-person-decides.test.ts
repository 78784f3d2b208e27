// Approve mode: the rules ask, a person answers with the token of the ask, and the same rules put the
// answer to fresh facts.

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
import { asksIn, incidentIn } from "../support/stored.ts";

const APPROVE = { mode: "approve", approvalMs: 5 * MINUTE } as const;

function tokensSent({ world }: Simulation): readonly string[] {
  return world.record.sent.flatMap(({ event }) =>
    event.type === "ask" && typeof event.data.token === "string" ? [event.data.token] : [],
  );
}

async function untilAsked(sim: Simulation): Promise<string> {
  expect(await sim.runUntil(() => tokensSent(sim).length > 0, 10 * MINUTE)).toBe(true);
  return tokensSent(sim)[0] ?? "";
}

test("approved: it fails over, once", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: APPROVE });
  const token = await untilAsked(sim);
  await sim.runTo(6 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  const approved = await callSite(sim, "approve", { token, actor: "kim" });
  expect(approved).toMatchObject({ status: 202 });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test("nobody answers: nothing is sent, the same ask is told again after a quarter of an hour, and any of its tokens is good", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: APPROVE });
  const token = await untilAsked(sim);
  await sim.runTo(22 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  expect(tokensSent(sim).length).toBe(2);
  expect(asksIn(sim.world)).toMatchObject([{ answer: "none" }]);
  expect(await callSite(sim, "approve", { token, actor: "kim" })).toMatchObject({ status: 202 });
});

test("denied: nothing is sent", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: APPROVE });
  const token = await untilAsked(sim);
  expect(await callSite(sim, "deny", { token, actor: "kim" })).toMatchObject({ status: 200 });
  await sim.runTo(12 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
});

test("denied, and then what was in the way goes by itself: nothing is sent until somebody approves", async () => {
  const managed = { fault: "policy-automatic", group: GROUP, at: 0, for: 9 * MINUTE } as const;
  const sim = await simulate({ faults: [regionLost(), managed], policy: { mode: "automatic" } });
  const token = await untilAsked(sim);
  expect(await callSite(sim, "deny", { token, actor: "kim" })).toMatchObject({ status: 200 });
  await sim.runTo(20 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  // Who has said no is not asked the same again; the same token takes it back.
  expect(tokensSent(sim)).toEqual([token]);
  expect(await callSite(sim, "approve", { token, actor: "eve" })).toMatchObject({
    status: 202,
  });
  expect(await sim.runUntil(() => ended(sim), 40 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test("approved after the region came back: nothing is sent, and the incident closes", async () => {
  const sim = await simulate({ faults: [regionLost({ for: 5 * MINUTE })], policy: APPROVE });
  const token = await untilAsked(sim);
  await sim.runTo(7 * MINUTE);
  const approved = await callSite(sim, "approve", { token, actor: "kim" });
  expect(approved).toMatchObject({ status: 409, json: { title: "The primary has healed" } });
  expect(asksIn(sim.world)).toMatchObject([{ answer: "none" }]);
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(sim.world.record.posts).toEqual([]);
  expect(incidentIn(sim.world)?.end).toBe("recovered");
});

test("a token is used once", async () => {
  const sim = await simulate({ faults: [regionLost()], policy: APPROVE });
  const token = await untilAsked(sim);
  expect(await callSite(sim, "approve", { token, actor: "kim" })).toMatchObject({ status: 202 });
  const again = await callSite(sim, "approve", { token, actor: "eve" });
  expect(again).toMatchObject({ status: 409 });
});

test("the ask could not be delivered: it is sent as soon as somebody can be told", async () => {
  const silent = { fault: "notifier-down", at: 4 * MINUTE, for: 2 * MINUTE } as const;
  const sim = await simulate({ faults: [regionLost(), silent], policy: APPROVE });
  expect(await sim.runUntil(() => asksIn(sim.world).length > 0, 10 * MINUTE)).toBe(true);
  await sim.runTo(silent.at + silent.for);
  expect(tokensSent(sim)).toEqual([]);
  await sim.runTo(silent.at + silent.for + 30 * SECOND);
  expect(tokensSent(sim)).toHaveLength(1);
});
