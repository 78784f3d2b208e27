// Many groups of one subscription lose their region at once, and one site's identity reads of Resource Manager for all.

import { Incident } from "../shared/domain/incident.ts";
import { stored } from "../test/support/stored.ts";
import type { Bench } from "./bench.ts";
import { MINUTE, SECOND, SETTLED_MS, startMeasured } from "./measured-sites.ts";
import { azureOnTheWire } from "./outward-calls.ts";
import { quantile } from "./statistics.ts";

const GRACE_MS = MINUTE;
const GROUPS = 60;
const GIVE_UP_MS = GRACE_MS + 2 * MINUTE;

interface LostTogether {
  /** From the end of each group's grace, counted from its first failed look, to its accepted request. */
  readonly afterGraceMs: readonly number[];
  /** Answers of Resource Manager, to all sites, that it was too much. */
  readonly throttled: number;
}

/** Loses the region of so many groups at once. */
export async function loseTogether(groups: number): Promise<LostTogether> {
  let throttled = 0;
  const { world, clock, sites, startAt } = await startMeasured({
    seed: 1,
    groups,
    policy: { graceMs: GRACE_MS },
    faults: [{ fault: "region-dark", region: "westeurope", at: SETTLED_MS }],
    portsOf: (its, site, send) =>
      azureOnTheWire(its, site, send, (_, status) => {
        if (status === 429) throttled++;
      }),
  });
  const accepted = () => world.record.posts.filter(({ answer }) => answer === "accepted");
  const endAt = startAt + SETTLED_MS + GIVE_UP_MS;
  await clock.runUntil(startAt + SETTLED_MS + GRACE_MS);
  await clock.runUntil(() => accepted().length === groups || clock.now() >= endAt);
  const onsetOf = (group: string): number =>
    stored(world, "incident", Incident, "neu", group)[0]?.phases.onsetAt ?? Number.NaN;
  sites.stop();
  return {
    afterGraceMs: accepted().map(({ group, at }) => at - onsetOf(group) - GRACE_MS),
    throttled,
  };
}

export const lostTogether: Bench = {
  name: "lost-together",
  question: "Sixty groups of one subscription lose their region at once: when does each act?",
  run: async () => {
    const { afterGraceMs, throttled } = await loseTogether(GROUPS);
    const [p50 = 0, most = 0] = [0.5, 1].map((share) => quantile(afterGraceMs, share) / SECOND);
    return {
      columns: ["groups", "acted", "p50 s after grace", "longest s after grace", "reads throttled"],
      rows: [[GROUPS, afterGraceMs.length, p50, most, throttled]],
      notes: [
        "Three sites, a grace of a minute, the region dark. L1 allows 30 s after the grace, counted from the first failed look.",
        "Resource Manager answers 429 once the bucket of 250 reads of one principal is empty, which refills by 25 a second.",
      ],
    };
  },
};
