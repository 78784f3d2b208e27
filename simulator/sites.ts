// The three sites of a simulated deployment: one local host each, one world for all of them.

import { startHost } from "functions-host";
import type { Clock } from "functions-host/clock";
import type { Host, HostLine, HostOptions } from "functions-host/host-options";
import type { Store } from "functions-host/store";
import { unawaited } from "functions-host/unawaited";
import type { SendRequest } from "../shared/azure/peers.ts";
import type { Config, Site } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import { vantageReaches } from "./azure/world/network.ts";
import type { Vantage, World } from "./azure/world/world.ts";
import { tellLies } from "./lying-peers.ts";
import { type Life, mortal } from "./mortal-ports.ts";
import { type RegisterSite, registerSite } from "./site-app.ts";
import { createSiteClock } from "./site-clock.ts";
import { createSiteNetwork, type SiteNetwork } from "./site-network.ts";
import type { createSitePorts, SiteEdge } from "./site-ports.ts";

/** How often the platform sees whether a site should run. */
const SUPERVISE_MS = 1_000;
/** The platform needs this long to bring a site back once its region has returned. */
const BACK_MS = 30_000;
/** Somebody listens to every deployment, whether its configuration names them or not: judges want to hear it. */
const WEBHOOK = "https://hooks.example.net/geo-failover";

export interface SitesOptions {
  readonly config: Omit<Config, "self">;
  readonly world: World;
  readonly clock: Clock;
  readonly seed: number;
  readonly hostJson: unknown;
  /** Behind the real adapters, or behind the ports. */
  readonly edge: SiteEdge["edge"];
  /** Stands between a site and the wire: for whoever looks at what is sent. */
  readonly networkOf?: (site: Site, own: SiteNetwork) => SiteNetwork;
  /** Another copy of the app: the bundled one. */
  readonly registerSite?: RegisterSite;
  /** Other ports than the world's own: for whoever counts what is asked. */
  readonly portsOf?: (site: Site, send: SendRequest) => Ports;
  /** The task hub a site begins with: for whoever counts what is stored. */
  readonly hubOf?: (site: Site) => Store;
  readonly latency?: HostOptions["latency"];
  readonly faults?: HostOptions["faults"];
  readonly lint?: boolean;
  readonly log?: (line: HostLine) => void;
}

export interface Sites {
  host(site: string): Host;
  readonly all: readonly Host[];
  /** HTTP to the sites from some place in the world, or from outside of it. */
  sendFrom(place: Vantage): SendRequest;
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
  const networks = options.edge === "wire" ? createNetworks(options, send) : null;
  const edgeOf = (site: Site): SiteEdge => {
    const network = networks?.get(site.name);
    if (network === undefined) return { edge: "port", send: send(site) };
    const keyOf = ({ name }: Site): string | null => hosts.get(name)?.keys.host ?? null;
    return { edge: "wire", network, webhook: webhookOf(config), keyOf };
  };
  const start = async (site: Site, before?: Host): Promise<void> => {
    const portsOf = (create: typeof createSitePorts): Ports =>
      options.portsOf?.(site, send(site)) ?? create(world, site, edgeOf(site));
    hosts.set(site.name, await startSite(options, site, portsOf, before));
  };
  for (const site of config.sites) await start(site);

  let stopped = false;
  const supervise = async (): Promise<void> => {
    for (const site of config.sites) await superviseSite(site);
    if (!stopped) timer = next();
  };
  const superviseSite = async (site: Site): Promise<void> => {
    const host = hosts.get(site.name);
    if (host === undefined) return;
    const runs = world.siteRuns(site.name);
    if (!runs) {
      if (host.alive) host.kill();
      downSince.set(site.name, clock.now());
    } else if (!host.alive && clock.now() - (downSince.get(site.name) ?? 0) >= BACK_MS) {
      await start(site, host);
    }
  };
  // A site that cannot be started again is a fault of the simulator: it ends the run.
  const fail = (because: string): void => {
    clock.setTimer(clock.now(), () => {
      throw new Error(`Cannot keep the sites as the world says: ${because}`);
    });
  };
  const next = () => clock.setTimer(clock.now() + SUPERVISE_MS, () => unawaited(supervise(), fail));
  let timer = next();

  return {
    host: (name) => {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`Cannot find a site: unknown name: ${name}`);
      return host;
    },
    get all() {
      return [...hosts.values()];
    },
    sendFrom: send,
    idle: () => [...hosts.values()].every((host) => !host.alive || host.idle()),
    stop: () => {
      stopped = true;
      timer.cancel();
      for (const host of hosts.values()) if (host.alive) host.kill();
      for (const network of networks?.values() ?? []) unawaited(network.close(), fail);
    },
  };
}

/** One for the whole life of a site, whatever becomes of its hosts. */
function createNetworks(
  { config, world, clock, networkOf = (_, own) => own }: SitesOptions,
  send: (from: Site) => SendRequest,
): ReadonlyMap<string, SiteNetwork> {
  const hold = (work: Promise<void>): unknown => clock.hold(work);
  return new Map(
    config.sites.map((site) => {
      const options = { send: send(site), webhook: webhookOf(config), hold };
      return [site.name, networkOf(site, createSiteNetwork(world, site, options))];
    }),
  );
}

function webhookOf({ notify }: Pick<Config, "notify">): string {
  return notify.webhook ?? WEBHOOK;
}

async function startSite(
  options: SitesOptions,
  site: Site,
  portsOf: (create: typeof createSitePorts) => Ports,
  before: Host | undefined,
): Promise<Host> {
  const { config, world } = options;
  const clock = createSiteClock(world, options.clock, site.name);
  let life: Life = { alive: false };
  return startHost({
    name: site.name,
    app: {
      kind: "registered",
      register: () => {
        life.alive = false;
        life = { alive: true, awake: clock.awake };
        const own = life;
        (options.registerSite ?? registerSite)({ ...config, self: site }, (create) => ({
          ...mortal(portsOf(create), own),
          clock,
        }));
      },
    },
    hostJson: options.hostJson,
    clock,
    seed: options.seed + config.sites.indexOf(site),
    onWorkerDeath: () => {
      life.alive = false;
    },
    ...(before === undefined ? {} : { store: before.store, keys: before.keys }),
    ...(before === undefined && options.hubOf !== undefined ? { store: options.hubOf(site) } : {}),
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
): (from: Vantage) => SendRequest {
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
      headers: { "x-functions-key": host.keys.host, ...request.headers },
    });
    // It fails with the host that dies while it works; by then nobody may be waiting any more.
    answer.catch(() => undefined);
    const late = clock.sleep(request.timeoutMs).then(() => null);
    const first = await Promise.race([answer, late]);
    if (first === null) throw new Error("Cannot send: no answer in time");
    const text = new TextDecoder().decode(first.body);
    return { status: first.status, text: tellLies(world, site, text) };
  };
}
