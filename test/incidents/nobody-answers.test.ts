// The way home is asked for, and nobody answers: the ask stands, what is sent of it grows rarer, and what is kept of
// it does not grow. A no is a no.

import { expect, test } from "vitest";
import { callSite } from "../support/call-site.ts";
import {
  acceptedPosts,
  MINUTE,
  regionLost,
  SETTLED_MS,
  type Simulation,
  simulate,
} from "../support/simulated-sites.ts";
import { asksIn } from "../support/stored.ts";
import { THOROUGH } from "../support/thorough.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const APPROVE = {
  cooldownMs: MINUTE,
  failback: { mode: "approve" as const, window: null, soakMs: 2 * MINUTE },
};

function asksSent({
  world,
}: Simulation): readonly { readonly at: number; readonly token: unknown }[] {
  return world.record.sent.flatMap(({ event: { type, at, data } }) =>
    type === "ask" ? [{ at, token: data.token }] : [],
  );
}

/** Failed over, the lost region is back, and the way home has been asked for. */
async function untilAsked(): Promise<{ readonly sim: Simulation; readonly askedMs: number }> {
  const sim = await simulate({ faults: [regionLost({ for: 5 * MINUTE })], policy: APPROVE });
  expect(await sim.runUntil(() => asksSent(sim).length > 0, HOUR)).toBe(true);
  return { sim, askedMs: sim.clock.now() - sim.world.startAt };
}

test("one ask stands, is sent again after a quarter of an hour, and no more once somebody says no", async () => {
  const { sim, askedMs } = await untilAsked();
  await sim.runTo(askedMs + 20 * MINUTE);
  const [first, second] = asksSent(sim);
  // It is found due once a minute, and a look comes before it is sent.
  const againMs = (second?.at ?? 0) - (first?.at ?? 0);
  expect([15, 16]).toContain(Math.floor(againMs / MINUTE));
  expect(asksIn(sim.world, "weu")).toMatchObject([{ answer: "none" }]);
  const by = { token: first?.token, actor: "kim" };
  expect(await callSite(sim, "deny", by, "weu")).toMatchObject({ status: 200 });
  await sim.runTo(askedMs + 78 * MINUTE);
  expect(asksSent(sim)).toHaveLength(2);
  expect(asksIn(sim.world, "weu")).toMatchObject([{ answer: "denied" }]);
  sim.sites.stop();
}, 90_000);

test.runIf(THOROUGH)(
  "for a week: told ten times, nothing grows, and the next loss is acted on",
  async () => {
    const { sim, askedMs } = await untilAsked();
    await sim.runTo(askedMs + 7 * DAY);
    expect(asksSent(sim)).toHaveLength(10);
    expect(asksIn(sim.world, "weu")).toHaveLength(1);
    const dark = { fault: "region-dark", region: "northeurope" } as const;
    sim.world.inject({ ...dark, at: askedMs + 7 * DAY });
    await sim.runTo(askedMs + 7 * DAY + SETTLED_MS + 10 * MINUTE);
    expect(acceptedPosts(sim.world).map(({ kind, side }) => [kind, side])).toEqual([
      ["forced", "partner"],
      ["forced", "home"],
    ]);
    sim.sites.stop();
  },
  120 * MINUTE,
);
