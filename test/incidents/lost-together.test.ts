// What an open incident asks of Resource Manager, and sixty of them at once: one identity reads for all.

import { expect, test } from "vitest";
import { loseTogether } from "../../bench/lost-together.ts";
import { countCalls, readsARound } from "../../bench/outward-calls.ts";
import { MINUTE, SECOND } from "../support/simulated-sites.ts";

const ROUND_MAX = 3;
const ELSEWHERE_MAX = 0.2;
const GROUPS = 60;

test.each(["instance-lost", "region-lost"] as const)(
  "an open incident, %s, reads Resource Manager three times a round where it is led, and hardly elsewhere",
  async (span) => {
    const counted = await countCalls(span, 15 * MINUTE);
    expect(counted.rounds).toBeGreaterThan(60);
    expect(readsARound(counted, "neu")).toBeLessThanOrEqual(ROUND_MAX);
    expect(readsARound(counted, "sec")).toBeLessThanOrEqual(ELSEWHERE_MAX);
    expect(readsARound(counted, "weu")).toBeLessThanOrEqual(ELSEWHERE_MAX);
  },
  5 * MINUTE,
);

test(
  "sixty groups of one subscription that lose their region at once all act in time, whatever is throttled",
  async () => {
    const { afterGraceMs } = await loseTogether(GROUPS);
    expect(afterGraceMs).toHaveLength(GROUPS);
    expect(Math.max(...afterGraceMs)).toBeLessThanOrEqual(30 * SECOND);
  },
  15 * MINUTE,
);
