import { readFileSync } from "node:fs";
import { VirtualClock } from "functions-host/clock";
import type { Config, Group } from "../shared/domain/group.ts";
import { createWorld } from "../simulator/azure/world/create-world.ts";
import type { World } from "../simulator/azure/world/world.ts";
import type { Fault } from "../simulator/faults.ts";
import { type Sites, type SitesOptions, startSites } from "../simulator/sites.ts";
import type { Flags } from "./flags.ts";
import { loadBundle } from "./load-bundle.ts";
import { readDemoConfig } from "./read-demo-config.ts";
import { placeFaults, type Scenario } from "./scenario.ts";

const ROOT = new URL("../", import.meta.url);
/** Nine in the morning of some working day: the same at every run, so that a seed repeats it. */
const START_AT = Date.UTC(2026, 2, 3, 9);

export interface Run {
  readonly scenario: Scenario;
  readonly config: Config;
  /** The group whose story is told; a configuration may hold more. */
  readonly group: Group;
  readonly world: World;
  readonly sites: Sites;
  readonly clock: VirtualClock;
  readonly faults: readonly Fault[];
  readonly startAt: number;
  readonly endAt: number;
}

type RunFlags = Pick<Flags, "config" | "mode" | "seed"> &
  Partial<Pick<Flags, "bundle"> & Pick<SitesOptions, "edge">>;

/** Puts the configured sites on a simulated Azure in which the scenario is about to happen. */
export async function startRun(
  scenario: Scenario,
  { config: path, mode, seed, bundle = false, edge = "wire" }: RunFlags,
): Promise<Run> {
  const config = readDemoConfig(path, mode);
  const [group] = config.groups;
  if (group === undefined) throw new Error(`Cannot run: the configuration has no group: ${path}`);
  const clock = new VirtualClock(START_AT);
  const faults = placeFaults(scenario.faults, group, config.sites);
  const { groups, sites: places } = config;
  const world = createWorld({ clock, seed, groups, sites: places, faults });
  const sites = await startSites({
    config,
    world,
    clock,
    seed,
    hostJson: JSON.parse(readFileSync(new URL("host.json", ROOT), "utf8")),
    edge,
    ...(bundle ? { registerSite: await loadBundle() } : {}),
  });
  const endAt = START_AT + scenario.lastsMs;
  return { scenario, config, group, world, sites, clock, faults, startAt: START_AT, endAt };
}
