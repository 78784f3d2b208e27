// The composition root: configuration, adapters, registration. Everything that reaches the real
// world is made here, once per process; SDKs are loaded by the first call that needs them.

import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createFailoverGroups } from "../shared/azure/failover-groups.ts";
import { createFunctionKeys } from "../shared/azure/function-keys.ts";
import { createHttpSend } from "../shared/azure/http-send.ts";
import { createCachedCredential } from "../shared/azure/identity/cached-credential.ts";
import {
  createSiteCredential,
  ownIds,
  whoWeAre,
} from "../shared/azure/identity/site-credential.ts";
import { createIdentity } from "../shared/azure/identity.ts";
import { createInstances } from "../shared/azure/instances.ts";
import { createKeyPath } from "../shared/azure/key-path.ts";
import { createPeers } from "../shared/azure/peers.ts";
import { createReferences } from "../shared/azure/references.ts";
import { createSignals } from "../shared/azure/signals.ts";
import { createSql } from "../shared/azure/sql.ts";
import { createMissingStore } from "../shared/azure/table-store/missing-store.ts";
import { storeAddress } from "../shared/azure/table-store/store-address.ts";
import { createTableStore } from "../shared/azure/table-store.ts";
import { createWallClock } from "../shared/azure/wall-clock.ts";
import { createWebhookNotifier, type LogLine } from "../shared/azure/webhook-notifier.ts";
import { loadConfig } from "../shared/config.ts";
import type { Config, Site } from "../shared/domain/group.ts";
import { createStores } from "../shared/ledger/group-ledger.ts";
import type { Ports } from "../shared/ports/ports.ts";
import type { Store } from "../shared/ports/store.ts";
import { register } from "./register.ts";

/** A POST is worth waiting for its definite answer. */
const POST_TIMEOUT_MS = 20_000;
/** Whoever reads stops waiting at eight seconds: nothing may be under way unobserved after that. */
const READ_TIMEOUT_MS = 7_500;

const env = process.env;

// A rejection that nobody handles ends the worker process, and with it every activity in flight.
process.on("unhandledRejection", (error) => {
  const known = error instanceof Error;
  log({
    what: "unhandled-rejection",
    error: known ? error.name : typeof error,
    at: known ? placesIn(error.stack ?? "") : "",
  });
});

const config = loadConfig({ ...env, GEO_FAILOVER_CONFIG: configPath() });
const ports = createPorts(config);
for (const because of shortcomings(config)) log({ what: "warning", because });
register({ config, ports, stores: createStores(config, ports.stores, ports.clock) });

/** The file lies beside the app, wherever the host started us from. */
function configPath(): string {
  const appFolder = dirname(fileURLToPath(import.meta.url));
  return resolve(appFolder, env.GEO_FAILOVER_CONFIG || "geo-failover.yaml");
}

function createPorts({ self, sites, notify }: Config): Ports {
  const clock = createWallClock();
  const send = createHttpSend({ clock });
  const credential = createCachedCredential({
    credential: createSiteCredential(whoWeAre(env)),
    clock,
  });
  const reads = { credential, timeoutMs: READ_TIMEOUT_MS, clock };
  const makeStore = (site: Site): Store => {
    const own = site.name === self.name;
    const address = storeAddress(site, own, env);
    if (address !== null) {
      return createTableStore({ site: site.name, own, address, credential, clock });
    }
    if (!own) return createMissingStore(site.name);
    throw new Error("Cannot find our own store: AzureWebJobsStorage is not set");
  };
  return {
    clock,
    failoverGroups: createFailoverGroups({ ...reads, timeoutMs: POST_TIMEOUT_MS }),
    instances: createInstances(reads),
    keyPath: createKeyPath(reads),
    sql: createSql({
      credential: { kind: "token", credential },
      clock,
      appName: `geo-failover/${self.name}`,
    }),
    references: createReferences({ clock, send }),
    peers: createPeers({ send, keyOf: createFunctionKeys(env) }),
    stores: new Map(sites.map((site) => [site.name, makeStore(site)])),
    notifier: createWebhookNotifier({ site: self.name, webhook: notify.webhook, send, clock, log }),
    signals: createSignals({ ...reads, ownIds: ownIds(env) }),
    identity: createIdentity({ credential }),
    newId: () => randomUUID(),
  };
}

/** What works, but not as well as people may think. */
function shortcomings({ self, sites, notify }: Config): readonly string[] {
  const unknown = sites.filter((site) => storeAddress(site, site.name === self.name, env) === null);
  return [
    ...(notify.webhook === null
      ? ["no webhook: events are lines in this log and nothing else"]
      : []),
    ...(ownIds(env).length === 0
      ? ["no GEO_FAILOVER_OWN_IDS: our own failovers look like those of others in the activity log"]
      : []),
    ...unknown.map(({ name }) => `no address for the store of site ${name}: it counts as down`),
  ];
}

/** Where it happened, without its message: that may carry addresses and signatures. */
function placesIn(stack: string): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 5).join("").trim();
}

/** One line of JSON. The host takes what is printed for its log. */
function log(line: LogLine): void {
  console.log(JSON.stringify(line));
}
