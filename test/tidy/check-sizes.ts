import { type Breach, lineAt, type SourceFile } from "./source-file.ts";

const FILE_LINES = 400;
const FUNCTION_LINES = 70;

/** Files of TypeScript too long to keep in the head. */
export function checkFileSizes(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => path.endsWith(".ts"))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > FILE_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines; ${FILE_LINES} are allowed`);
}

/** Functions too long to keep in the head. Tests are lists of cases, and may be long. */
export function checkFunctionSizes(files: readonly SourceFile[]): readonly Breach[] {
  return files
    .filter(({ path }) => path.endsWith(".ts") && !/^(test|packages\/[^/]+\/test)\//.test(path))
    .flatMap(({ path, code }) =>
      blocksOf(code)
        .filter(({ lines, opensAt }) => lines > FUNCTION_LINES && isFunctionBody(code, opensAt))
        .map(
          ({ lines, opensAt }) =>
            `${path}:${lineAt(code, opensAt)} has a function of ${lines} lines; ${FUNCTION_LINES} are allowed`,
        ),
    );
}

interface Block {
  readonly opensAt: number;
  readonly lines: number;
}

function blocksOf(code: string): readonly Block[] {
  const open: number[] = [];
  const blocks: Block[] = [];
  for (const { 0: brace, index } of code.matchAll(/[{}]/g)) {
    if (brace === "{") open.push(index);
    else {
      const opensAt = open.pop() ?? index;
      blocks.push({ opensAt, lines: code.slice(opensAt, index).split("\n").length });
    }
  }
  return blocks;
}

/** Told from what stands before the brace: an arrow, a parameter list, or a return type. */
function isFunctionBody(code: string, opensAt: number): boolean {
  const before = code.slice(0, opensAt).trimEnd();
  if (before.endsWith("=>")) return true;
  if (/(^|[=([{},:;?&|])$/.test(before)) return before.endsWith("}") && endsInType(before);
  if (/\b(class|interface|enum|namespace|module)\b[^{};()]*$/.test(before)) return false;
  if (/\b(else|do|try|finally|static|return)$/.test(before)) return false;
  if (!before.endsWith(")")) return true;
  const head = before.slice(0, openerOf(before, before.length - 1)).trimEnd();
  return !/\b(if|for|while|switch|catch|with|for\s+await)$/.test(head);
}

/** `): { kind: "x" } {`: the brace before is that of a return type. */
function endsInType(before: string): boolean {
  return /\)\s*:\s*$/.test(before.slice(0, openerOf(before, before.length - 1)));
}

function openerOf(code: string, closer: number): number {
  let depth = 0;
  for (let i = closer; i >= 0; i--) {
    if (/[)}\]]/.test(code[i] ?? "")) depth++;
    if (/[({[]/.test(code[i] ?? "")) depth--;
    if (depth === 0) return i;
  }
  return 0;
}
