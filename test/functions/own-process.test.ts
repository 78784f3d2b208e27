// Timers, HTTP and durable work run in separate processes: whatever two functions share must go through
// the ledger. Here no two calls of any function share anything else.

import { beforeAll, describe, expect, test } from "vitest";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { RegisterSite } from "../../simulator/site-app.ts";
import { compileSite, eachCallAnew } from "../support/anew.ts";
import { callSite, type Told } from "../support/call-site.ts";
import { ended, FAILED_OVER_ONCE, outcomeOf } from "../support/incident-steps.ts";
import {
  GROUP,
  MINUTE,
  regionLost,
  SETTLED_MS,
  START,
  simulate,
} from "../support/simulated-sites.ts";

/** What the world saw of an incident, and what came of it. */
interface Story {
  readonly outcome: typeof FAILED_OVER_ONCE;
  readonly record: Pick<World["record"], "posts" | "roles" | "losses">;
  readonly told: readonly { at: number; site: string; type: string }[];
}

/** Every store answers: when one is silent, each process finds it out for itself, and tells a moment sooner or later. */
const INSTANCE_LOST: Fault = { fault: "instance-down", on: "home", at: SETTLED_MS };

async function lossOf(fault: Fault, registerSite: RegisterSite): Promise<Story> {
  const sim = await simulate({ faults: [fault], registerSite });
  await sim.runUntil(() => ended(sim), 10 * MINUTE);
  sim.sites.stop();
  const { posts, roles, losses, sent } = sim.world.record;
  return {
    outcome: outcomeOf(sim),
    record: { posts, roles, losses },
    told: sent.map(({ at, site, event }) => ({ at, site, type: event.type })),
  };
}

const PERSON = { reason: "rehearsal", actor: "operator" };
const OWNER = { group: GROUP, reason: "rehearsal", owner: "operator" };
const ANSWER = { token: "nobody-was-asked", actor: "operator" };
const OVERRIDE = { ...PERSON, group: GROUP, guard: "cooldown" };
/** Every HTTP trigger, each with what the one before it has left in the ledger. */
const CALLS: readonly (readonly ["GET" | "POST", string, unknown?])[] = [
  ["POST", "tick"],
  ["POST", "pause", OWNER],
  ["GET", `status/${GROUP}`],
  ["POST", "resume", OWNER],
  ["GET", `observations/${GROUP}`],
  ["POST", "override", { ...OVERRIDE, expiresAt: new Date(START + 20 * MINUTE).toISOString() }],
  ["POST", "override/withdraw", OVERRIDE],
  ["POST", `alert/${GROUP}`, { schemaId: "not-the-common-one" }],
  ["POST", `failback/${GROUP}`, { ...PERSON, kind: "planned" }],
  ["POST", `failover/${GROUP}`, { ...PERSON, kind: "planned" }],
  ["POST", "approve", ANSWER],
  ["POST", "deny", ANSWER],
  ["GET", "health"],
];

async function everyCall(registerSite: RegisterSite) {
  const sim = await simulate({ registerSite });
  await sim.runTo(SETTLED_MS);
  const answers: Told[] = [];
  for (const [method, path, body] of CALLS) {
    answers.push(await callSite(sim, path, body, "neu", method));
  }
  const functions = sim.sites.host("neu").functions.filter(({ kind }) => kind !== "orchestration");
  sim.sites.stop();
  return { answers, names: functions.map(({ name }) => name) };
}

/** Every instant of a story, as they come. */
function instantsIn(story: Story): readonly number[] {
  const { posts, roles, losses } = story.record;
  return [...posts, ...roles, ...losses, ...story.told].map(({ at }) => at);
}

/** Who remembers reads a row less now and then: what is answered is the same, a few milliseconds later. */
function withoutTimes(answers: unknown): unknown {
  const text = JSON.stringify(answers, (key, value) =>
    typeof value === "number" && (value > START - 24 * 60 * MINUTE || /ms$/i.test(key)) ? 0 : value,
  );
  return JSON.parse(
    text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|orders-fog-[a-z0-9]+/g, "of-that-instant"),
  );
}

describe("an app that remembers nothing from one call to the next", () => {
  let loadAnew: () => RegisterSite;
  let together: Story;
  let anew: Story;
  const called = new Map<string, number>();

  beforeAll(async () => {
    loadAnew = await compileSite();
    together = await lossOf(INSTANCE_LOST, loadAnew());
    anew = await lossOf(
      INSTANCE_LOST,
      eachCallAnew(loadAnew, (name) => void called.set(name, (called.get(name) ?? 0) + 1)),
    );
  }, 60_000);

  test("goes through the loss of an instance as one that could remember, within a second", () => {
    expect(anew.outcome).toEqual(FAILED_OVER_ONCE);
    expect(withoutTimes(anew)).toEqual(withoutTimes(together));
    const apartMs = instantsIn(anew).map((at, nth) =>
      Math.abs(at - (instantsIn(together)[nth] ?? 0)),
    );
    expect(Math.max(...apartMs)).toBeLessThan(1_000);
  });

  test("goes through the loss of a region to the same end, and wakes people with the same words", async () => {
    const urgent = ({ told }: Story) =>
      told.flatMap(({ type }) => (type === "notice" ? [] : [type]));
    const remembering = await lossOf(regionLost(), loadAnew());
    const forgetful = await lossOf(
      regionLost(),
      eachCallAnew(loadAnew, () => undefined),
    );
    expect(forgetful.outcome).toEqual(FAILED_OVER_ONCE);
    expect(urgent(forgetful)).toEqual(urgent(remembering));
  });

  test("answers every call over HTTP as one that could remember", async () => {
    const count = (name: string): unknown => called.set(name, (called.get(name) ?? 0) + 1);
    const remembering = await everyCall(loadAnew());
    const forgetful = await everyCall(eachCallAnew(loadAnew, count));
    expect(withoutTimes(forgetful)).toEqual(withoutTimes(remembering));
    expect(JSON.stringify(remembering.answers[2])).toContain("rehearsal");
    // Both stories together: every trigger and every activity there is.
    expect([...called.keys()].sort()).toEqual([...remembering.names].sort());
  });

  test("is a copy of its own each time: what one remembers, the next does not know", () => {
    expect(loadAnew()).not.toBe(loadAnew());
  });
});
