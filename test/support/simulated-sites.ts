// Three sites of the whole app on one simulated Azure: real triggers, rules, activities and motors,
// the local host, virtual time. What went wrong and right is read from the world's own ledger.

import { VirtualClock } from "functions-host/clock";
import hostJson from "../../host.json" with { type: "json" };
import { readConfig } from "../../shared/config.ts";
import type { Config, Group } from "../../shared/domain/group.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { PostRecord } from "../../simulator/azure/world/record.ts";
import type { World, WorldSettings } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { RegisterSite } from "../../simulator/site-app.ts";
import { type Sites, type SitesOptions, startSites } from "../../simulator/sites.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** A Thursday. */
export const START = Date.UTC(2026, 0, 15, 9);
/** By now every site has looked, read the roles and had its key path proven. */
export const SETTLED_MS = 90 * SECOND;
export const GROUP = "orders-fog";
/** The shortest that a configuration may have; nothing else differs from the defaults. */
export const GRACE_MS = 3 * MINUTE;

export const HOST_JSON: unknown = hostJson;

const INSTANCES =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders/providers/Microsoft.Sql/managedInstances";

const CONFIG = `
sites:
  - { name: weu, region: westeurope, url: "https://weu.example.net", reference: ref-weu.example.net:1433 }
  - { name: neu, region: northeurope, url: "https://neu.example.net", reference: ref-neu.example.net:1433 }
  - { name: sec, region: swedencentral, url: "https://sec.example.net", reference: ref-sec.example.net:1433 }
defaults:
  mode: automatic
  grace: PT3M
  failback: { mode: automatic, soak: PT30M }
groups:
  - name: ${GROUP}
    home:
      instance: ${INSTANCES}/mi-orders-weu
      region: westeurope
      fqdn: mi-orders-weu.abc123.database.windows.net
    partner:
      instance: ${INSTANCES}/mi-orders-neu
      region: northeurope
      fqdn: mi-orders-neu.abc123.database.windows.net
    canary: { database: orders }
`;

/** As each site has read it: the same text is not parsed for every test. */
const READ = new Map<string, Config>();

/** The configuration of the simulated sites, as the given one of them reads it. */
export function configOf(self = "neu", policy: Partial<Policy> = {}): Config {
  const config = READ.get(self) ?? readConfig({ path: "sites.yaml", text: CONFIG, self, env: {} });
  READ.set(self, config);
  const { applicationFloor: floor = null } = policy;
  const application =
    floor === null ? {} : { application: { successRatio: "logs", floor, capacityAtTarget: null } };
  const change = (group: Group): Group => ({
    ...group,
    ...application,
    policy: { ...group.policy, ...policy },
  });
  return { ...config, groups: config.groups.map(change) };
}

interface SimulationOptions {
  readonly policy?: Partial<Policy>;
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  readonly settings?: Partial<WorldSettings>;
  readonly registerSite?: RegisterSite;
  readonly log?: NonNullable<SitesOptions["log"]>;
}

export interface Simulation {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly sites: Sites;
  /** Runs up to this time after the start. */
  runTo(ms: number): Promise<void>;
  /** Runs until the condition holds, seen to the second, but no longer than to this time after the start. */
  runUntil(holds: () => boolean, limitMs: number): Promise<boolean>;
  /** The same, but stops at the very event that made it hold. */
  runJustUntil(holds: () => boolean, limitMs: number): Promise<boolean>;
}

/** Starts the sites and lets them settle. Faults count from the start. */
export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  const { policy = {}, faults = [], seed = 1, settings = {}, ...app } = options;
  const config = configOf("neu", policy);
  const clock = new VirtualClock(START);
  const { groups, sites: where } = config;
  const world = createWorld({ ...settings, clock, seed, groups, sites: where, faults });
  const base = { config, world, clock, seed, hostJson: HOST_JSON, edge: "port" as const };
  const sites = await startSites({ ...base, ...app });
  return {
    world,
    clock,
    sites,
    runTo: (ms) => clock.runUntil(START + ms),
    runUntil: async (holds, limitMs) => {
      while (!holds() && clock.now() < START + limitMs) {
        await clock.runUntil(Math.min(clock.now() + SECOND, START + limitMs));
      }
      return holds();
    },
    runJustUntil: async (holds, limitMs) => {
      const late = (): boolean => clock.now() >= START + limitMs;
      await clock.runUntil(() => holds() || late());
      return holds();
    },
  };
}

/** A dark region of the primary from the settled instant on. */
export function regionLost(change: { readonly for?: number } = {}): Fault {
  return { fault: "region-dark", region: "westeurope", at: SETTLED_MS, ...change };
}

/** Requests that Azure began to carry out. */
export function acceptedPosts(world: World): readonly PostRecord[] {
  return world.record.posts.filter((post) => post.answer === "accepted");
}

/** How often the roles have really changed. */
export function roleChanges(world: World): readonly { readonly by: string; readonly to: string }[] {
  return world.record.roles
    .filter((role) => role.kind !== "start")
    .map(({ by, primary }) => ({ by, to: primary }));
}
