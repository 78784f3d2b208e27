import { readFileSync } from "node:fs";
import { ConfigError } from "../shared/config/config-error.ts";
import { parseFile } from "../shared/config/parse-file.ts";
import { readYaml } from "../shared/config/yaml-source.ts";
import { readConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import { type Answer, done, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";

const USAGE = "config check FILE [--site NAME]";

/** `config check`: everything that is wrong with a configuration, or what it amounts to. */
export const checkConfig: Command = {
  words: "config check",
  takes: "FILE [--site NAME]",
  says: "everything that is wrong with a configuration, as file:line:column",
  options: { site: { type: "string" } },
  operands: 1,
  run: ({ operands: [path = ""], options, env }: Given): Answer => {
    const text = readText(path);
    if (text === null) return misused(`Cannot read the configuration: ${path}`, USAGE);
    const self = typeof options.site === "string" ? options.site : firstSite(text);
    try {
      return done(`${path} is sound: ${summaryOf(readConfig({ path, text, self, env }))}\n`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const count = error.problems.length;
      const total = count === 1 ? "1 problem" : `${count} problems`;
      return { exitCode: 1, stdout: `${error.message}\n${total}\n`, stderr: "" };
    }
  },
};

function readText(path: string): string | null {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return null;
  }
}

/** A file is checked as one of its sites; whose turn it is makes no difference to the others. */
function firstSite(text: string): string {
  const yaml = readYaml(text);
  if (yaml.kind === "refused") return "";
  return parseFile(yaml.source.value).parts.sites?.[0]?.name ?? "";
}

function summaryOf({ sites, groups }: Config): string {
  const modes = groups.map(({ name, policy }) => `${name} (${policy.mode})`).join(", ");
  return `${sites.length} sites; ${modes}`;
}
