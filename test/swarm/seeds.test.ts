import { expect, test } from "vitest";
import { drawPlan } from "../../swarm/draw-plan.ts";
import { judge } from "../../swarm/invariants.ts";
import { play } from "../../swarm/play.ts";

// Four of those that `npm run swarm` plays.
test.each([1, 2, 3, 4])(
  "seed %i breaks no invariant",
  async (seed) => {
    const breaches = judge(await play(drawPlan(seed)));
    expect(breaches, `again: npm run sim -- --seed ${seed}`).toEqual([]);
  },
  120_000,
);

test("the same seed is the same run", async () => {
  const { record, rows } = await play(drawPlan(3), 360_000);
  const again = await play(drawPlan(3), 360_000);
  expect(again.record).toEqual(record);
  expect(again.rows).toEqual(rows);
}, 120_000);
