import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as z from "zod";
import { parseJson } from "./json.ts";
import type { LogEntry } from "./target.ts";

const Line = z.looseObject({ t: z.string(), pid: z.number(), ev: z.string() });

export interface AppLog {
  /** The file the app writes to. */
  readonly file: string;
  entries(): readonly LogEntry[];
  remove(): void;
}

/** A log file of its own for one app. */
export function openLog(): AppLog {
  const folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
  const file = path.join(folder, "app.log");
  return {
    file,
    entries: () =>
      existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(entryOf) : [],
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function entryOf(line: string): readonly LogEntry[] {
  if (line === "") return [];
  const { t, ...entry } = Line.parse(parseJson(line));
  return [{ ...entry, atMs: Date.parse(t) }];
}
