import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type ImportKind, type Metafile } from "esbuild";

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

/** How the app's code is put together, whatever the files. */
export const BUNDLING = {
  absWorkingDir: ROOT,
  bundle: true,
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
  logLevel: "warning",
} satisfies BuildOptions;

/** A file of the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly bytes: number;
  /** Files that are read whenever this one is. */
  readonly imports: readonly string[];
  /** Files that are read by what in it first needs them. */
  readonly later: readonly string[];
  /** Files of ours that have code in it. */
  readonly sources: readonly string[];
  /** Packages that have code in it. */
  readonly packages: readonly string[];
}

const MAIN = "functions/main.ts";

/**
 * Bundles the Functions app into `folder`, which is emptied first: modules split so that every SDK
 * is a file of its own, with all that a deployment needs beside them.
 */
export async function buildApp(folder: string): Promise<readonly BundledFile[]> {
  const files = await bundle(folder, { entryPoints: { main: MAIN } });
  await copyFile(join(ROOT, "host.json"), join(folder, "host.json"));
  await writeFile(join(folder, "package.json"), await packageJson());
  return files;
}

/**
 * Bundles the app for `npm start -- --bundle`: the same sources, put together in the same way, with an entry
 * beside `main` that takes its network and its clock from the simulator. What both are made of is in files
 * that they share. Never deployed.
 */
export function buildLocal(folder: string): Promise<readonly BundledFile[]> {
  return bundle(folder, {
    entryPoints: { main: MAIN, site: "simulator/site-app.ts" },
    // The local host puts itself under the copy that it finds installed, in place of a socket.
    external: [...BUNDLING.external, "axios"],
  });
}

async function bundle(
  folder: string,
  options: Pick<BuildOptions, "entryPoints" | "external">,
): Promise<readonly BundledFile[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    ...BUNDLING,
    ...options,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    metafile: true,
  });
  return Object.entries(metafile.outputs).map(([path, { bytes, imports, inputs }]) => ({
    name: basename(path),
    bytes,
    imports: named(imports, "import-statement"),
    later: named(imports, "dynamic-import"),
    sources: Object.keys(inputs).filter((input) => !input.includes("node_modules/")),
    packages: [...new Set(Object.keys(inputs).flatMap(packageOf))],
  }));
}

type Imports = Metafile["outputs"][string]["imports"];

function named(imports: Imports, wanted: ImportKind): readonly string[] {
  return imports
    .filter(({ kind, external }) => kind === wanted && external !== true)
    .map(({ path }) => basename(path));
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
