// The three sites of a simulated deployment: one local host each, one world for all of them.

import { register } from "../functions/register.ts";
import type { SendRequest } from "../shared/azure/peers.ts";
import type { Config, Site } from "../shared/domain/group.ts";
import { createStores } from "../shared/ledger/stores.ts";
import { vantageReaches } from "./azure/network.ts";
import type { World } from "./azure/world.ts";
import type { Clock } from "./host/clock.ts";
import { startHost } from "./host/host.ts";
import type { Host, HostLine, HostOptions } from "./host/host-options.ts";
import { type Life, mortal } from "./mortal-ports.ts";
import { createSitePorts } from "./site-ports.ts";

/** How often the platform sees whether a site should run. */
const SUPERVISE_MS = 1_000;
/** The platform needs this long to bring a site back once its region has returned. */
const BACK_MS = 30_000;

export interface SitesOptions {
  readonly config: Omit<Config, "self">;
  readonly world: World;
  readonly clock: Clock;
  readonly seed: number;
  readonly hostJson: unknown;
  readonly arm: "wire" | "port";
  readonly latency?: HostOptions["latency"];
  readonly faults?: HostOptions["faults"];
  readonly lint?: boolean;
  readonly log?: (line: HostLine) => void;
}

export interface Sites {
  host(site: string): Host;
  readonly all: readonly Host[];
  /** Nothing in flight on any site. */
  idle(): boolean;
  stop(): void;
}

/** Starts every site of the configuration, and keeps them as dead or alive as the world says they are. */
export async function startSites(options: SitesOptions): Promise<Sites> {
  const { config, world, clock } = options;
  const hosts = new Map<string, Host>();
  const downSince = new Map<string, number>();
  const send = createSend(options, hosts);
  for (const site of config.sites) {
    hosts.set(site.name, await startSite(options, site, send, undefined));
  }

  let stopped = false;
  const supervise = async (): Promise<void> => {
    for (const site of config.sites) await superviseSite(site);
    if (!stopped) next();
  };
  const superviseSite = async (site: Site): Promise<void> => {
    const host = hosts.get(site.name);
    if (host === undefined) return;
    const runs = world.siteRuns(site.name);
    if (!runs) {
      if (host.alive) host.kill();
      downSince.set(site.name, clock.now());
    } else if (!host.alive && clock.now() - (downSince.get(site.name) ?? 0) >= BACK_MS) {
      hosts.set(site.name, await startSite(options, site, send, host));
    }
  };
  let timer = clock.setTimer(clock.now() + SUPERVISE_MS, () => void supervise());
  const next = (): void => {
    timer = clock.setTimer(clock.now() + SUPERVISE_MS, () => void supervise());
  };

  return {
    host: (name) => {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`Cannot find a site: unknown name: ${name}`);
      return host;
    },
    get all() {
      return [...hosts.values()];
    },
    idle: () => [...hosts.values()].every((host) => !host.alive || host.idle()),
    stop: () => {
      stopped = true;
      timer.cancel();
      for (const host of hosts.values()) if (host.alive) host.kill();
    },
  };
}

async function startSite(
  options: SitesOptions,
  site: Site,
  send: (from: Site) => SendRequest,
  before: Host | undefined,
): Promise<Host> {
  const { world, config, clock } = options;
  let life: Life = { alive: false };
  return startHost({
    name: site.name,
    app: {
      kind: "registered",
      register: () => {
        life.alive = false;
        life = { alive: true };
        const ports = createSitePorts(world, site, { arm: options.arm, send: send(site) });
        const whole = { ...config, self: site };
        const living = mortal(ports, life);
        register({ config: whole, ports: living, stores: createStores(whole, living.stores) });
      },
    },
    hostJson: options.hostJson,
    clock,
    seed: options.seed + config.sites.indexOf(site),
    onWorkerDeath: () => {
      life.alive = false;
    },
    ...(before === undefined ? {} : { store: before.store, keys: before.keys }),
    ...(options.latency === undefined ? {} : { latency: options.latency }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
    ...(options.lint === undefined ? {} : { lint: options.lint }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
}

/** HTTP between sites: through the world's network, into the other site's host. */
function createSend(
  { config, world, clock }: SitesOptions,
  hosts: ReadonlyMap<string, Host>,
): (from: Site) => SendRequest {
  return (from) => async (request) => {
    const site = config.sites.find((candidate) => request.url.startsWith(candidate.url));
    const host = site === undefined ? undefined : hosts.get(site.name);
    if (site === undefined || host === undefined) throw new Error("Cannot send: no such site");
    if (!vantageReaches(world, from, site.region) || !host.alive) {
      await clock.sleep(request.timeoutMs);
      throw new Error("Cannot send: no answer");
    }
    const answer = host.fetch({
      method: request.method,
      url: request.url.slice(site.url.length),
      headers: { ...request.headers, "x-functions-key": host.keys.host },
    });
    // It fails with the host that dies while it works; by then nobody may be waiting any more.
    answer.catch(() => undefined);
    const late = clock.sleep(request.timeoutMs).then(() => null);
    const first = await Promise.race([answer, late]);
    if (first === null) throw new Error("Cannot send: no answer in time");
    return { status: first.status, text: new TextDecoder().decode(first.body) };
  };
}
