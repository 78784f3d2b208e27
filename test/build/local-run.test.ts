// What `npm start -- --bundle` runs: the bundled app on the simulated wire.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { VirtualClock } from "functions-host/clock";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type BundledFile, buildLocal } from "../../cli/build-app.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { RegisterSite } from "../../simulator/site-app.ts";
import { type Sites, startSites } from "../../simulator/sites.ts";
import {
  configOf,
  HOST_JSON,
  regionLost,
  SECOND,
  SETTLED_MS,
  START,
} from "../support/simulated-sites.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let files: readonly BundledFile[];
let registerSite: RegisterSite;

beforeAll(async () => {
  // Below our own packages: the HTTP library under the durable client is not in it.
  const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
  await mkdir(dist, { recursive: true });
  folder = await mkdtemp(join(dist, "local-"));
  files = await buildLocal(folder);
  ({ registerSite } = await import(pathToFileURL(join(folder, "site.mjs")).href));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every file that is read for an entry, now or when it is needed. */
function reachedFrom(entry: string): ReadonlySet<string> {
  const known = new Map(files.map((file) => [file.name, file]));
  const reached = new Set([entry]);
  for (const name of reached) {
    const { imports = [], later = [] } = known.get(name) ?? {};
    for (const next of [...imports, ...later]) reached.add(next);
  }
  return reached;
}

describe("the bundle of the local run", () => {
  test("has the app in the files that the deployed entry beside it is made of, too", () => {
    const main = reachedFrom("main.mjs");
    const site = reachedFrom("site.mjs");
    const ours = (names: ReadonlySet<string>, rooms: RegExp): readonly string[] =>
      files
        .filter(({ name }) => names.has(name))
        .flatMap(({ sources }) => sources)
        .filter((path) => rooms.test(path));
    const app = ours(main, /^(functions|orchestrations|shared)\//).filter(
      (path) => path !== "functions/main.ts",
    );
    const run = ours(site, /^(functions|orchestrations|shared)\//);
    expect(app.length).toBeGreaterThan(150);
    const onlyDeployed = app.filter((path) => !run.includes(path));
    // How the deployed app reads its file and its settings, and reaches the network.
    expect(onlyDeployed.filter((path) => !/^shared\/(config|azure|text)/.test(path))).toEqual([]);
    expect(ours(main, /^simulator\//)).toEqual([]);
  });

  test("sees a healthy primary write, and opens an incident when its region is lost", async () => {
    const clock = new VirtualClock(START);
    const { groups, sites: where, ...rest } = configOf();
    const world = createWorld({ clock, seed: 1, groups, sites: where, faults: [regionLost()] });
    const config = { ...rest, groups, sites: where };
    const base = { config, world, clock, seed: 1, hostJson: HOST_JSON, edge: "wire" as const };
    const sites = await startSites({ ...base, registerSite });
    try {
      await clock.runUntil(START + SETTLED_MS - SECOND);
      expect(await tickOf(sites, clock)).toMatchObject({ groups: [{ outcome: "writes" }] });
      await clock.runUntil(START + SETTLED_MS + 45 * SECOND);
      const motors = sites.host("neu").instances();
      expect(motors).toMatchObject([{ name: "Incident", status: "Running" }]);
    } finally {
      sites.stop();
    }
  });
});

async function tickOf(sites: Sites, clock: VirtualClock): Promise<unknown> {
  const host = sites.host("neu");
  const headers = { "x-functions-key": host.keys.host };
  let body: Uint8Array | null = null;
  void host.fetch({ method: "POST", url: "/api/tick", headers }).then((answer) => {
    body = answer.body;
  });
  await clock.runUntil(() => body !== null);
  return JSON.parse(Buffer.from(body ?? new Uint8Array()).toString());
}
