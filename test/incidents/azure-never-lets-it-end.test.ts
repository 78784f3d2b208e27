// Azure refuses for as long as it likes, takes a request and never ends it, or is busy with somebody
// else's. Then people must hear of it again and again, and Azure must not be asked again and again.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import { findCrowding } from "../../simulator/find-crowding.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { auditIn, claimIn, incidentIn } from "../support/stored.ts";
import { THOROUGH } from "../support/thorough.ts";

const MAY_NOT: Fault = {
  fault: "arm-refuses",
  region: "northeurope",
  code: "AuthorizationFailed",
  status: 403,
  at: SETTLED_MS,
};

/** Rounds further apart change nothing here but the time that the tests take. */
const RARELY = { intervalMs: 55 * SECOND };

function pagesOf({ world }: Simulation): readonly string[] {
  return world.record.sent.flatMap(({ event }) => (event.type === "page" ? [event.id] : []));
}

/** All that anybody was told of what Azure refused, or never answered, by whichever site. */
function refusalsTold(sim: Simulation): readonly string[] {
  return sim.world.record.sent.flatMap(({ event }) =>
    event.type === "page" && /~(refused-|slow)/.test(event.id) ? [event.text] : [],
  );
}

function gapsBetweenPosts({ world }: Simulation): readonly number[] {
  const { posts } = world.record;
  return posts.slice(1).map(({ at }, before) => at - (posts[before]?.at ?? 0));
}

test("we may not fail over, for half an hour: a request in five minutes at most, and few pages of it", async () => {
  const sim = await simulate({ faults: [regionLost(), MAY_NOT], policy: RARELY });
  await sim.runTo(35 * MINUTE);
  const { posts } = sim.world.record;
  expect(posts.length).toBeGreaterThanOrEqual(2);
  expect(posts.length).toBeLessThanOrEqual(7);
  expect(Math.min(...gapsBetweenPosts(sim))).toBeGreaterThanOrEqual(5 * MINUTE);
  expect(refusalsTold(sim)).toHaveLength(2);
  expect(findCrowding(sim.world.record.sent)).toEqual([]);
  expect(roleChanges(sim.world)).toEqual([]);
  sim.sites.stop();
});

test("writes hang and the planned failover is not allowed: nothing is forced, and people are told", async () => {
  const hang: Fault = { fault: "writes-hang", on: "home", at: SETTLED_MS };
  const policy = { ...RARELY, grayGraceMs: 3 * MINUTE };
  const sim = await simulate({ faults: [hang, MAY_NOT], policy });
  await sim.runTo(17 * MINUTE);
  const { posts } = sim.world.record;
  expect(posts.length).toBeGreaterThanOrEqual(2);
  expect(new Set(posts.map(({ kind, answer }) => `${kind} ${answer}`))).toEqual(
    new Set(["planned AuthorizationFailed"]),
  );
  expect(Math.min(...gapsBetweenPosts(sim))).toBeGreaterThanOrEqual(5 * MINUTE);
  expect(refusalsTold(sim).length).toBeGreaterThanOrEqual(1);
  expect(findCrowding(sim.world.record.sent)).toEqual([]);
  sim.sites.stop();
});

const BUSY: readonly (readonly [code: string, status: number])[] = [
  ["ServerIsBusy", 409],
  ...(THOROUGH
    ? ([
        ["WhateverThisIs", 400],
        ["ResourceLocked", 423],
        ["TooManyRequests", 429],
        ["ServiceUnavailable", 503],
      ] as const)
    : []),
];

test.each(BUSY)(
  "%s (%i) for an hour: few requests, few pages, and one word ahead",
  async (code, status) => {
    const busy: Fault = { ...MAY_NOT, code, status };
    const sim = await simulate({ faults: [regionLost(), busy], policy: RARELY });
    expect(await sim.runUntil(() => sim.world.record.posts.length > 0, 10 * MINUTE)).toBe(true);
    await sim.clock.runUntil(sim.clock.now() + 60 * MINUTE);
    const { posts, sent } = sim.world.record;
    expect(posts.length).toBeGreaterThanOrEqual(6);
    expect(posts.length).toBeLessThanOrEqual(16);
    expect(refusalsTold(sim).length).toBeGreaterThanOrEqual(2);
    expect(refusalsTold(sim).length).toBeLessThanOrEqual(3);
    const hooks = sent.filter(({ event }) => event.type.endsWith("-over"));
    expect(hooks.map(({ event }) => event.type).slice(0, 2)).toEqual([
      "about-to-fail-over",
      "not-failing-over",
    ]);
    expect(findCrowding(sent)).toEqual([]);
    sim.sites.stop();
  },
);

test("the target dies with our failover under way: pages keep coming, and nothing more is sent", async () => {
  const sim = await simulate({ faults: [regionLost()] });
  const accepted = () => (claimIn(sim.world)?.acceptedAt ?? null) !== null;
  expect(await sim.runJustUntil(accepted, 10 * MINUTE)).toBe(true);
  sim.world.inject({ fault: "instance-down", on: "partner", at: 0 });
  await sim.runTo(17 * MINUTE);
  expect(claimIn(sim.world)?.state).toBe("sent");
  expect(new Set(pagesOf(sim)).size).toBeGreaterThanOrEqual(2);
  expect(acceptedPosts(sim.world)).toHaveLength(1);
  expect(sim.world.record.posts).toHaveLength(1);
  sim.sites.stop();
});

test("somebody else's failover takes half an hour: one incident, and we send nothing", async () => {
  const halfAnHour = [30 * MINUTE, 30 * MINUTE] as const;
  const sim = await simulate({
    faults: [
      regionLost(),
      { fault: "other-failover", kind: "forced", at: SETTLED_MS + 30 * SECOND },
    ],
    policy: RARELY,
    settings: { forcedTakesMs: halfAnHour },
  });
  await sim.runTo(30 * MINUTE);
  expect(roleChanges(sim.world)).toEqual([]);
  expect(await sim.runUntil(() => incidentIn(sim.world)?.end === "stood-down", 40 * MINUTE)).toBe(
    true,
  );
  const opened = auditIn(sim.world).filter(({ action }) => action === "incident-opened");
  expect(opened).toHaveLength(1);
  expect(sim.world.record.posts).toEqual([]);
  expect(roleChanges(sim.world)).toEqual([{ by: "other", to: "partner" }]);
  sim.sites.stop();
});
