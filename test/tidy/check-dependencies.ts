import type { Breach, SourceFile } from "./source-file.ts";

const PAGE = "docs/decisions/dependencies.md";
const ROW = /^\| `([^`]+)` \|/gm;

/** Dependencies of any package of ours that have no line in the page, and lines that no dependency has. */
export function checkDependencies(files: readonly SourceFile[]): readonly Breach[] {
  const page = files.find(({ path }) => path === PAGE)?.text ?? "";
  const listed = new Set([...page.matchAll(ROW)].map(([, name = ""]) => name));
  const manifests = files.filter(({ path }) => /^(packages\/[^/]+\/)?package\.json$/.test(path));
  // Packages of ours are no dependencies: they are in this repository.
  const ours = new Set(manifests.map(({ text }) => JSON.parse(text).name));
  const wanted = manifests.flatMap(({ path, text }) =>
    namesIn(text)
      .filter((name) => !ours.has(name))
      .map((name) => ({ path, name })),
  );
  const needed = new Set(wanted.map(({ name }) => name));
  return [
    ...wanted
      .filter(({ name }) => !listed.has(name))
      .map(({ path, name }) => `${path} needs ${name}, of which ${PAGE} says nothing`),
    ...[...listed]
      .filter((name) => !needed.has(name))
      .map((name) => `${PAGE} speaks of ${name}, which nothing needs`),
  ];
}

function namesIn(text: string): readonly string[] {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } =
    JSON.parse(text);
  return Object.keys({
    ...dependencies,
    ...devDependencies,
    ...peerDependencies,
    ...optionalDependencies,
  });
}
