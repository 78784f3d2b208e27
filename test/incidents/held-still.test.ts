// The primary's region is lost for good, and something that no approval could lift keeps everything still. Nobody
// can be asked, so somebody is woken up, and hears once that it is over.

import { expect, test } from "vitest";
import type { Fault } from "../../simulator/faults.ts";
import {
  GRACE_MS,
  MINUTE,
  regionLost,
  roleChanges,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "../support/simulated-sites.ts";
import { THOROUGH } from "../support/thorough.ts";

const HELD_MS = GRACE_MS + 4 * MINUTE;
const lasts = { at: SETTLED_MS, for: HELD_MS } as const;
const STILL: readonly (readonly [string, Fault])[] = [
  [
    "an operation that nobody knows",
    { fault: "operation-running", on: "partner", name: "Defragment", ...lasts },
  ],
  ["a secondary that answers nothing", { fault: "instance-down", on: "partner", ...lasts }],
  ["a group that is seeding", { fault: "seeding", ...lasts }],
  ["a control plane that answers nothing", { fault: "arm-down", ...lasts }],
];

function pages({ world }: Simulation) {
  return world.record.sent
    .filter(({ event }) => event.data.condition === "held")
    .map(({ at, event }) => ({ afterMs: at - START - SETTLED_MS, event }));
}

test.each(THOROUGH ? STILL : STILL.slice(0, 1))("%s: a page in time", async (_what, fault) => {
  const sim = await simulate({ faults: [regionLost(), fault] });
  await sim.runTo(SETTLED_MS + HELD_MS);
  expect(sim.world.record.posts).toEqual([]);
  const [page, ...more] = pages(sim);
  expect(page?.event).toMatchObject({ type: "page", urgent: true });
  expect(page?.afterMs).toBeGreaterThanOrEqual(GRACE_MS);
  // Onset within a tick, the next look, two ticks; each takes 45 s where all that is asked is silent.
  expect(page?.afterMs).toBeLessThanOrEqual(GRACE_MS + 2 * MINUTE);
  expect(more).toEqual([]);
  await sim.runTo(SETTLED_MS + HELD_MS + 6 * MINUTE);
  expect(roleChanges(sim.world)).toHaveLength(1);
  expect(pages(sim).map(({ event }) => event.data.what)).toEqual(["bad", "over"]);
  sim.sites.stop();
});

test("mode observe keeps it still: a page when trouble has lasted the rto, and one word when it is over", async () => {
  const rtoMs = GRACE_MS + 2 * MINUTE;
  const lost = regionLost({ for: rtoMs + 3 * MINUTE });
  const sim = await simulate({ faults: [lost], policy: { mode: "observe", rtoMs } });
  await sim.runTo(SETTLED_MS + rtoMs + 3 * MINUTE);
  const [page, ...more] = pages(sim);
  expect(page?.event).toMatchObject({ type: "page", urgent: true });
  expect(page?.event.text).toContain("the mode is observe");
  expect(page?.afterMs).toBeGreaterThanOrEqual(rtoMs);
  expect(page?.afterMs).toBeLessThanOrEqual(rtoMs + 2 * MINUTE);
  expect(more).toEqual([]);
  await sim.runTo(SETTLED_MS + rtoMs + 9 * MINUTE);
  expect(pages(sim).map(({ event }) => event.data.what)).toEqual(["bad", "over"]);
  expect(sim.world.record.posts).toEqual([]);
  sim.sites.stop();
});
