import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import type { Group, Site } from "../shared/domain/group.ts";
import { durationMs, Fault } from "../simulator/faults.ts";

/** The world and what befalls it. What is expected of the app stands elsewhere. */
export const ScenarioFile = z.strictObject({
  title: z.string(),
  lasts: z.string().transform(durationMs),
  faults: z.array(Fault),
});

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly lastsMs: number;
  readonly faults: readonly Fault[];
}

const FOLDER = new URL("./scenarios/", import.meta.url);
const SUFFIX = ".yaml";

/** The names of all scenarios, the demo's first. */
export function scenarioNames(): readonly string[] {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  return names.sort((a, b) => Number(b === "region-loss") - Number(a === "region-loss"));
}

export function readScenario(name: string): Scenario {
  const text = readFileSync(scenarioFile(name), "utf8");
  const file = ScenarioFile.safeParse(parse(text));
  if (!file.success) {
    throw new Error(`Cannot read scenario ${name}: ${z.prettifyError(file.error)}`);
  }
  const { title, lasts, faults } = file.data;
  return { name, title, lastsMs: lasts, faults };
}

/** Where the scenario of that name is written down. */
export function scenarioFile(name: string): URL {
  return new URL(`${name}${SUFFIX}`, FOLDER);
}

/** Scenarios say "home", "partner" and "third"; the configuration says which regions those are. */
export function placeFaults(
  faults: readonly Fault[],
  group: Group,
  sites: readonly Site[],
): readonly Fault[] {
  const { home, partner } = group;
  const third = sites.find(({ region }) => region !== home.region && region !== partner.region);
  const regions = new Map([
    ["home", home.region],
    ["partner", partner.region],
    ["third", third?.region ?? "third"],
  ]);
  const place = (word: string): string => regions.get(word) ?? word;
  return faults.map((fault) => {
    const placed: Record<string, unknown> = { ...fault };
    for (const key of ["region", "from", "to"]) {
      const word = placed[key];
      if (typeof word === "string") placed[key] = place(word);
    }
    const at = sites.find(({ region }) => region === place(String(placed.site)));
    if (at !== undefined) placed.site = at.name;
    return Fault.parse(placed);
  });
}
