// The primary's region is lost, and what the failover needs of Azure fails as well: the store that
// holds the claims, the answer of the request, the request itself. Nothing is sent twice for it.

import { expect, test } from "vitest";
import { ended, FAILED_OVER_ONCE, outcomeOf, undisturbedSteps } from "../support/incident-steps.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  SECOND,
  SETTLED_MS,
  simulate,
} from "../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../support/stored.ts";

test("the store of the region failed over to is unreachable: no request, and afterwards it goes on", async () => {
  const down = { fault: "store-down", site: "neu", at: SETTLED_MS + 2 * MINUTE } as const;
  const sim = await simulate({ faults: [regionLost(), { ...down, for: 10 * MINUTE }] });
  await sim.runTo(down.at + 10 * MINUTE);
  expect(sim.world.record.posts).toEqual([]);
  await sim.runTo(down.at + 15 * MINUTE);
  // Ten minutes unseen: what was lost in them is unknown, and that takes a person.
  expect(incidentIn(sim.world)?.decision).toMatchObject({ rule: "guard", verdict: "ask" });
});

test("that store is away for half a minute: it fails over all the same", async () => {
  const down = { fault: "store-down", site: "neu", at: SETTLED_MS + 2 * MINUTE } as const;
  const sim = await simulate({ faults: [regionLost(), { ...down, for: 30 * SECOND }] });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test.each([-30, -1, 0, 30])(
  "writes to that store happen, their answers are lost from %i s around the request on: one request",
  async (seconds) => {
    const sent = (await undisturbedSteps()).find(({ name }) => name === "PostFailover 1");
    const at = (sent?.startedMs ?? 0) + seconds * SECOND;
    const lost = { fault: "store-answer-lost", site: "neu", at, for: 2 * MINUTE } as const;
    const sim = await simulate({ faults: [regionLost(), lost] });
    expect(await sim.runUntil(() => ended(sim), 30 * MINUTE)).toBe(true);
    expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  },
);

test("the answer of the request is lost: the roles tell, and nothing is sent again", async () => {
  const sim = await simulate({ faults: [regionLost()] });
  expect(await sim.runJustUntil(() => claimIn(sim.world)?.state === "sent", 5 * MINUTE)).toBe(true);
  sim.world.inject({ fault: "arm-answer-lost", at: 0, for: 40 * SECOND });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  expect(sim.world.record.posts).toHaveLength(1);
  expect(auditIn(sim.world).map(({ action }) => action)).toContain("post-unanswered");
});

test("the request never arrives: after two quiet minutes it is spent, and a new decision sends another", async () => {
  const sim = await simulate({ faults: [regionLost()] });
  expect(await sim.runJustUntil(() => claimIn(sim.world)?.state === "sent", 5 * MINUTE)).toBe(true);
  const sentAt = sim.clock.now();
  sim.world.inject({ fault: "arm-down", at: 0, for: 15 * SECOND });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  expect(sim.world.record.posts).toHaveLength(1);
  expect((sim.world.record.posts[0]?.at ?? 0) - sentAt).toBeGreaterThan(2 * MINUTE);
  expect(claimIn(sim.world)?.epoch).toBe(2);
});

test("the request is throttled for minutes: every retry is a new decision with a claim of its own", async () => {
  const code = "SubscriptionTooManyRequests";
  const refuses = { fault: "arm-refuses", region: "northeurope", code, at: SETTLED_MS } as const;
  const sim = await simulate({ faults: [regionLost(), { ...refuses, for: 5 * MINUTE }] });
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
  const requests = sim.world.record.posts.length;
  expect(requests).toBeGreaterThan(3);
  const taken = auditIn(sim.world).filter(({ action }) => action === "claim-taken");
  expect(taken).toHaveLength(requests);
  expect(new Set(taken.map(({ receiptId }) => receiptId)).size).toBe(requests);
});

test("the target still undoes the last role change: one request, then a person is asked for half an hour", async () => {
  const code = "GeoReplicationCannotBecomePrimaryDuringUndo";
  const refuses = { fault: "arm-refuses", region: "northeurope", code, at: SETTLED_MS } as const;
  const sim = await simulate({ faults: [regionLost(), { ...refuses, for: 15 * MINUTE }] });
  await sim.runTo(20 * MINUTE);
  expect(sim.world.record.posts).toHaveLength(1);
  const asks = sim.world.record.sent.filter(({ event }) => event.type === "ask");
  expect(asks.length).toBeGreaterThan(0);
  // Whoever is not heard from need not be: after half an hour it is tried again.
  expect(await sim.runUntil(() => ended(sim), 45 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});

test("Resource Manager throttles everything for minutes: no request before it answers again", async () => {
  const throttled = { fault: "arm-throttled", at: SETTLED_MS + 30 * SECOND } as const;
  const sim = await simulate({ faults: [regionLost(), { ...throttled, for: 5 * MINUTE }] });
  await sim.runTo(throttled.at + 5 * MINUTE);
  expect(acceptedPosts(sim.world)).toEqual([]);
  expect(await sim.runUntil(() => ended(sim), 20 * MINUTE)).toBe(true);
  expect(outcomeOf(sim)).toEqual(FAILED_OVER_ONCE);
});
