import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startHost } from "functions-host";
import { ScaledClock } from "functions-host/clock";
import HOST_JSON from "../host.json" with { type: "json" };
import { loadConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import { createTdsService, type TdsService } from "../simulator/azure/tds/tds-service.ts";
import { createWorld } from "../simulator/azure/world/create-world.ts";
import { type Azurite, startAzurite } from "../test/contract/store-azurite.ts";
import { buildVariants, type Variant } from "./app-variants.ts";
import type { Bench } from "./bench.ts";
import { VARIANTS_FOLDER } from "./cold-load.ts";
import { median, medianRatio } from "./statistics.ts";

const SAMPLE = fileURLToPath(new URL("../geo-failover.sample.yaml", import.meta.url));
const SITE = "weu";
const ROUNDS = 7;

export interface Start {
  /** From the start of the process until its functions are registered. */
  readonly loadedMs: number;
  /** Until its first tick has looked and answered. */
  readonly lookedMs: number;
  /** The tick after that, with everything loaded and connected. */
  readonly nextTickMs: number;
  readonly outcome: string;
}

/** A machine on which the app finds tokens, tables and an instance, all of them on the loopback address. */
export interface Surroundings {
  readonly settings: Record<string, string>;
  close(): Promise<void>;
}

/** Starts what the app reaches out to: an identity endpoint, a table service, an instance that speaks TDS. */
export async function openSurroundings(): Promise<Surroundings> {
  const config = loadConfig({ GEO_FAILOVER_CONFIG: SAMPLE, GEO_FAILOVER_SITE: SITE });
  const azurite: Azurite = await startAzurite();
  const identity = await startIdentity();
  const { service, port } = await openInstance(config);
  const folder = await mkdtemp(join(tmpdir(), "geo-failover-bench-"));
  const authority = join(folder, "authority.pem");
  const { encryption } = service;
  await writeFile(authority, encryption.kind === "own-authority" ? encryption.ca : "");
  const { port: identityPort } = identity.address() as AddressInfo;
  return {
    settings: {
      GEO_FAILOVER_SITE: SITE,
      GEO_FAILOVER_CONFIG: SAMPLE,
      AzureWebJobsStorage: azurite.connectionString(),
      IDENTITY_ENDPOINT: `http://127.0.0.1:${identityPort}/token`,
      IDENTITY_HEADER: "bench",
      NODE_EXTRA_CA_CERTS: authority,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(leadTo(port))}`,
    },
    close: async () => {
      identity.closeAllConnections();
      identity.close();
      await service.close();
      await azurite.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Names of instances and reference targets lead nowhere on this machine: connections to them end here.
 * What the app prints is no finding.
 */
const leadTo = (port: number): string => `
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";
const connect = net.connect;
net.connect = (to, ...rest) => /\\.(database\\.windows|example)\\.net$/.test(to?.host ?? "")
  ? connect({ host: "127.0.0.1", port: ${port} }, ...rest) : connect(to, ...rest);
syncBuiltinESMExports();
console.log = () => undefined;`;

async function openInstance(config: Config): Promise<{ service: TdsService; port: number }> {
  const { groups, sites, self } = config;
  const world = createWorld({ clock: new ScaledClock({ speed: 1 }), seed: 1, groups, sites });
  const service = createTdsService(world, self);
  return { service, ...(await service.listen()) };
}

async function startIdentity(): Promise<Server> {
  const server = createServer((_, response) => {
    const token = {
      access_token: `simulated-token-of-${SITE}`,
      expires_on: String(Math.floor(Date.now() / 1_000) + 3_600),
      resource: "any",
      token_type: "Bearer",
    };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(token));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Starts one worker on one variant of the app, and sees it through two ticks. */
export async function timeStart(
  { folder }: Variant,
  settings: Record<string, string>,
): Promise<Start> {
  const clock = new ScaledClock({ speed: 1 });
  const startedAt = performance.now();
  const host = await startHost({
    name: "bench",
    app: { kind: "directory", path: folder },
    hostJson: HOST_JSON,
    settings,
    clock,
    seed: 1,
  });
  const loadedMs = performance.now() - startedAt;
  const headers = { "x-functions-key": host.keys.host };
  const tick = () => host.fetch({ method: "POST", url: "/api/tick", headers });
  const { body } = await tick();
  const lookedMs = performance.now() - startedAt;
  await tick();
  const nextTickMs = performance.now() - startedAt - lookedMs;
  host.kill();
  clock.close();
  const { groups } = JSON.parse(Buffer.from(body).toString()) as { groups: { outcome: string }[] };
  return { loadedMs, lookedMs, nextTickMs, outcome: groups[0]?.outcome ?? "none" };
}

export const firstLook: Bench = {
  name: "first-look",
  question: "How long from a cold start to the first completed look?",
  run: async () => {
    const variants = await buildVariants(VARIANTS_FOLDER);
    const surroundings = await openSurroundings();
    const starts = new Map<Variant["name"], Start[]>(variants.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const variant of variants) {
        starts.get(variant.name)?.push(await timeStart(variant, surroundings.settings));
      }
    }
    await surroundings.close();
    const ours = (starts.get("bundled") ?? []).map(({ lookedMs }) => lookedMs);
    return {
      columns: ["variant", "loaded ms", "looked ms", "next tick ms", "looked, times ours"],
      rows: [...starts].map(([name, all]) => [
        name,
        median(all.map(({ loadedMs }) => loadedMs)),
        median(all.map(({ lookedMs }) => lookedMs)),
        median(all.map(({ nextTickMs }) => nextTickMs)),
        medianRatio(
          ours,
          all.map(({ lookedMs }) => lookedMs),
        ),
      ]),
      notes: [
        `Medians of ${ROUNDS} starts each, in turn, by the wall. In it: Node, the stand-in worker, the app, a token over HTTP, tables on an emulator, TLS and TDS on loopback sockets, a committed row.`,
        `Outcomes of the first ticks: ${outcomes([...starts.values()].flat())}. Resource Manager's name leads nowhere here and fails at once.`,
        "The stand-in worker puts loader hooks under every file, which makes an app of many files dearer than on a real worker: cold-load has the loading alone, without hooks.",
      ],
    };
  },
};

function outcomes(starts: readonly Start[]): string {
  const names = [...new Set(starts.map(({ outcome }) => outcome))];
  return names
    .map((name) => `${name} ${starts.filter(({ outcome }) => outcome === name).length}`)
    .join(", ");
}
