// Finds the files a Functions app starts from: `main` of its package.json is a glob.

import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import * as z from "zod";

const PackageJson = z.object({ main: z.string().optional(), type: z.string().optional() });

export interface EntryFiles {
  files: readonly string[];
  /** Whether `.js` files of this app are modules. */
  modules: boolean;
}

/** Throws when the app names no entry, or none is there. */
export async function findEntryFiles(appFolder: string): Promise<EntryFiles> {
  const text = await readFile(join(appFolder, "package.json"), "utf8");
  const { main, type } = PackageJson.parse(JSON.parse(text));
  if (main === undefined)
    throw new Error(`Cannot find the entry: package.json has no main: ${appFolder}`);
  const all = await filesBelow(appFolder);
  const names = all.map((path) => relative(appFolder, path).split(sep).join("/")).sort();
  const found = new Set<string>();
  // Alternatives are tried in the order they are written.
  for (const pattern of expandBraces(main.replace(/^\.\//, ""))) {
    const matches = globPattern(pattern);
    for (const name of names) if (matches.test(name)) found.add(name);
  }
  if (found.size === 0) throw new Error(`Cannot find the entry: no file matches its main: ${main}`);
  return { files: [...found].map((name) => join(appFolder, name)), modules: type === "module" };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesBelow(path);
      return [path];
    }),
  );
  return lists.flat();
}

function expandBraces(pattern: string): string[] {
  const found = /\{([^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + found[0].length);
  return (found[1] ?? "").split(",").flatMap((one) => expandBraces(before + one + after));
}

function globPattern(pattern: string): RegExp {
  const text = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    switch (token) {
      case "**/":
        return "(?:.*/)?";
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      default:
        return `\\${token}`;
    }
  });
  return new RegExp(`^${text}$`);
}
