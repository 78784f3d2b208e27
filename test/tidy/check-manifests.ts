import type { Breach, SourceFile } from "./source-file.ts";

const MANIFEST = /^packages\/[^/]+\/package\.json$/;
const LISTS = ["dependencies", "devDependencies"];

/**
 * Packages that a workspace wants at another version than the project does. There would be two copies, and the
 * local host would put itself under the one that the app does not use.
 */
export function checkManifests(files: readonly SourceFile[]): readonly Breach[] {
  const top = versionsIn(files.find(({ path }) => path === "package.json")?.text ?? "{}");
  return files
    .filter(({ path }) => MANIFEST.test(path))
    .flatMap(({ path, text }) =>
      [...versionsIn(text)]
        .filter(([name, version]) => (top.get(name) ?? version) !== version)
        .map(([name, version]) => `${path} wants ${name} ${version}, not ${top.get(name)}`),
    );
}

function versionsIn(text: string): ReadonlyMap<string, string> {
  const manifest: Record<string, Record<string, string>> = JSON.parse(text);
  return new Map(LISTS.flatMap((list) => Object.entries(manifest[list] ?? {})));
}
