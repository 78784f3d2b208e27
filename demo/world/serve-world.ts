import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ScaledClock } from "functions-host/clock";
import { settingSuffix } from "../../shared/azure/table-store/store-address.ts";
import type { Config, Site } from "../../shared/domain/group.ts";
import { ownObjectId } from "../../simulator/azure/arm/activity-service.ts";
import { createCertificate } from "../../simulator/azure/tds/certificate.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { World, WorldSettings } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createConnections } from "./answer-connection.ts";
import { createControl } from "./answer-control.ts";
import { answerEach, listen } from "./listen.ts";
import { namedHosts } from "./named-hosts.ts";
import { openWayOut } from "./open-way-out.ts";
import { type Apps, createSendToApps } from "./send-to-apps.ts";

/** Somebody listens, whether the configuration names them or not. */
export const WEBHOOK = "https://hooks.example.net/geo-failover";
const PRELOAD = new URL("./preload.mjs", import.meta.url);

export interface ServedWorld {
  readonly world: World;
  /** Where faults are injected and the ledger is read. */
  readonly url: string;
  /** Settings of an app that is to live here as this site, each as NAME=VALUE without a blank. */
  environmentOf(site: string): readonly string[];
  close(): void;
}

export interface WorldToServe {
  readonly config: Config;
  /** The file that the apps read, too. */
  readonly configPath: string;
  /** The variable in which the configuration expects its webhook. */
  readonly webhookVariable: string | null;
  readonly faults: readonly Fault[];
  readonly port: number;
  readonly say: (line: string) => void;
  readonly settings?: Partial<WorldSettings>;
}

/** Serves a simulated Azure on loopback sockets, in real time. Rejects where the port is taken. */
export async function serveWorld(order: WorldToServe): Promise<ServedWorld> {
  const { config, faults, say } = order;
  const { groups, sites } = config;
  const clock = new ScaledClock({ speed: 1 });
  const world = createWorld({ ...order.settings, clock, seed: 1, groups, sites, faults });
  const webhook = config.notify.webhook ?? WEBHOOK;
  const hosts = namedHosts(world, webhook);
  const connections = createConnections(world, hosts, say);
  const certificate = createCertificate(hosts);
  const apps: Apps = new Map();

  const environments = new Map<string, readonly string[]>();
  const environmentOf = (site: string): readonly string[] => environments.get(site) ?? [];
  const control = createServer(answerEach(createControl({ world, config, environmentOf }), say));
  // First of all: a second world ends here, before it has begun.
  const port = await listen(control, order.port);
  const waysOut = new Map(
    await Promise.all(
      sites.map(async (site) => {
        const onHere = (at: string): object => {
          if (apps.get(site.name) !== at) say(`${site.name} lives here, at ${at}`);
          apps.set(site.name, at);
          return {};
        };
        const send = createSendToApps(world, site, apps);
        const options = { connections, certificate, send, webhook, onHere, say };
        return [site, await openWayOut(world, site, options)] as const;
      }),
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), "geo-failover-world-"));
  const authorities = join(folder, "authorities.pem");
  const all = [certificate.certificatePem, ...[...waysOut.values()].map((each) => each.authority)];
  writeFileSync(authorities, all.join(""));
  for (const [site, wayOut] of waysOut) {
    const given = { world, site, port: wayOut.port, authorities, webhook, order };
    environments.set(site.name, environmentFor(given));
  }
  return {
    world,
    url: `http://127.0.0.1:${port}`,
    environmentOf,
    close: () => {
      clock.close();
      control.closeAllConnections();
      control.close();
      for (const wayOut of waysOut.values()) wayOut.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The key that a site's host must be started with: the others show it. */
export function hostKeyOf({ name }: Pick<Site, "name">): string {
  return `key-of-${name}`;
}

function environmentFor(given: {
  readonly world: World;
  readonly site: Site;
  readonly port: number;
  readonly authorities: string;
  readonly webhook: string;
  readonly order: WorldToServe;
}): readonly string[] {
  const { world, site, port, authorities, webhook, order } = given;
  const at = `127.0.0.1:${port}`;
  const others = world.sites.filter(({ name }) => name !== site.name);
  return [
    `NODE_OPTIONS=--import=${PRELOAD.href}`,
    `NODE_EXTRA_CA_CERTS=${authorities}`,
    `GEO_FAILOVER_WORLD=${at}`,
    `GEO_FAILOVER_SITE=${site.name}`,
    `GEO_FAILOVER_CONFIG=${resolve(order.configPath)}`,
    `GEO_FAILOVER_OWN_IDS=${ownObjectId(world)}`,
    ...others.map((each) => `GEO_FAILOVER_KEY_${settingSuffix(each)}=${hostKeyOf(each)}`),
    ...(order.webhookVariable === null ? [] : [`${order.webhookVariable}=${webhook}`]),
    `IDENTITY_ENDPOINT=http://${at}/msi/token`,
    "IDENTITY_HEADER=of-the-simulated-machine",
  ];
}
