// The app as it is deployed: bundled, in a worker process of its own, on a host that loads folders.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type BundledFile, buildApp } from "../../cli/build-app.ts";
import { createTableClient } from "../../shared/azure/table-store/table-client.ts";
import { ScaledClock } from "../../simulator/host/clock.ts";
import { startHost } from "../../simulator/host/host.ts";
import type { Host } from "../../simulator/host/host-options.ts";
import { type Azurite, freePort, startAzurite } from "../contract/store-azurite.ts";
import { simulate } from "../support/simulated-sites.ts";

const RUN = promisify(execFile);
const SAMPLE = fileURLToPath(new URL("../../geo-failover.sample.yaml", import.meta.url));
const SDKS = [
  "@azure/arm-resourcehealth",
  "@azure/arm-sql",
  "@azure/data-tables",
  "@azure/identity",
  "@azure/keyvault-keys",
  "@azure/monitor-query",
  "tedious",
];
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let files: readonly BundledFile[];
let azurite: Azurite;
let host: Host;
let platform: Platform;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "geo-failover-bundle-"));
  files = await buildApp(folder);
  await cp(SAMPLE, join(folder, "geo-failover.yaml"));
  azurite = await startAzurite();
  platform = await startPlatform();
  // The other site has run before; a peer's table is never made by us.
  await createTableClient(azurite.address("siteneu"), { getToken: async () => null }).createTable();
  host = await startHost({
    name: "bundle",
    app: { kind: "directory", path: folder },
    hostJson: JSON.parse(await readFile(join(folder, "host.json"), "utf8")),
    settings: settings(),
    clock: new ScaledClock({ speed: 1 }),
    seed: 1,
  });
});

afterAll(async () => {
  host?.kill();
  await azurite?.stop();
  platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

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

function settings(): Record<string, string> {
  return {
    IDENTITY_ENDPOINT: platform.url,
    IDENTITY_HEADER: "only-this-process-knows",
    GEO_FAILOVER_SITE: "weu",
    AzureWebJobsStorage: azurite.connectionString(),
    GEO_FAILOVER_STORE_NEU: azurite.connectionString("siteneu"),
  };
}

async function call(method: string, path: string, body?: object) {
  const answer = await host.fetch({
    method,
    url: `/api/${path}`,
    headers: { "x-functions-key": host.keys.host, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString()) };
}

const namesOf = ({ functions }: Host): string[] => functions.map(({ name }) => name).sort();

describe("the bundle", () => {
  test("registers every function that the app has, under the same names", async () => {
    const { sites } = await simulate();
    const wanted = namesOf(sites.host("weu"));
    sites.stop();
    expect(namesOf(host)).toEqual(wanted);
    expect(wanted).toContain("tick");
    expect(wanted.length).toBeGreaterThan(15);
  });

  test("has all of it in one folder, with nothing to install and no secrets", async () => {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ type: "module", main: "main.mjs" });
    expect(manifest.dependencies).toBeUndefined();
    const names = files.map(({ name }) => name);
    expect(names).toContain("main.mjs");
    expect(names.filter((name) => name.includes("settings"))).toEqual([]);
  });

  test("keeps each SDK out of the files that every start has to read", () => {
    const known = new Map(files.map((file) => [file.name, file]));
    const read = new Set(["main.mjs"]);
    for (const name of read) for (const next of known.get(name)?.imports ?? []) read.add(next);
    const packagesOf = (some: readonly BundledFile[]) => some.flatMap(({ packages }) => packages);
    const atStart = packagesOf(files.filter(({ name }) => read.has(name)));
    const later = packagesOf(files.filter(({ name }) => !read.has(name)));
    expect(SDKS.filter((sdk) => atStart.includes(sdk))).toEqual([]);
    expect(SDKS.filter((sdk) => !later.includes(sdk))).toEqual([]);
    expect(atStart).toContain("durable-functions");
  });

  test("can load every part that it loads only when needed", async () => {
    const parts = files
      .map(({ name }) => name)
      .filter((n) => n.endsWith(".mjs") && n !== "main.mjs");
    const urls = parts.map((name) => pathToFileURL(join(folder, name)).href);
    const script = `for (const url of ${JSON.stringify(urls)}) await import(url); console.log("all");`;
    const { stdout } = await RUN(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout.trim()).toBe("all");
    expect(urls.length).toBeGreaterThan(3);
  });
});

describe("the bundled app on a host", () => {
  test("ticks, asks the platform for its tokens, and is blind where no name leads anywhere", async () => {
    expect(await call("POST", "tick")).toEqual({
      status: 200,
      body: { site: "weu", groups: [{ group: "orders-fog", outcome: "blind" }] },
    });
    const told = expect.objectContaining({ resource: "https://database.windows.net" });
    expect(platform.asked).toContainEqual(told);
    expect(await call("GET", "health")).toMatchObject({ status: 200, body: { site: "weu" } });
  });

  test("keeps a pause in the tables of both group regions, and shows it", async () => {
    const body = { group: "orders-fog", reason: "rehearsal", owner: "operator" };
    expect(await call("POST", "pause", body)).toMatchObject({
      status: 200,
      body: { writtenAt: expect.arrayContaining(["weu", "neu"]) },
    });
    const { status, body: shown } = await call("GET", "status/orders-fog");
    expect(status).toBe(200);
    expect(JSON.stringify(shown)).toContain("rehearsal");
  });
});

test("the local host runs it, and its log says what it cannot do well, without a secret", async () => {
  const main = fileURLToPath(new URL("../../simulator/host/main.ts", import.meta.url));
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", pathToFileURL(tsx).href, main, folder, "--port", String(await freePort())],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...settings() } },
  );
  let said = "";
  for await (const text of child.stdout) {
    said += String(text);
    if (said.includes("Listening on")) break;
  }
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
  expect(said).toContain("no webhook");
  expect(said).toContain("no address for the store of site sec");
  expect(said).toContain("tick: timer */15 * * * * *");
  expect(said).not.toContain("AccountKey");
});

test("an app without storage of its own does not start, and says what is missing", async () => {
  const start = startHost({
    name: "poor",
    app: { kind: "directory", path: folder },
    hostJson: {},
    settings: { ...settings(), AzureWebJobsStorage: "" },
    clock: new ScaledClock({ speed: 1 }),
    seed: 1,
  });
  await expect(start).rejects.toThrow("Cannot find our own store: AzureWebJobsStorage is not set");
});
