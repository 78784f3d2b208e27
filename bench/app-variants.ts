import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { BUNDLING, buildApp } from "../cli/build-app.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What an app of one piece would load at every start. */
const SDKS = [
  "@azure/arm-resourcehealth",
  "@azure/arm-sql",
  "@azure/data-tables",
  "@azure/identity",
  "@azure/keyvault-keys",
  "@azure/monitor-query",
  "tedious",
];

/** The same app, put together in three ways. */
export interface Variant {
  readonly name: "bundled" | "unbundled" | "eager";
  readonly folder: string;
  /** The file to load, in that folder. */
  readonly entry: string;
}

/** Builds all three under `folder`, which must lie in the project so that packages are found. */
export async function buildVariants(folder: string): Promise<readonly Variant[]> {
  await rm(folder, { recursive: true, force: true });
  const variants: readonly Variant[] = [
    { name: "bundled", folder: join(folder, "bundled"), entry: "main.mjs" },
    { name: "unbundled", folder: join(folder, "unbundled"), entry: "functions/main.mjs" },
    { name: "eager", folder: join(folder, "eager"), entry: "main.mjs" },
  ];
  for (const variant of variants) await BUILD[variant.name](variant);
  return variants;
}

const BUILD: Readonly<Record<Variant["name"], (variant: Variant) => Promise<unknown>>> = {
  bundled: (variant) => buildApp(variant.folder),
  unbundled: async (variant) => {
    await buildUnbundled(variant.folder);
    await describeApp(variant);
  },
  eager: async (variant) => {
    await buildEager(variant.folder);
    await describeApp(variant);
  },
};

/** What a host has to find beside the code. */
async function describeApp({ folder, entry }: Variant): Promise<void> {
  await copyFile(join(ROOT, "host.json"), join(folder, "host.json"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: entry }));
}

/** Every file of ours as one file of JavaScript; packages stay where npm put them. */
async function buildUnbundled(folder: string): Promise<void> {
  await build({
    ...BUNDLING,
    entryPoints: ["functions/**/*.ts", "orchestrations/**/*.ts", "shared/**/*.ts"],
    outbase: ROOT,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    plugins: [nothingBundled],
  });
}

const nothingBundled: Plugin = {
  name: "nothing-bundled",
  setup: ({ onResolve }) => {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "entry-point" ? null : { path: path.replace(/\.ts$/, ".mjs"), external: true },
    );
  },
};

/** One file, with every SDK evaluated before anything of ours. */
async function buildEager(folder: string): Promise<void> {
  const imports = [...SDKS, "./functions/main.ts"].map((name) => `import ${JSON.stringify(name)};`);
  await build({
    ...BUNDLING,
    stdin: { contents: imports.join("\n"), resolveDir: ROOT, sourcefile: "eager.ts" },
    outfile: join(folder, "main.mjs"),
    // Packages that call themselves free of side effects would be left out again.
    ignoreAnnotations: true,
  });
}
