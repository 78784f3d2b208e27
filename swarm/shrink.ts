import type { Plan } from "./move.ts";

/** Leaves out one move after the other while the plan still fails: what stays is needed, each by itself. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let least = plan;
  for (const move of plan.moves) {
    const without = { ...least, moves: least.moves.filter((other) => other !== move) };
    if (await fails(without)) least = without;
  }
  return least;
}
