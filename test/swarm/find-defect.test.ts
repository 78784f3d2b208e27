import { expect, test } from "vitest";
import { drawPlan } from "../../swarm/draw-plan.ts";
import { judge } from "../../swarm/invariants.ts";
import { play } from "../../swarm/play.ts";
import { DEFECTS } from "./defects.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Which seed found the defect, and by what. */
    found?: { readonly seed: number; readonly breaches: readonly string[] };
  }
}

/** The swarm has to find a defect within so many seeds. */
const SEEDS_MAX = 200;

const defect = DEFECTS.find(({ name }) => name === process.env.PLANTED_SWARM);

// Run by planted-swarm.test.ts, in a process of its own, with a defect in place.
test.runIf(defect !== undefined)("some seed breaks what the defect breaks", async ({ task }) => {
  const known = defect?.seed ?? 1;
  const others = Array.from({ length: SEEDS_MAX }, (_, index) => index + 1);
  for (const seed of [known, ...others.filter((each) => each !== known)]) {
    const breaches = judge(await play(drawPlan(seed)));
    if (!breaches.some((line) => line.startsWith(`${defect?.breaks}:`))) continue;
    task.meta.found = { seed, breaches };
    return;
  }
  expect.unreachable(`no seed up to ${SEEDS_MAX} breaks ${defect?.breaks}`);
});
