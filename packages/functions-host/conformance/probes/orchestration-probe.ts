import { type Bench, brief, historyOf, timesOf } from "../bench.ts";
import { type JsonObject, toJson } from "../json.ts";
import type { Answer, Probe } from "../probe.ts";

/** A probe of the commonest form: start, raise events, wait for the end. */
export interface OrchestrationProbe {
  id: string;
  name: string;
  /** Left out: nothing is passed. */
  input?: unknown;
  events?: readonly Raise[];
  /** An instance that has not ended by then is stuck. */
  withinMs?: number;
  /** What was recorded beside status and output. */
  also?: readonly ("history" | "times" | "input")[];
}

export interface Raise {
  afterMs: number;
  name: string;
  data: unknown;
}

/** Runs one row of a table of orchestration probes. */
export function orchestrationProbe(row: OrchestrationProbe): Probe {
  return async (bench) => {
    const instanceId = bench.idFor(row.id);
    await bench.start(row.name, instanceId, row.input);
    for (const { afterMs, name, data } of row.events ?? []) {
      await bench.pause(afterMs);
      await bench.raise(instanceId, name, data);
    }
    return { [row.id]: await ending(bench, instanceId, row) };
  };
}

/** Waits for the end of an instance and answers in the form of its row. */
export async function ending(
  bench: Bench,
  instanceId: string,
  { also = ["times"], withinMs = 45_000 }: Pick<OrchestrationProbe, "also" | "withinMs">,
): Promise<Answer> {
  const end = await bench.settle(instanceId, withinMs);
  const observed: JsonObject = {
    ...brief(end),
    ...(also.includes("input") && end.status !== null && { input: toJson(end.status.input) }),
  };
  const details: JsonObject = {
    ...(also.includes("history") && { history: historyOf(end.status) }),
    ...(also.includes("times") && timesOf(end.status)),
  };
  return Object.keys(details).length === 0 ? { observed } : { observed, details };
}
