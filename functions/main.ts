// The composition root: configuration, adapters, registration. Everything that reaches the real
// world is made here, once per process; SDKs are loaded by the first call that needs them.

import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createAzurePorts } from "../shared/azure/azure-ports.ts";
import { createFunctionKeys } from "../shared/azure/function-keys.ts";
import { createSiteCredential } from "../shared/azure/identity/site-credential.ts";
import { ownIds, whoWeAre } from "../shared/azure/identity/who-we-are.ts";
import { waitForSlowAddresses } from "../shared/azure/slow-addresses.ts";
import { storeAddress } from "../shared/azure/table-store/store-address.ts";
import { createWallClock } from "../shared/azure/wall-clock.ts";
import type { LogLine } from "../shared/azure/webhook-notifier.ts";
import { loadConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import { createStores } from "../shared/ledger/group-ledger.ts";
import { register } from "./register.ts";

const env = process.env;
waitForSlowAddresses();

// A rejection that nobody handles ends the worker process, and with it every activity in flight.
process.on("unhandledRejection", (error) => {
  const known = error instanceof Error;
  log({
    level: "error",
    what: "unhandled-rejection",
    error: known ? error.name : typeof error,
    at: known ? placesIn(error.stack ?? "") : "",
  });
});

const config = loadConfig({ ...env, GEO_FAILOVER_CONFIG: configPath() });
const ports = createAzurePorts(config, {
  clock: createWallClock(),
  credential: createSiteCredential(whoWeAre(env)),
  ownIds: ownIds(env),
  addressOf: (site) => storeAddress(site, site.name === config.self.name, env),
  keyOf: createFunctionKeys(env),
  log,
  newId: () => randomUUID(),
});
for (const because of shortcomings(config)) log({ level: "warning", what: "warning", because });
register({ config, ports, stores: createStores(config, ports.stores, ports.clock) });

/** The file lies beside the app, wherever the host started us from. */
function configPath(): string {
  const appFolder = dirname(fileURLToPath(import.meta.url));
  return resolve(appFolder, env.GEO_FAILOVER_CONFIG || "geo-failover.yaml");
}

/** What works, but not as well as people may think. */
function shortcomings({ self, sites, notify }: Config): readonly string[] {
  const unknown = sites.filter((site) => storeAddress(site, site.name === self.name, env) === null);
  return [
    ...(notify.webhook === null
      ? ["no webhook: events are lines in this log and nothing else, and nobody can answer an ask"]
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

/**
 * One line of JSON. The host takes what is printed for its log: all of the one stream as information, of the
 * other what has the word warning or error in it, as the level has, as that.
 */
function log(line: LogLine): void {
  const print = line.level === "information" ? console.log : console.error;
  print(JSON.stringify(line));
}
