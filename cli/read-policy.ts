import { readFileSync } from "node:fs";
import { ConfigError } from "../shared/config/config-error.ts";
import { parseFile } from "../shared/config/parse-file.ts";
import { readYaml } from "../shared/config/yaml-source.ts";
import { readConfig } from "../shared/config.ts";
import type { Config, Group } from "../shared/domain/group.ts";
import { nearest } from "../shared/text/nearest.ts";
import type { Given } from "./command.ts";

export type ConfigReading =
  | { readonly kind: "read"; readonly config: Config }
  | { readonly kind: "refused"; readonly because: string };

/** Reads a configuration as its first site has it: what a group is decided by is the same at each. */
export function readConfigFile(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  read = readConfig,
): ConfigReading {
  const text = readText(path);
  if (text === null) return refused(`Cannot read the configuration: ${path}`);
  try {
    return { kind: "read", config: read({ path, text, self: firstSite(text), env }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refused(error.message);
  }
}

export type GroupReading =
  | { readonly kind: "read"; readonly group: Group }
  | { readonly kind: "refused"; readonly because: string };

/** The group of that name in a configuration, or the names that it might have been. */
export function findConfigured(config: Config, name: string): GroupReading {
  const group = config.groups.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (group !== undefined) return { kind: "read", group };
  const known = config.groups.map((each) => each.name);
  const meant = nearest(name, known);
  const hint = meant === null ? `configured are ${known.join(", ")}` : `did you mean ${meant}?`;
  return refused(`no group ${name} in the configuration: ${hint}`);
}

export type Configured =
  | { readonly kind: "read"; readonly config: Config; readonly group: Group }
  | { readonly kind: "refused"; readonly because: string };

/** The group that a command was given, in the configuration of `--config` or of the environment. */
export function readConfigured({ operands, options, env }: Given): Configured {
  const path = options.config ?? env.GEO_FAILOVER_CONFIG ?? "geo-failover.yaml";
  const read = readConfigFile(String(path), env);
  if (read.kind === "refused") return read;
  const found = findConfigured(read.config, operands[0] ?? "");
  return found.kind === "refused" ? found : { ...read, group: found.group };
}

function refused(because: string): { readonly kind: "refused"; readonly because: string } {
  return { kind: "refused", because };
}

/** The text of a file, or null where it cannot be read. What is no UTF-8 is refused later, with its place. */
export function readText(path: string): string | null {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return null;
  }
}

/** A file is read as one of its sites; whose turn it is makes no difference to the others. */
export function firstSite(text: string): string {
  const yaml = readYaml(text);
  if (yaml.kind === "refused") return "";
  return parseFile(yaml.source.value).parts.sites?.[0]?.name ?? "";
}
