// One site's clock is wrong by ten minutes, always or from some moment on. Sites tell each other ages,
// never instants, and outage time counts between looks: nothing may come of it but time.

import { describe, expect, test } from "vitest";
import {
  acceptedPosts,
  GRACE_MS,
  MINUTE,
  regionLost,
  roleChanges,
  SECOND,
  SETTLED_MS,
  START,
  simulate,
} from "../support/simulated-sites.ts";

const WRONG = [
  ["neu", 10 * MINUTE],
  ["neu", -10 * MINUTE],
  ["sec", -10 * MINUTE],
] as const;

describe.each(WRONG)("the clock of %s jumps by %i ms", (site, ms) => {
  test("while all is well: nothing is sent", async () => {
    const { world, runTo, sites } = await simulate({
      faults: [{ fault: "clock-off", site, ms, at: SETTLED_MS, for: 3 * MINUTE }],
    });
    await runTo(SETTLED_MS + 6 * MINUTE);
    expect(world.record.posts).toEqual([]);
    expect(world.record.sent).toEqual([]);
    sites.stop();
  });

  test("in the middle of the grace, for an outage shorter than it: nothing is sent", async () => {
    const lost = regionLost({ for: GRACE_MS - 20 * SECOND });
    const { world, runTo, sites } = await simulate({
      faults: [lost, { fault: "clock-off", site, ms, at: SETTLED_MS + MINUTE }],
    });
    await runTo(SETTLED_MS + 8 * MINUTE);
    expect(world.record.posts).toEqual([]);
    sites.stop();
  });

  test("in the middle of the grace, for a real loss: never too soon, never twice; it acts or asks", async () => {
    const { world, runTo, sites } = await simulate({
      faults: [regionLost(), { fault: "clock-off", site, ms, at: SETTLED_MS + MINUTE }],
    });
    await runTo(SETTLED_MS + GRACE_MS + 5 * MINUTE);
    const posts = acceptedPosts(world);
    expect(posts.length).toBeLessThanOrEqual(1);
    for (const { at } of posts) expect(at).toBeGreaterThanOrEqual(START + SETTLED_MS + GRACE_MS);
    const asked = world.record.sent.filter(({ event }) => event.type === "ask").length;
    expect(posts.length + asked).toBeGreaterThan(0);
    // The leading site has missed nothing when another one's clock jumps.
    if (site !== "neu") expect(posts).toHaveLength(1);
    sites.stop();
  });

  test("before it all begins: it fails over as if nothing were", async () => {
    const { world, runTo, sites } = await simulate({
      faults: [regionLost(), { fault: "clock-off", site, ms, at: 0 }],
    });
    await runTo(SETTLED_MS + GRACE_MS + 2 * MINUTE);
    expect(acceptedPosts(world)).toHaveLength(1);
    expect(roleChanges(world)).toEqual([{ by: "us", to: "partner" }]);
    sites.stop();
  });
});
