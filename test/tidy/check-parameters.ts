import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

const MOST = 4;
const ROOMS = /^(shared|functions|orchestrations|judge|demo|swarm|cli|simulator)\/.*\.ts$/;

/** A parameter as it is declared, so that the arguments of a call are told from it. */
const DECLARED =
  /^\s*(?:(?:private|public|readonly)\s+)*(?:\.{3})?(?:\w+\??\s*(?::|=(?![=>]))|[{[])/;
const TYPED = /^[^{[(]*\w\??\s*:/;

/** Functions with so many positional parameters that a reader has to count commas. */
export function checkParameters(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => ROOMS.test(path))
    .flatMap(({ path, code }) =>
      [...code.matchAll(/\(/g)]
        .map(({ index }) => ({ index, parts: partsFrom(code, index) }))
        .filter(({ parts }) => parts.length > MOST)
        .filter(({ parts }) => parts.every((part) => DECLARED.test(part)))
        .filter(({ parts }) => parts.some((part) => TYPED.test(part)))
        .map(({ index, parts }) => ({ index, parts, name: nameBefore(code, index) }))
        .map(
          ({ index, parts, name }) =>
            `${path}:${lineAt(code, index)} ${name} takes ${parts.length} parameters; ${MOST} are allowed`,
        ),
    );
}

/** What stands between the commas of a list that opens here. */
function partsFrom(code: string, opensAt: number): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = opensAt + 1;
  for (let at = opensAt; at < code.length; at++) {
    const char = code[at] ?? "";
    if ("([{<".includes(char)) depth++;
    if (")]}".includes(char) || (char === ">" && code[at - 1] !== "=")) depth--;
    if ((char === "," && depth === 1) || depth === 0) {
      parts.push(code.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) break;
  }
  return parts.filter((part) => part.trim() !== "");
}

function nameBefore(code: string, opensAt: number): string {
  return /(\w+)\s*(?:<[^()]*>)?$/.exec(code.slice(0, opensAt))?.[1] ?? "a function";
}
