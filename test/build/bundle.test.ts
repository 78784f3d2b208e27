// The app as it is deployed: bundled, in a worker process of its own, on a host that loads folders.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startHost } from "functions-host";
import { ScaledClock } from "functions-host/clock";
import type { Host } from "functions-host/host-options";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BundledFile } from "../../cli/build-app.ts";
import { freePort } from "../contract/store-azurite.ts";
import { simulate } from "../support/simulated-sites.ts";
import { callHost, type Deployed, deploy } from "./deployed.ts";

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

let deployed: Deployed;
let folder: string;
let files: readonly BundledFile[];
let host: Host;

beforeAll(async () => {
  deployed = await deploy();
  ({ folder, files } = deployed);
  host = await deployed.start("bundle");
});

afterAll(async () => {
  host?.kill();
  await deployed?.stop();
});

const call = (method: string, path: string, body?: object) => callHost(host, method, path, body);
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

  test("has nothing of the stand-ins that it is tried on", () => {
    const sources = files.flatMap((file) => file.sources);
    expect(sources).toContain("functions/main.ts");
    expect(sources.filter((path) => /^(packages|simulator|judge|demo)\//.test(path))).toEqual([]);
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
});

describe("the bundled app on a host", () => {
  test("ticks, asks the platform for its tokens, and is blind where no name leads anywhere", async () => {
    expect(await call("POST", "tick")).toEqual({
      status: 200,
      body: {
        site: "weu",
        failed: [],
        groups: [{ group: "orders-fog", outcome: "blind" }],
        unreadable: [],
      },
    });
    const told = expect.objectContaining({ resource: "https://database.windows.net" });
    expect(deployed.tokensAsked).toContainEqual(told);
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
  const require = createRequire(import.meta.url);
  const main = require.resolve("functions-host/main");
  const tsx = require.resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", pathToFileURL(tsx).href, main, folder, "--port", String(await freePort())],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...deployed.settings } },
  );
  let said = "";
  child.stderr.on("data", (text) => {
    said += String(text);
  });
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
    settings: { ...deployed.settings, AzureWebJobsStorage: "" },
    clock: new ScaledClock({ speed: 1 }),
    seed: 1,
  });
  await expect(start).rejects.toThrow("Cannot find our own store: AzureWebJobsStorage is not set");
});
