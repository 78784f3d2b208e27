import { Bench } from "./bench.ts";
import { type Json, toJson } from "./json.ts";
import { nameOfRun } from "./masks.ts";
import type { Answer, Probe } from "./probe.ts";
import type { Target } from "./target.ts";

export type Order = "together" | "one by one";

/** What the probes saw, and what went wrong in those that saw nothing. */
export interface Outcome {
  answers: ReadonlyMap<string, Json>;
  failures: readonly string[];
}

/** Puts every probe to a host and stops it; a probe that fails leaves its answers out. */
export async function ask(
  target: Target,
  probes: readonly Probe[],
  order: Order,
  seed: number,
): Promise<Outcome> {
  const bench = new Bench(target, nameOfRun(seed));
  const answers = new Map<string, Json>();
  const failures: string[] = [];
  const put = async (probe: Probe): Promise<void> => {
    try {
      const seen: readonly [string, Answer][] = Object.entries(await probe(bench));
      for (const [id, answer] of seen) answers.set(id, toJson(answer));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  };
  if (order === "together") await Promise.all(probes.map(put));
  else for (const probe of probes) await put(probe);
  await target.stop();
  return { answers, failures };
}
