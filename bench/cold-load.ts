import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { buildVariants, type Variant } from "./app-variants.ts";
import type { Bench } from "./bench.ts";
import { median, medianRatio } from "./statistics.ts";

const RUN = promisify(execFile);
const SAMPLE = fileURLToPath(new URL("../geo-failover.sample.yaml", import.meta.url));
export const VARIANTS_FOLDER = fileURLToPath(new URL("../dist/bench", import.meta.url));
const ROUNDS = 21;

const Load = z.object({ wallMs: z.number(), cpuMs: z.number(), memoryMb: z.number() });
export type Load = z.infer<typeof Load>;

/** In a process of its own, as a worker that has just been started. */
const LOAD = (files: readonly string[]): string => `
const before = process.cpuUsage(), startedAt = performance.now();
for (const url of ${JSON.stringify(files.map((file) => pathToFileURL(file).href))}) await import(url);
const wallMs = performance.now() - startedAt, { user, system } = process.cpuUsage(before);
const memoryMb = process.memoryUsage.rss() / 2 ** 20;
console.log("\\n" + JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, memoryMb }));
process.exit(0);`;

/** What the app's own entry needs to find; nothing of it is reached. */
const ENVIRONMENT = {
  GEO_FAILOVER_SITE: "weu",
  GEO_FAILOVER_CONFIG: SAMPLE,
  AzureWebJobsStorage:
    "DefaultEndpointsProtocol=http;AccountName=bench;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/bench;",
};

/** Files that a process loads one after the other, under a name for the table. */
export interface Loaded {
  readonly name: string;
  readonly files: readonly string[];
}

/** Loads each in turn, round after round: what disturbs the machine disturbs them alike. */
export async function timeLoads(
  subjects: readonly Loaded[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly Load[]>> {
  const loads = new Map<string, Load[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, files } of subjects) loads.get(name)?.push(await timeLoad(files));
  }
  return loads;
}

async function timeLoad(files: readonly string[]): Promise<Load> {
  const env = { ...process.env, ...ENVIRONMENT };
  const args = ["--input-type=module", "--eval", LOAD(files)];
  const { stdout } = await RUN(process.execPath, args, { env });
  return Load.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

/** Every variant from its entry; of the bundle also what a worker has loaded after a while. */
async function subjectsOf(variants: readonly Variant[]): Promise<readonly Loaded[]> {
  const entries = variants.map(({ name, folder, entry }) => ({
    name,
    files: [join(folder, entry)],
  }));
  const bundled = variants.find(({ name }) => name === "bundled");
  if (bundled === undefined) return entries;
  const parts = (await readdir(bundled.folder)).filter((file) => file.endsWith(".mjs"));
  const files = [bundled.entry, ...parts].map((file) => join(bundled.folder, file));
  return [...entries, { name: "bundled, every part", files }];
}

export const coldLoad: Bench = {
  name: "cold-load",
  question: "How long does a worker take to load the app: bundled, unbundled, with the SDKs eager?",
  run: async () => {
    const loads = await timeLoads(await subjectsOf(await buildVariants(VARIANTS_FOLDER)), ROUNDS);
    const ours = loads.get("bundled") ?? [];
    return {
      columns: ["variant", "CPU ms", "wall ms", "memory MB", "CPU, times ours", "wall, times ours"],
      rows: [...loads].map(([name, all]) => [
        name,
        median(all.map(({ cpuMs }) => cpuMs)),
        median(all.map(({ wallMs }) => wallMs)),
        median(all.map(({ memoryMb }) => memoryMb)),
        medianRatio(
          ours.map(({ cpuMs }) => cpuMs),
          all.map(({ cpuMs }) => cpuMs),
        ),
        medianRatio(
          ours.map(({ wallMs }) => wallMs),
          all.map(({ wallMs }) => wallMs),
        ),
      ]),
      notes: [
        `Medians of ${ROUNDS} processes each, in turn; ratios are medians of the ratios of a round. From the import of the entry to its end; Node's own start is not in it.`,
        "Files are in the page cache and on a local disk: a mounted package makes many files dearer than here.",
      ],
    };
  },
};
