// The bundle as a deployment has it: its folder, its settings, a store for two sites, and an identity.

import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startHost } from "functions-host";
import { ScaledClock } from "functions-host/clock";
import type { Host } from "functions-host/host-options";
import { type BundledFile, buildApp } from "../../cli/build-app.ts";
import { createTableClient } from "../../shared/azure/table-store/table-client.ts";
import { freePort, startAzurite } from "../contract/store-azurite.ts";

const SAMPLE = fileURLToPath(new URL("../../geo-failover.sample.yaml", import.meta.url));

export interface Deployed {
  readonly folder: string;
  readonly files: readonly BundledFile[];
  readonly settings: Readonly<Record<string, string>>;
  /** What the identity was asked for, by query. */
  readonly tokensAsked: readonly Record<string, string>[];
  /** A host of its own, with a worker process of its own. */
  start(name: string): Promise<Host>;
  stop(): Promise<void>;
}

/** Bundles the app, and starts what it needs around it. */
export async function deploy(): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), "geo-failover-bundle-"));
  const files = await buildApp(folder);
  await cp(SAMPLE, join(folder, "geo-failover.yaml"));
  const azurite = await startAzurite();
  const platform = await startPlatform();
  // The other site has run before; a peer's table is never made by us.
  await createTableClient(azurite.address("siteneu"), { getToken: async () => null }).createTable();
  const settings = {
    IDENTITY_ENDPOINT: platform.url,
    IDENTITY_HEADER: "only-this-process-knows",
    GEO_FAILOVER_SITE: "weu",
    AzureWebJobsStorage: azurite.connectionString(),
    GEO_FAILOVER_STORE_NEU: azurite.connectionString("siteneu"),
  };
  return {
    ...{ folder, files, settings, tokensAsked: platform.asked },
    start: async (name) =>
      startHost({
        name,
        app: { kind: "directory", path: folder },
        hostJson: JSON.parse(await readFile(join(folder, "host.json"), "utf8")),
        settings,
        clock: new ScaledClock({ speed: 1 }),
        seed: 1,
      }),
    stop: async () => {
      await azurite.stop();
      platform.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Platform {
  readonly url: string;
  /** What it was asked for, by query. */
  readonly asked: Record<string, string>[];
  stop(): void;
}

/** The endpoint for tokens that Azure offers an app with a managed identity. */
async function startPlatform(): Promise<Platform> {
  const asked: Record<string, string>[] = [];
  const server = createServer(({ url = "" }, response) => {
    const { searchParams } = new URL(url, "http://platform");
    asked.push(Object.fromEntries(searchParams));
    const expires_on = String(Math.floor(Date.now() / 1000) + 3_600);
    const resource = searchParams.get("resource");
    response.writeHead(200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ access_token: "a-token", expires_on, resource, token_type: "Bearer" }),
    );
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${port}/msi/token`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** One call over HTTP, with the key of the host. */
export async function callHost(host: Host, method: string, path: string, body?: object) {
  const answer = await host.fetch({
    method,
    url: `/api/${path}`,
    headers: { "x-functions-key": host.keys.host, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString()) };
}
