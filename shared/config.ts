import { readFileSync } from "node:fs";
import { buildConfig } from "./config/build-config.ts";
import { checkChannel } from "./config/check-channel.ts";
import { checkFile } from "./config/check-file.ts";
import { type Complaint, complain, formatPath, valueAt } from "./config/complaint.ts";
import { ConfigError, type Problem } from "./config/config-error.ts";
import { type FileParts, parseFile } from "./config/parse-file.ts";
import { redact } from "./config/redact.ts";
import { type Environment, resolveWebhook } from "./config/secret.ts";
import { showValue } from "./config/show-value.ts";
import { readYaml, type YamlSource } from "./config/yaml-source.ts";
import type { Config } from "./domain/group.ts";

const FILE_DEFAULT = "geo-failover.yaml";

export interface ConfigSource {
  readonly path: string;
  readonly text: string;
  readonly self: string;
  readonly env: Environment;
}

/** Reads a configuration, or throws a `ConfigError` that lists everything wrong with it. */
export function readConfig(source: ConfigSource): Config {
  return read(source, () => []);
}

/** The same where it is meant for real sites: there it matters whether people can be reached. */
export function readDeployedConfig(source: ConfigSource): Config {
  return read(source, checkChannel);
}

function read(
  input: ConfigSource,
  checkFurther: (parts: FileParts) => readonly Complaint[],
): Config {
  const yaml = readYaml(input.text);
  if (yaml.kind === "refused") throw new ConfigError(input.path, yaml.problems);

  const { file, parts, complaints } = parseFile(yaml.source.value);
  const webhook = webhookOf(parts.webhook, input.env);
  const found = [
    ...complaints,
    ...checkFile(parts, input.self),
    ...checkFurther(parts),
    ...webhook.complaints,
  ];
  if (file === null || found.length > 0) {
    const secrets = webhook.url === null ? [] : [webhook.url];
    throw new ConfigError(input.path, problemsOf(found, yaml.source, secrets));
  }
  return buildConfig(file, { self: input.self, tickMs: parts.tickMs, webhook: webhook.url });
}

/** Reads the file that `GEO_FAILOVER_CONFIG` names, as the site that `GEO_FAILOVER_SITE` names. */
export function loadConfig(env: Environment): Config {
  const path = env.GEO_FAILOVER_CONFIG || FILE_DEFAULT;
  const self = env.GEO_FAILOVER_SITE ?? "";
  return readDeployedConfig({ path, text: readText(path), self, env });
}

function readText(path: string): string {
  try {
    // Bytes that are not UTF-8 become U+FFFD here, and are refused with their position.
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const message = `cannot be read: ${code}; write the file's path into GEO_FAILOVER_CONFIG`;
    throw new ConfigError(path, [{ line: 1, column: 1, path: "", because: "unreadable", message }]);
  }
}

function webhookOf(
  name: string | null,
  env: Environment,
): { readonly url: string | null; readonly complaints: readonly Complaint[] } {
  if (name === null) return { url: null, complaints: [] };
  const reading = resolveWebhook(name, env);
  if (reading.kind === "ok") return { url: reading.value, complaints: [] };
  const { because, what, write } = reading;
  return { url: null, complaints: [complain(["notify", "webhook"], because, what, write)] };
}

function problemsOf(
  complaints: readonly Complaint[],
  source: YamlSource,
  secrets: readonly string[],
): readonly Problem[] {
  const problems = complaints.map(({ path, on, because, what, write }) => {
    const value = on === "key" ? path.at(-1) : valueAt(source.value, path);
    const shown = value === undefined ? "" : `: ${showValue(on === "key" ? [] : path, value)}`;
    const message = redact(`${what}${shown}; write ${write}`, secrets);
    return { ...source.positionOf(path, on), path: formatPath(path), because, message };
  });
  // Several groups may share one fault of the defaults; it is one fault.
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()];
}
