import { expect, test } from "vitest";
import type { Move, Plan } from "../../swarm/move.ts";
import { shrink } from "../../swarm/shrink.ts";

const death = (site: string): Move => ({ kind: "death", at: 0, site, how: "kill" });

test("what a failure does not need is left out", async () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map(death) as [Move, Move, Move, Move];
  const plan: Plan = {
    seed: 1,
    story: "loss",
    mode: "automatic",
    home: "stays",
    moves: [a, b, c, d],
    crossing: [],
  };
  let played = 0;
  const least = await shrink(plan, async ({ moves }) => {
    played += 1;
    return moves.includes(b) && moves.includes(d);
  });
  expect(least.moves).toEqual([b, d]);
  expect(played).toBe(4);
});
