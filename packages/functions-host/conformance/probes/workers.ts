import { type Bench, brief, type Settled, timesOf } from "../bench.ts";
import type { Json, JsonObject } from "../json.ts";

/** The id of the process the functions run in, or why there was no answer. */
export async function processId(bench: Bench): Promise<string> {
  return (await bench.get("/api/pid")).text;
}

/** Status, body and how long the answer took. */
export async function durationOf(bench: Bench, path: string): Promise<Json> {
  const startMs = bench.target.nowMs();
  const { status, text } = await bench.get(path);
  return [status, text, bench.target.nowMs() - startMs];
}

/** The short form of a status with its times: so the crash and timeout probes were recorded. */
export function ended(end: Settled): JsonObject {
  return { ...brief(end), ...timesOf(end.status) };
}

/** The instant at which a worker answers again. */
export async function whenBack(bench: Bench): Promise<number> {
  while ((await bench.get("/api/pid")).status !== 200) await bench.pause(10);
  return bench.target.nowMs();
}
