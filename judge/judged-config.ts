import { RTO_ABOVE_GRACE_MS } from "../shared/config/check-timing.ts";
import { readConfig } from "../shared/config.ts";
import type { Config, Group, Site } from "../shared/domain/group.ts";
import type { Policy } from "../shared/domain/policy.ts";
import type { IncidentFileConfig } from "./incident-file.ts";
import type { Place } from "./sources.ts";

export const GROUP = "judged-fog";
export const CANARY = "orders";
export const ZONE = "abc123.database.windows.net";

const REGIONS: Readonly<Record<Place, string>> = {
  A: "westeurope",
  B: "northeurope",
  C: "swedencentral",
};
/** A vantage more, which sees nothing, stands where it can neither lead nor be led. */
const FURTHER_REGION = "norwayeast";
const RESOURCES = `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups`;

export interface ConfigChanges {
  readonly siteNames?: Readonly<Record<Place, string>>;
  readonly abstaining?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly policy?: Partial<Policy>;
}

export interface JudgedConfig {
  /** Self is site A; every host gets its own. */
  readonly config: Config;
  readonly group: Group;
  readonly siteOf: Readonly<Record<Place, Site>>;
}

/** The configuration that an incident file stands for, read by the product's own reader with its own defaults. */
export function createJudgedConfig(
  config: IncidentFileConfig,
  changes: ConfigChanges = {},
): JudgedConfig {
  const names = changes.siteNames ?? { A: "a", B: "b", C: "c" };
  const file = fileOf(config, names, changes);
  // JSON is YAML.
  const text = JSON.stringify(file);
  const read = readConfig({ path: "incident file", text, self: names.A, env: {} });
  const [first] = read.groups;
  if (first === undefined) throw new Error("Cannot judge: the configuration has no group");
  const group = { ...first, policy: { ...first.policy, ...changes.policy } };
  const siteOf = (place: Place): Site => {
    const site = read.sites.find(({ name }) => name === names[place]);
    if (site === undefined) throw new Error(`Cannot judge: no such site: ${names[place]}`);
    return site;
  };
  return {
    config: { ...read, groups: [group] },
    group,
    siteOf: { A: siteOf("A"), B: siteOf("B"), C: siteOf("C") },
  };
}

function fileOf(
  config: IncidentFileConfig,
  names: Readonly<Record<Place, string>>,
  { abstaining = [], settings = {} }: ConfigChanges,
): unknown {
  return {
    tick: tickOf(config.tickMs),
    sites: [
      ...(["A", "B", "C"] as const).map((place) => siteEntry(names[place], REGIONS[place])),
      ...abstaining.map((name) => siteEntry(name, FURTHER_REGION)),
    ],
    defaults: { ...settingsOf(config), ...settings },
    groups: [
      {
        name: GROUP,
        home: instanceEntry("A"),
        partner: instanceEntry("B"),
        canary: { database: CANARY },
        application: {
          successRatio: `app-insights:/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders/providers/Microsoft.OperationalInsights/workspaces/orders/role/shop`,
          ...(config.capacityRequired
            ? { capacityAtTarget: "https://shop.example.net/capacity" }
            : {}),
        },
      },
    ],
  };
}

function siteEntry(name: string, region: string): Record<string, unknown> {
  return {
    name,
    region,
    url: `https://${name}.sites.example.net`,
    reference: `ref-${name}.example.net:1433`,
  };
}

function instanceEntry(place: "A" | "B"): Record<string, unknown> {
  const name = `mi-orders-${place.toLowerCase()}`;
  return {
    instance: `${RESOURCES}/orders-${place.toLowerCase()}/providers/Microsoft.Sql/managedInstances/${name}`,
    region: REGIONS[place],
    fqdn: `${name}.${ZONE}`,
    regionReference: `https://home-${place.toLowerCase()}.example.net/ping`,
  };
}

function settingsOf(config: IncidentFileConfig): Record<string, unknown> {
  const shortestMs = Math.min(config.graceMs, config.grayGraceMs);
  const longestMs = Math.max(config.graceMs, config.grayGraceMs);
  return {
    mode: config.mode,
    grace: duration(config.graceMs),
    grayGrace: duration(config.grayGraceMs),
    rto: duration(Math.max(config.rtoMs, longestMs + RTO_ABOVE_GRACE_MS)),
    allowShortGrace: true,
    lossBudget: duration(config.lossBudgetMs),
    cooldown: duration(config.cooldownMs),
    failback: { mode: config.failback },
    ...(shortestMs > 4 * INTERVAL_MS ? {} : paceFor(shortestMs)),
  };
}

const INTERVAL_MS = 10_000;

/** A grace of a few looks only wants faster looks; the product insists on more than four. */
function paceFor(graceMs: number): Record<string, unknown> {
  const intervalMs = Math.max(2_000, Math.floor(graceMs / 5_000) * 1_000);
  return { interval: duration(intervalMs), probeTimeout: duration(intervalMs - 1_000) };
}

const TICKS_S = [5, 6, 10, 12, 15];

/**
 * Never slower than the product is by default: how long a loss goes unseen counts in every bound of
 * it. A timer can only keep to what divides a minute.
 */
function tickOf(tickMs: number): string {
  return `PT${TICKS_S.findLast((each) => each * 1_000 <= tickMs) ?? 5}S`;
}

function duration(ms: number): string {
  return `PT${ms / 1_000}S`;
}
