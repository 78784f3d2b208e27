import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { readConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import type { Flags } from "./flags.ts";

/** The configuration where none is named. */
export const DEMO = new URL("./demo.yaml", import.meta.url);

/** Any configuration serves: the simulated world takes regions, groups and sites from it. */
export function readDemoConfig(
  path: string | null,
  mode: Flags["mode"],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const written = readFileSync(path ?? DEMO, "utf8");
  const text = mode === null ? written : withMode(written, mode);
  const name = path ?? "demo/demo.yaml";
  return readConfig({ path: name, text, self: firstSite(written), env });
}

function withMode(text: string, mode: string): string {
  const document = parseDocument(text);
  document.setIn(["defaults", "mode"], mode);
  const groups = document.toJS()?.groups;
  const count = Array.isArray(groups) ? groups.length : 0;
  for (let i = 0; i < count; i++) document.deleteIn(["groups", i, "mode"]);
  return document.toString();
}

/** Reading a configuration takes a site to read it as; a broken file is refused by the reader, with its line. */
function firstSite(text: string): string {
  const name: unknown = parseDocument(text).getIn(["sites", 0, "name"]);
  return typeof name === "string" ? name : "";
}
