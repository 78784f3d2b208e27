import { readFileSync } from "node:fs";
import { at, type Json, parseJson } from "./json.ts";

/** The recorded answers of the real host, by probe id: one for every run of the set. */
export function recordedAnswers(...files: readonly string[]): ReadonlyMap<string, readonly Json[]> {
  const byProbe = new Map<string, Json[]>();
  for (const file of files) {
    for (const line of linesOf(file)) {
      const { probe, answer } = recorded(parseJson(line));
      byProbe.set(probe, [...(byProbe.get(probe) ?? []), answer]);
    }
  }
  return byProbe;
}

function linesOf(file: string): readonly string[] {
  const url = new URL(`./answers/${file}.jsonl`, import.meta.url);
  return readFileSync(url, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** The rounds of the race carry no id: each line is what was observed. */
function recorded(line: Json): { probe: string; answer: Json } {
  const id = at(line, "id");
  if (typeof id !== "string") return { probe: "race", answer: { observed: line } };
  const observed = at(line, "observed") ?? null;
  const details = at(line, "details");
  return { probe: id, answer: details === undefined ? { observed } : { observed, details } };
}

/** The payloads that were recorded in full length, as answers of probes of those names. */
export function recordedSamples(names: readonly string[]): ReadonlyMap<string, readonly Json[]> {
  const url = new URL("./answers/samples.json", import.meta.url);
  const samples = parseJson(readFileSync(url, "utf8"));
  return new Map(names.map((name) => [name, [{ observed: at(samples, name) ?? null }]]));
}
