import { dirname, join } from "node:path/posix";
import type { SourceFile } from "./source-file.ts";

export interface Import {
  /** A path from the top of the project, or the name of a package or builtin module. */
  readonly target: string;
  readonly kind: "ours" | "package" | "computed";
  /** `import type`: gone at run time. */
  readonly typeOnly: boolean;
}

const STATIC = /\bfrom\s*(["'])(\s*)\1|\bimport\s*(["'])(\s*)\3/g;
const CALLED = /\b(?:import|require|require\.resolve)\s*\(\s*(?:(["'`])(\s*)\1\s*[,)])?/g;

/** Everything a file imports: static, dynamic, required, re-exported, for its types. */
export function importsOf(file: SourceFile): readonly Import[] {
  const { path, text, code } = file;
  const found: Import[] = [];
  for (const match of code.matchAll(STATIC)) {
    const end = match.index + match[0].length - 1;
    const length = (match[2] ?? match[4] ?? "").length;
    const before = code.slice(0, end);
    const keyword = Math.max(before.lastIndexOf("import"), before.lastIndexOf("export"));
    const typeOnly = /^(?:import|export)\s+type\b/.test(before.slice(keyword));
    found.push(named(path, text.slice(end - length, end), typeOnly));
  }
  for (const match of code.matchAll(CALLED)) {
    if (match[1] === undefined) {
      found.push({ target: "(computed)", kind: "computed", typeOnly: false });
      continue;
    }
    const start = match.index + match[0].indexOf(match[1]) + 1;
    found.push(named(path, text.slice(start, start + (match[2] ?? "").length), false));
  }
  return found;
}

function named(from: string, specifier: string, typeOnly: boolean): Import {
  if (specifier.startsWith(".")) {
    return { target: join(dirname(from), specifier), kind: "ours", typeOnly };
  }
  return { target: specifier, kind: "package", typeOnly };
}

/** `@azure/arm-sql` of `@azure/arm-sql/models`; builtin modules as `node:fs`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
