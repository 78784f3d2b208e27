// npm run build: the folder that deploys. With --func: the same with settings for a host on this machine. With
// --local: what npm start -- --bundle runs.

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { type BundledFile, buildApp, buildLocal } from "./build-app.ts";

const APP = "dist/app";
const FUNC = "dist/func";
const LOCAL = "dist/local";
const CONFIG = "geo-failover.yaml";
const SETTINGS = "local.settings.json";

if (process.argv.includes("--local")) tell(LOCAL, await buildLocal(LOCAL));
else if (process.argv.includes("--func")) await buildForThisMachine();
else await buildForAzure();

async function buildForAzure(): Promise<void> {
  tell(APP, await buildApp(APP));
  const copied = await copy(CONFIG, join(APP, CONFIG));
  if (!copied) console.log(`No ${CONFIG} here: put yours beside ${APP}/host.json`);
}

/** In a folder of its own: settings for this machine must not be deployed. */
async function buildForThisMachine(): Promise<void> {
  tell(FUNC, await buildApp(FUNC));
  for (const file of [CONFIG, SETTINGS]) {
    if (await copy(file, join(FUNC, file))) continue;
    const sample = file.replace(/(\.\w+)$/, ".sample$1");
    await copyFile(sample, join(FUNC, file));
    console.log(`No ${file} here: took ${sample}`);
  }
}

function copy(from: string, to: string): Promise<boolean> {
  return copyFile(from, to).then(
    () => true,
    () => false,
  );
}

function tell(folder: string, files: readonly BundledFile[]): void {
  const kilobytes = Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / 1024);
  console.log(`${folder}: ${files.length} files, ${kilobytes} KB`);
}
