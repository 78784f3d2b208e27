// npm run build

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { buildApp } from "./build-app.ts";

const FOLDER = "dist/app";
const CONFIG = "geo-failover.yaml";

const files = await buildApp(FOLDER);
const kilobytes = Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / 1024);
console.log(`${FOLDER}: ${files.length} files, ${kilobytes} KB`);
const configured = await copyFile(CONFIG, join(FOLDER, CONFIG)).then(
  () => true,
  () => false,
);
if (!configured) console.log(`No ${CONFIG} here: put yours beside ${FOLDER}/host.json`);
