import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** What the linter cannot see: it takes a bare `void` for an answer, and knows no timer of ours. */
const UNHEARD: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a bare void", /\bvoid\s+[\w$([]/g],
  [
    "an async function given to a timer or an emitter",
    /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|setTimer|on|once|addListener|addEventListener|createServer)\s*\((?:[^(),]*,)?\s*async\b/g,
  ],
];

/** Promises that nobody awaits and nobody hears fail, outside of the tests: `unawaited` catches and says. */
export function checkUnawaited(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => /\.ts$/.test(path) && !/(?:^|\/)test\/|\.test\.ts$/.test(path))
    .flatMap(({ path, code }) =>
      UNHEARD.flatMap(([what, pattern]) =>
        [...code.matchAll(pattern)].map(
          (match) => `${path}:${lineAt(code, match.index)} has ${what}: use unawaited()`,
        ),
      ),
    );
}
