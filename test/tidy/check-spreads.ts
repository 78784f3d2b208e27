import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** Where lists of the outside come in, as long as somebody made them. */
const EDGES = /^(shared\/(azure|alerts|config)|functions\/http|cli\/check\/azure)\//;

/** Each entry becomes an argument, and a hundred thousand arguments are a stack overflow. */
const SPREAD =
  /(?:\.(?:push|unshift|splice)|Math\.(?:max|min)|String\.fromCharCode)\(\s*[^()]*\.\.\./g;

/** Lists that are spread into arguments where they come from outside. */
export function checkSpreads(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => EDGES.test(path))
    .flatMap(({ path, code }) =>
      [...code.matchAll(SPREAD)].map(
        ({ index }) =>
          `${path}:${lineAt(code, index)} spreads a list of the outside into arguments`,
      ),
    );
}
