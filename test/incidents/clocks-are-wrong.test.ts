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
} from "../support/simulated-sites.ts";
import { startSkewedSites } from "../support/skewed-sites.ts";

const WRONG = [
  ["neu", 10 * MINUTE],
  ["neu", -10 * MINUTE],
  ["sec", -10 * MINUTE],
] as const;

describe.each(WRONG)("the clock of %s jumps by %i ms", (site, ms) => {
  test("while all is well: nothing is sent", async () => {
    const sites = await startSkewedSites({ faults: [] });
    await sites.runTo(SETTLED_MS);
    sites.skew(site, ms);
    await sites.runTo(SETTLED_MS + 3 * MINUTE);
    sites.skew(site, 0);
    await sites.runTo(SETTLED_MS + 6 * MINUTE);
    expect(sites.world.record.posts).toEqual([]);
    expect(sites.world.record.sent).toEqual([]);
    sites.stop();
  });

  test("in the middle of the grace, for an outage shorter than it: nothing is sent", async () => {
    const lost = regionLost({ for: GRACE_MS - 20 * SECOND });
    const sites = await startSkewedSites({ faults: [lost] });
    await sites.runTo(SETTLED_MS + MINUTE);
    sites.skew(site, ms);
    await sites.runTo(SETTLED_MS + 8 * MINUTE);
    expect(sites.world.record.posts).toEqual([]);
    sites.stop();
  });

  test("in the middle of the grace, for a real loss: never too soon, never twice; it acts or asks", async () => {
    const sites = await startSkewedSites({ faults: [regionLost()] });
    await sites.runTo(SETTLED_MS + MINUTE);
    sites.skew(site, ms);
    await sites.runTo(SETTLED_MS + GRACE_MS + 5 * MINUTE);
    const posts = acceptedPosts(sites.world);
    expect(posts.length).toBeLessThanOrEqual(1);
    for (const { at } of posts) expect(at).toBeGreaterThanOrEqual(START + SETTLED_MS + GRACE_MS);
    const asked = sites.world.record.sent.filter(({ event }) => event.type === "ask").length;
    expect(posts.length + asked).toBeGreaterThan(0);
    // The leading site has missed nothing when another one's clock jumps.
    if (site !== "neu") expect(posts).toHaveLength(1);
    sites.stop();
  });

  test("before it all begins: it fails over as if nothing were", async () => {
    const sites = await startSkewedSites({ faults: [regionLost()] });
    sites.skew(site, ms);
    await sites.runTo(SETTLED_MS + GRACE_MS + 2 * MINUTE);
    expect(acceptedPosts(sites.world)).toHaveLength(1);
    expect(roleChanges(sites.world)).toEqual([{ by: "us", to: "partner" }]);
    sites.stop();
  });
});
