import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What CommonJS inside an ES module expects to find. `require` is looked for under that name only. */
const BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  'import { dirname as __directoryOf } from "node:path";',
  "const require = __createRequire(import.meta.url);",
  "const __bundleFile = __fileURLToPath(import.meta.url);",
  "const __bundleFolder = __directoryOf(__bundleFile);",
].join("\n");

/** A file of the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly bytes: number;
  /** Files that are read whenever this one is. */
  readonly imports: readonly string[];
  /** Packages that have code in it. */
  readonly packages: readonly string[];
}

/**
 * Bundles the Functions app into `folder`, which is emptied first: modules split so that every SDK
 * is a file of its own, with all that a deployment needs beside them.
 */
export async function buildApp(folder: string): Promise<readonly BundledFile[]> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: "functions/main.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Handed out by the Functions worker; there is no such package.
    external: ["@azure/functions-core"],
    banner: { js: BANNER },
    // Under other names: some packages declare these two themselves.
    define: { __filename: "__bundleFile", __dirname: "__bundleFolder" },
    // Names stay: the places in a stack are what our log has of an error.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "linked",
    metafile: true,
    logLevel: "warning",
  });
  await mkdir(folder, { recursive: true });
  await copyFile(join(ROOT, "host.json"), join(folder, "host.json"));
  await writeFile(join(folder, "package.json"), await packageJson());
  return Object.entries(metafile.outputs).map(([path, { bytes, imports, inputs }]) => ({
    name: basename(path),
    bytes,
    imports: imports
      .filter(({ kind, external }) => kind === "import-statement" && external !== true)
      .map((one) => basename(one.path)),
    packages: [...new Set(Object.keys(inputs).flatMap(packageOf))],
  }));
}

function packageOf(input: string): readonly string[] {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
  return name === undefined ? [] : [name];
}

/** The bundle needs no packages: only how Node shall read it, and where it begins. */
async function packageJson(): Promise<string> {
  const { name, version, engines } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const text = { name, version, private: true, type: "module", main: "main.mjs", engines };
  return `${JSON.stringify(text, null, 2)}\n`;
}
