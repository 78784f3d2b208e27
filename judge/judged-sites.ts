// The sites of one incident file: the whole app on a local host each, on one clock, over ports that the
// signals answer.

import { readFileSync } from "node:fs";
import { startHost } from "functions-host";
import type { Clock } from "functions-host/clock";
import type { Host } from "functions-host/host-options";
import type { App } from "../functions/app.ts";
import { register } from "../functions/register.ts";
import { createPeers, type SendRequest } from "../shared/azure/peers.ts";
import type { Site } from "../shared/domain/group.ts";
import { createStores } from "../shared/ledger/group-ledger.ts";
import type { Ports } from "../shared/ports/ports.ts";
import { type Life, mortal } from "../simulator/mortal-ports.ts";
import { createGroupsPort } from "./groups-port.ts";
import { createInstancesPort, createKeyPort } from "./instances-port.ts";
import type { JudgedConfig } from "./judged-config.ts";
import { type JudgedWorld, speaks } from "./judged-world.ts";
import type { OwnFailovers } from "./own-failovers.ts";
import { createRecordedStore, type Shelf } from "./recorded-store.ts";
import { createReferencesPort, createSignalsPort } from "./signals-port.ts";
import { SkewedClock } from "./skewed-clock.ts";
import { PLACES, type Place } from "./sources.ts";
import { createSqlPort } from "./sql-port.ts";

const HOST_JSON: unknown = JSON.parse(
  readFileSync(new URL("../host.json", import.meta.url), "utf8"),
);

export interface JudgedSitesOptions {
  readonly world: JudgedWorld;
  readonly judged: JudgedConfig;
  readonly ours: OwnFailovers;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly notifier: Ports["notifier"];
  readonly startAt: number;
  readonly seed: number;
  readonly skewMs: Partial<Readonly<Record<Place, number>>>;
}

export interface JudgedSites {
  host(place: Place): Host;
  /** What the code of that site works with, as its newest worker got it. */
  app(place: Place): App;
  /** Starts and stops sites as the signals have it now. */
  follow(): Promise<void>;
  /** Stops every site in good order, as a deployment does; `follow` starts them again. */
  pause(): Promise<void>;
  stop(): void;
}

/** Starts a site in each of the three places. */
export async function startJudgedSites(options: JudgedSitesOptions): Promise<JudgedSites> {
  const { world } = options;
  const sites = new Map<Place, RunningSite>();
  const send = createSend(options, sites);
  for (const place of PLACES) sites.set(place, await startSite(options, place, send, null));
  const running = (place: Place): RunningSite => {
    const site = sites.get(place);
    if (site === undefined) throw new Error(`Cannot find a site: nothing runs in ${place}`);
    return site;
  };
  return {
    host: (place) => running(place).host,
    app: (place) => running(place).app,
    follow: async () => {
      for (const place of PLACES) {
        const { host } = running(place);
        const runs = runsNow(world, place);
        if (!runs && host.alive) host.kill();
        if (runs && !host.alive) sites.set(place, await startSite(options, place, send, host));
      }
    },
    pause: async () => {
      for (const { host } of sites.values()) await host.stop();
    },
    stop: () => {
      for (const { host } of sites.values()) if (host.alive) host.kill();
    },
  };
}

interface RunningSite {
  readonly host: Host;
  readonly app: App;
}

/** Nothing of ours runs while it is stalled; a site that is silent is gone with its region. */
function runsNow(world: JudgedWorld, place: Place): boolean {
  const now = world.now();
  const last = world.timeline.orchestrator.steps.findLast(
    ({ atMs, value }) => atMs <= now && (value.kind === "stalled" || value.kind === "resumed"),
  );
  return last?.value.kind !== "stalled" && speaks(world.timeline, place, now);
}

async function startSite(
  options: JudgedSitesOptions,
  place: Place,
  send: SendRequest,
  before: Host | null,
): Promise<RunningSite> {
  const { world, judged, seed } = options;
  const self = judged.siteOf[place];
  let life: Life = { alive: false };
  let app: App | null = null;
  const host = await startHost({
    name: self.name,
    app: {
      kind: "registered",
      register: () => {
        life.alive = false;
        life = { alive: true };
        const ports = mortal(portsOf(options, place, send), life);
        const config = { ...judged.config, self };
        app = { config, ports, stores: createStores(config, ports.stores, ports.clock) };
        register(app);
      },
    },
    hostJson: HOST_JSON,
    clock: world.clock,
    seed: seed + PLACES.indexOf(place),
    latency: "none",
    onWorkerDeath: () => {
      life.alive = false;
    },
    ...(before === null ? {} : { store: before.store, keys: before.keys }),
  });
  if (app === null) throw new Error(`Cannot start a site: nothing was registered: ${self.name}`);
  return { host, app };
}

function portsOf(options: JudgedSitesOptions, place: Place, send: SendRequest): Ports {
  const { world, judged, ours, shelves, notifier, startAt, skewMs } = options;
  const { group, config, siteOf } = judged;
  const skew = skewMs[place] ?? 0;
  return {
    clock: skew === 0 ? world.clock : new SkewedClock(world.clock, skew),
    sql: createSqlPort(world, place),
    references: createReferencesPort(world, place),
    failoverGroups: createGroupsPort(world, place, group, ours),
    instances: createInstancesPort(world, group),
    keyPath: createKeyPort(world, group),
    signals: createSignalsPort(world, group, startAt + skew),
    identity: { tokenGoodForMs: async () => world.tokenGoodForMs() },
    peers: createPeers({ send, keyOf: () => null }),
    stores: new Map(
      config.sites.map((site) => {
        const shelf = shelves.get(site.name);
        if (shelf === undefined) throw new Error(`Cannot find a store: no such site: ${site.name}`);
        return [site.name, createRecordedStore(shelf, world.clock, () => hasStore(options, site))];
      }),
    ),
    notifier,
    newId: () => world.newId(siteOf[place].name),
  };
}

/** A store goes with its region: with that of the primary, once nothing speaks there any more. */
function hasStore({ world, judged }: JudgedSitesOptions, site: Site): boolean {
  const primary = world.roles.told(world.now());
  return judged.siteOf[primary].name !== site.name || world.speaks(primary);
}

/** HTTP between the sites: straight into the other host. */
function createSend(
  { world, judged }: JudgedSitesOptions,
  sites: ReadonlyMap<Place, RunningSite>,
): SendRequest {
  const { clock } = world;
  return async ({ method, url, headers, timeoutMs }) => {
    const place = PLACES.find((each) => url.startsWith(`${judged.siteOf[each].url}/`));
    const host = place === undefined ? undefined : sites.get(place)?.host;
    if (place === undefined || host?.alive !== true) {
      await clock.sleep(timeoutMs);
      throw new Error("Cannot send: no answer");
    }
    const path = url.slice(judged.siteOf[place].url.length);
    const key = { "x-functions-key": host.keys.host };
    const answer = host.fetch({ method, url: path, headers: { ...headers, ...key } });
    // It fails with the host that dies while it works; by then nobody may be waiting any more.
    answer.catch(() => undefined);
    const first = await inTime(clock, timeoutMs, answer);
    return { status: first.status, text: new TextDecoder().decode(first.body) };
  };
}

async function inTime<T>(clock: Clock, timeoutMs: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = clock.setTimer(clock.now() + timeoutMs, () =>
      reject(new Error("Cannot send: no answer in time")),
    );
    answer.then(
      (value) => {
        late.cancel();
        resolve(value);
      },
      (error: unknown) => {
        late.cancel();
        reject(error);
      },
    );
  });
}
