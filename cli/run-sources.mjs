// `node cli/run-sources.mjs PROGRAM ARGUMENT…`: runs one of our programs from its sources as they are now. They are put
// into one file first: to load hundreds of them one by one, each through a loader, takes longer than most of what they
// do.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("../", import.meta.url);
// Inside `node_modules`, whatever is not ours is found as the sources find it.
const FOLDER = new URL("node_modules/.cache/geo-failover/", ROOT);

const OURS_ALONE = {
  name: "ours-alone",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.]/ }, ({ kind, path }) =>
      kind === "entry-point" || path.startsWith("functions-host") ? null : { path, external: true },
    );
    // Each source goes on knowing where it lies.
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const here = `const sourceUrl = ${JSON.stringify(pathToFileURL(path).href)};`;
      return { loader: "ts", contents: `${here}${await readFile(path, "utf8")}` };
    });
  },
};

const [program] = process.argv.splice(2, 1);
const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(ROOT),
  entryPoints: [program],
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  define: { "import.meta.url": "sourceUrl" },
  plugins: [OURS_ALONE],
  logLevel: "warning",
  write: false,
});
const file = new URL(`${program.replaceAll("/", "-")}.mjs`, FOLDER);
// Somebody else may be loading it just now: it is replaced whole.
const own = new URL(`${file.href}.${process.pid}`);
await mkdir(FOLDER, { recursive: true });
await writeFile(own, outputFiles[0].contents);
await rename(own, file);
await import(file.href);
