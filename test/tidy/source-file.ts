import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { maskSource } from "./mask-source.ts";

export interface SourceFile {
  /** From the top of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments, strings and regular expressions blanked, for TypeScript. */
  readonly code: string;
}

/** One breach of one rule, as a line a reader can act on. */
export type Breach = string;

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What tools make, and what belongs to one machine. */
const NOT_OURS = /^(\.git|node_modules|dist|coverage|\.stryker-tmp|local\.settings\.json)$|\.log$/;

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, code: path.endsWith(".ts") ? maskSource(text) : text };
}

/** Every file of the project that is kept. */
export function readTree(): readonly SourceFile[] {
  return pathsUnder("").map((path) => sourceFile(path, readFileSync(`${ROOT}${path}`, "utf8")));
}

function pathsUnder(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.test(entry.name))
    .flatMap((entry) => {
      const path = `${folder}${entry.name}`;
      return entry.isDirectory() ? pathsUnder(`${path}/`) : [path];
    })
    .sort();
}

/** The number of the line on which an offset lies. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
