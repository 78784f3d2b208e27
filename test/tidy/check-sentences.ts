import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

const ROOMS = /^(shared|functions|orchestrations)\/.*\.ts$/;
const EXPORTED =
  /^export (?:async )?function\*? (\w+)|^export const (\w+)(?:: [^=]+)? = (?:async )?(?:function\b|(?:<[^>]*>)?\([^)]*\)(?:: [^=]+)? =>)/gm;

/** Exported functions without a sentence before them that says what they give. */
export function checkSentences(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => ROOMS.test(path))
    .flatMap(({ path, text, code }) =>
      [...code.matchAll(EXPORTED)]
        .filter(({ index }) => !text.slice(0, index).endsWith("*/\n"))
        .map(
          ({ index, 1: name, 2: constant }) =>
            `${path}:${lineAt(text, index)} ${name ?? constant} has no sentence`,
        ),
    );
}
