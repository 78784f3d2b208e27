import { ConfigError } from "../shared/config/config-error.ts";
import { parseFile } from "../shared/config/parse-file.ts";
import type { Environment } from "../shared/config/secret.ts";
import { Settings } from "../shared/config/settings.ts";
import { readYaml } from "../shared/config/yaml-source.ts";
import { readConfig } from "../shared/config.ts";

export type SettingsReading =
  | { readonly kind: "read"; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly kind: "refused"; readonly message: string };

/**
 * The settings that a file writes: a whole configuration, of which the first group counts, or a
 * policy alone, which holds what stands under `defaults` there.
 */
export function readSettings(input: {
  readonly path: string;
  readonly text: string;
  readonly env: Environment;
}): SettingsReading {
  const { path, text, env } = input;
  const yaml = readYaml(text);
  if (yaml.kind === "refused") return refused(new ConfigError(path, yaml.problems).message);
  const root = record(yaml.source.value);
  if (root === null) return refused(`${path} holds no settings`);
  if (!("groups" in root)) return readPolicy(path, root);
  try {
    const self = parseFile(root).parts.sites?.[0]?.name ?? "";
    readConfig({ path, text, self, env });
  } catch (error) {
    if (error instanceof ConfigError) return refused(error.message);
    throw error;
  }
  const [group] = Array.isArray(root.groups) ? root.groups : [];
  return {
    kind: "read",
    settings: { ...record(root.defaults), ...onlySettings(record(group) ?? {}) },
  };
}

function readPolicy(path: string, root: Readonly<Record<string, unknown>>): SettingsReading {
  const written = "defaults" in root ? record(root.defaults) : root;
  const parsed = Settings.safeParse(written);
  if (parsed.success) return { kind: "read", settings: written ?? {} };
  const [issue] = parsed.error.issues;
  return refused(`${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is no policy"}`);
}

/** What of a group's entry is a setting, and not a name or an address. */
function onlySettings(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => key in Settings.shape));
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function refused(message: string): SettingsReading {
  return { kind: "refused", message };
}
