// Sites of the app as they deploy, each on a host in a process of its own, with workers of their own: what leaves
// them goes into a simulated Azure that listens on this machine. Real time, and nothing of theirs is replaced.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { hostKeyOf, type ServedWorld, serveWorld, WEBHOOK } from "../../demo/world/serve-world.ts";
import { TABLE } from "../../shared/azure/table-store/table-client.ts";
import { readConfig } from "../../shared/config.ts";
import type { WorldSettings } from "../../simulator/azure/world/world.ts";
import { freePort } from "../contract/store-azurite.ts";

const RUN = promisify(execFile);
const require = createRequire(import.meta.url);
const HOST = require.resolve("functions-host/main");
const LOADER = pathToFileURL(require.resolve("tsx")).href;
const WEBHOOK_VARIABLE = "GEO_FAILOVER_WEBHOOK";

const GROUP = "orders-fog";
const INSTANCES =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders/providers/Microsoft.Sql/managedInstances";

/** As short as a configuration may make it, and a machine with two cores can keep up with. */
const CONFIG = `
sites:
  - { name: weu, region: westeurope, url: "https://weu.example.net", reference: ref-weu.example.net:1433, store: "https://storeweu.table.core.windows.net" }
  - { name: neu, region: northeurope, url: "https://neu.example.net", reference: ref-neu.example.net:1433, store: "https://storeneu.table.core.windows.net" }
  - { name: sec, region: swedencentral, url: "https://sec.example.net", reference: ref-sec.example.net:1433, store: "https://storesec.table.core.windows.net" }
tick: PT5S
notify: { webhook: "env:${WEBHOOK_VARIABLE}" }
defaults:
  mode: automatic
  interval: PT5S
  probeTimeout: PT4S
  grace: PT21S
  grayGrace: PT21S
  allowShortGrace: true
  failback: { mode: "off" }
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

/** What the outside takes its time for, in which the app only waits. */
const QUICK: Partial<WorldSettings> = {
  forcedTakesMs: [3_000, 4_000],
  dnsLagMs: 1_000,
  databasesOpenMs: 1_000,
  keyCheckTakesMs: [500, 1_000],
};

export interface Deployment {
  readonly served: ServedWorld;
  /** What the world had to say: who lives in it, and what it could not answer. */
  readonly said: readonly string[];
  /** Starts the host of a site, or starts it again where it was. */
  start(site: string): Promise<void>;
  /** As a deployment does; ends when the process has. */
  stop(site: string): Promise<void>;
  killWorker(site: string): Promise<void>;
  /** What a site says of the group. */
  statusOf(site: string): Promise<unknown>;
  end(): Promise<void>;
}

/** A world, and in it one deployment of the app in `folder`; the ledger of `neu` is in `store`. */
export async function deployInWorld(folder: string, store: string): Promise<Deployment> {
  const configPath = join(folder, "lived-through.yaml");
  await writeFile(configPath, CONFIG);
  const env = { [WEBHOOK_VARIABLE]: WEBHOOK };
  const said: string[] = [];
  const served = await serveWorld({
    config: readConfig({ path: configPath, text: CONFIG, self: "neu", env }),
    ...{ configPath, webhookVariable: WEBHOOK_VARIABLE, faults: [], port: 0, settings: QUICK },
    say: (line) => said.push(line),
  });
  // The site of the region that will be lost has run before: the others do not make its table.
  served.world.tables.get("weu")?.named.set(TABLE.toLowerCase(), new Map());
  const ports = new Map<string, number>();
  const hosts = new Map<string, ChildProcess>();
  const processOf = (site: string): ChildProcess => {
    const host = hosts.get(site);
    if (host === undefined) throw new Error(`Cannot find the host of ${site}: never started`);
    return host;
  };

  return {
    ...{ served, said },
    start: async (site) => {
      const port = ports.get(site) ?? (await freePort());
      ports.set(site, port);
      const settings = Object.fromEntries(
        served.environmentOf(site).map((line) => line.split(/=(.*)/s).slice(0, 2)),
      );
      const flags = ["--port", String(port), "--host-key", hostKeyOf({ name: site })];
      const child = spawn(process.execPath, ["--import", LOADER, HOST, folder, ...flags], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...settings, GEO_FAILOVER_STORE_NEU: store },
      });
      hosts.set(site, child);
      await listening(child);
    },
    stop: (site) => endOf(processOf(site), "SIGTERM"),
    killWorker: async (site) => {
      const { stdout } = await RUN("ps", ["-A", "-o", "pid=,ppid=,args="]);
      const parent = String(processOf(site).pid);
      const rows = stdout.split("\n").map((row) => row.trim().split(/\s+/));
      const worker = rows.find(
        ([, ppid, ...args]) => ppid === parent && args.join(" ").includes("worker-child"),
      );
      if (worker === undefined) throw new Error(`Cannot kill the worker of ${site}: there is none`);
      process.kill(Number(worker[0]), "SIGKILL");
    },
    statusOf: async (site) => {
      const url = `http://127.0.0.1:${ports.get(site)}/api/status/${GROUP}`;
      const answer = await fetch(url, {
        headers: { "x-functions-key": hostKeyOf({ name: site }) },
      });
      return answer.json();
    },
    end: async () => {
      await Promise.all([...hosts.values()].map((host) => endOf(host, "SIGKILL")));
      served.close();
    },
  };
}

/** Waits in real time: other processes have no clock of ours. */
export async function until(
  what: string,
  holds: () => unknown,
  { everyMs, limitMs }: { readonly everyMs: number; readonly limitMs: number },
): Promise<void> {
  const endAt = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endAt) throw new Error(`Cannot wait any longer: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Resolves once it listens; what it says later is read too, or it would stop at a full pipe. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: Buffer) => {
        said = said.slice(-10_000) + text;
        if (said.includes("Listening on")) resolve();
      });
    }
    child.once("exit", (code) => reject(new Error(`Cannot start a host: ${code}: ${said}`)));
  });
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
