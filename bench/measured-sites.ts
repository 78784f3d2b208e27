// The whole app on three sites of the local host and one simulated Azure, in virtual time, with as
// many groups as wanted and whatever a bench has to count slipped in between.

import { VirtualClock } from "functions-host/clock";
import HOST_JSON from "../host.json" with { type: "json" };
import type { Config, Group, Side } from "../shared/domain/group.ts";
import type { Policy } from "../shared/domain/policy.ts";
import { createWorld } from "../simulator/azure/world/create-world.ts";
import type { World, WorldSettings } from "../simulator/azure/world/world.ts";
import type { Fault } from "../simulator/faults.ts";
import { type Sites, type SitesOptions, startSites } from "../simulator/sites.ts";
import { configOf, START } from "../test/support/simulated-sites.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** The default of the product. */
export const GRACE_MS = 5 * MINUTE;
/** By now every site has looked, read the roles and had its key path proven. */
export const SETTLED_MS = 2 * MINUTE;

export interface MeasuredOptions
  extends Partial<Pick<SitesOptions, "hostJson" | "hubOf" | "edge" | "networkOf">> {
  readonly seed: number;
  readonly groups?: number;
  readonly policy?: Partial<Policy>;
  readonly faults?: readonly Fault[];
  readonly settings?: Partial<WorldSettings>;
  /** Ports of one site in the given world. */
  readonly portsOf?: (world: World, ...site: Parameters<PortsOf>) => ReturnType<PortsOf>;
}

type PortsOf = NonNullable<SitesOptions["portsOf"]>;

export interface MeasuredSites {
  readonly config: Config;
  readonly world: World;
  readonly clock: VirtualClock;
  readonly sites: Sites;
  readonly startAt: number;
}

/** Starts the sites. Nothing has happened yet: the clock is the caller's to run. */
export async function startMeasured(options: MeasuredOptions): Promise<MeasuredSites> {
  const { seed, faults = [], settings = {}, hubOf, networkOf, portsOf } = options;
  const config = manyGroups(
    configOf("neu", { graceMs: GRACE_MS, ...options.policy }),
    options.groups ?? 1,
  );
  const clock = new VirtualClock(START);
  const world = createWorld({ ...settings, ...config, clock, seed, faults });
  const sites = await startSites({
    config,
    world,
    clock,
    seed,
    hostJson: options.hostJson ?? HOST_JSON,
    edge: options.edge ?? "port",
    ...(hubOf === undefined ? {} : { hubOf }),
    ...(networkOf === undefined ? {} : { networkOf }),
    ...(portsOf === undefined ? {} : { portsOf: (...site) => portsOf(world, ...site) }),
  });
  return { config, world, clock, sites, startAt: START };
}

function manyGroups(config: Config, count: number): Config {
  const groups = config.groups.flatMap((group) =>
    Array.from({ length: count }, (_, i) => numbered(group, i)),
  );
  return { ...config, groups };
}

function numbered(group: Group, i: number): Group {
  if (i === 0) return group;
  const instance = (side: Side): Group[Side] => ({
    ...group[side],
    id: `${group[side].id}-${i}`,
    name: `${group[side].name}-${i}`,
    fqdn: `n${i}-${group[side].fqdn}`,
  });
  return {
    ...group,
    name: `${group.name}-${i}`,
    home: instance("home"),
    partner: instance("partner"),
  };
}
