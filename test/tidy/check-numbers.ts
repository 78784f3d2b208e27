import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

/** Where numbers and instants of the outside come in as texts. */
const EDGES = /^(?:shared\/(?:azure|alerts|config)|functions\/(?:http|triggers|seeing))\//;
/** Reads no other spelling than our own. */
const OWN = "shared/azure/table-store/row-names.ts";

/** Each makes NaN of what is no number, and every comparison with NaN is false, whichever way it was meant. */
const MAKES_NAN = /\b(?:(?:Number\.)?parse(?:Int|Float)|Number|Date\.parse|z\.coerce\.\w+)\(/g;

/** Numbers of the outside that come in by another door than `instantIn`, `wholeIn` and the schemas, which know no NaN. */
export function checkNumbers(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => EDGES.test(path) && path !== OWN)
    .flatMap(({ path, code }) =>
      [...code.matchAll(MAKES_NAN)].map(
        ({ index }) =>
          `${path}:${lineAt(code, index)} may make NaN of a text: use instantIn() or wholeIn()`,
      ),
    );
}
