// The three sites, each on a clock of its own: what a site's clock says is its business, what happens
// follows the world's.

import { startHost } from "functions-host";
import { type Clock, VirtualClock } from "functions-host/clock";
import type { Host } from "functions-host/host-options";
import { register } from "../../functions/register.ts";
import { SkewedClock } from "../../judge/skewed-clock.ts";
import { createPeers, type SendRequest } from "../../shared/azure/peers.ts";
import type { Config, Site } from "../../shared/domain/group.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { createStores } from "../../shared/ledger/group-ledger.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import { vantageReaches } from "../../simulator/azure/world/network.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createSitePorts } from "../../simulator/site-ports.ts";
import { configOf, HOST_JSON, START } from "./simulated-sites.ts";

interface SkewedSites {
  readonly world: World;
  readonly clock: VirtualClock;
  /** Sets a site's clock: it is wrong by so much from now on. */
  skew(site: string, ms: number): void;
  runTo(ms: number): Promise<void>;
  stop(): void;
}

/** Starts the sites with clocks that are right. */
export async function startSkewedSites(options: {
  readonly policy?: Partial<Policy>;
  readonly faults: readonly Fault[];
}): Promise<SkewedSites> {
  const { policy = {}, faults } = options;
  const clock = new VirtualClock(START);
  const config = configOf("neu", policy);
  const world = createWorld({ clock, seed: 1, groups: config.groups, sites: config.sites, faults });
  const clocks = new Map(config.sites.map(({ name }) => [name, new SkewedClock(clock)]));
  const hosts = new Map<string, Host>();
  for (const [index, site] of config.sites.entries()) {
    const own = clocks.get(site.name);
    if (own === undefined) throw new Error(`Cannot start a site: no clock: ${site.name}`);
    hosts.set(site.name, await startSite({ config, world, own, site, hosts, seed: index }));
  }
  return {
    world,
    clock,
    skew: (site, ms) => {
      const own = clocks.get(site);
      if (own !== undefined) own.skewMs = ms;
    },
    runTo: async (ms) => {
      await clock.runUntil(START + ms);
      for (const [name, host] of hosts) if (host.alive && !world.siteRuns(name)) host.kill();
    },
    stop: () => {
      for (const host of hosts.values()) host.kill();
    },
  };
}

function startSite(parts: {
  readonly config: Config;
  readonly world: World;
  readonly own: Clock;
  readonly site: Site;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly seed: number;
}): Promise<Host> {
  const { config, world, own, site, hosts, seed } = parts;
  const send = sendFrom(world, site, config, hosts);
  const asWorldSeesIt = createSitePorts(world, site, { edge: "port", send });
  const peers = createPeers({ send, keyOf: () => null });
  const ports = { ...asWorldSeesIt, peers, clock: own };
  const stores = createStores({ ...config, self: site }, ports.stores, ports.clock);
  return startHost({
    name: site.name,
    app: {
      kind: "registered",
      register: () => register({ config: { ...config, self: site }, ports, stores }),
    },
    hostJson: HOST_JSON,
    clock: own,
    seed,
  });
}

function sendFrom(
  world: World,
  from: Site,
  config: Config,
  hosts: ReadonlyMap<string, Host>,
): SendRequest {
  return async ({ method, url, headers, timeoutMs }) => {
    const to = config.sites.find((site) => url.startsWith(site.url));
    const host = hosts.get(to?.name ?? "");
    if (to === undefined || !host?.alive || !vantageReaches(world, from, to.region)) {
      await world.clock.sleep(timeoutMs);
      throw new Error("Cannot send: no answer");
    }
    const key = { "x-functions-key": host.keys.host };
    const answer = await host.fetch({
      method,
      url: url.slice(to.url.length),
      headers: { ...headers, ...key },
    });
    return { status: answer.status, text: new TextDecoder().decode(answer.body) };
  };
}
