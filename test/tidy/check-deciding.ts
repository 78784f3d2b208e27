import { importsOf } from "./imports-of.ts";
import type { Breach, SourceFile } from "./source-file.ts";

/** The triggers that decide: through `look-and-decide`, and in no other way. */
const MAY_DECIDE = ["tick", "failover", "failback", "status"];

/** What decides: the door, the tables, and the check. Evidence is read by whoever looks; it weighs nothing up. */
const DECIDES = /^shared\/policy\/(decide\.ts$|rules\/|guards\/|second-opinion\/)/;

/**
 * Triggers that reach the policy though they must not, with the way there. Types do not count: they
 * are gone at run time.
 */
export function checkDeciding(files: readonly SourceFile[]): readonly Breach[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const register = byPath.get("functions/register.ts");
  const triggers = register === undefined ? [] : runTimeImports(register);
  return triggers
    .filter((path) => path.startsWith("functions/triggers/"))
    .filter((path) => !MAY_DECIDE.some((name) => path === `functions/triggers/${name}.ts`))
    .flatMap((path) => {
      const way = wayToPolicy(byPath, [path], new Set());
      return way === null ? [] : [`${path} reaches the policy: ${way.join(" > ")}`];
    });
}

function wayToPolicy(
  files: ReadonlyMap<string, SourceFile>,
  way: readonly string[],
  seen: Set<string>,
): readonly string[] | null {
  const here = way.at(-1) ?? "";
  if (DECIDES.test(here)) return way;
  const file = files.get(here);
  if (file === undefined || seen.has(here)) return null;
  seen.add(here);
  for (const next of runTimeImports(file)) {
    const found = wayToPolicy(files, [...way, next], seen);
    if (found !== null) return found;
  }
  return null;
}

function runTimeImports(file: SourceFile): readonly string[] {
  return importsOf(file)
    .filter((seen) => seen.kind === "ours" && !seen.typeOnly)
    .map((seen) => seen.target);
}
