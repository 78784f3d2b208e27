import { readFileSync } from "node:fs";
import path from "node:path";
import { type Json, parseJson } from "./json.ts";

export type AppName =
  | "main"
  | "override"
  | "perf"
  | "recovery"
  | "crash"
  | "timeout"
  | "stream"
  | "timers"
  | "names"
  | "same-name"
  | "case-twins"
  | "entry-throws"
  | "esm"
  | "guard";

/** The folder of one of our small apps. */
export function folderOf(app: AppName): string {
  return new URL(`./apps/${app}/`, import.meta.url).pathname;
}

export function hostJsonOf(app: AppName): Json {
  return parseJson(readFileSync(path.join(folderOf(app), "host.json"), "utf8"));
}

/** The address the real host had: so it stands in the recorded texts. */
export const ADDRESS = "127.0.0.1:7171";
