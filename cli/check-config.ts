import { ConfigError } from "../shared/config/config-error.ts";
import { readDeployedConfig } from "../shared/config.ts";
import type { Config } from "../shared/domain/group.ts";
import { type Answer, done, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";
import { firstSite, readText } from "./read-policy.ts";

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
      return done(
        `${path} is sound: ${summaryOf(readDeployedConfig({ path, text, self, env }))}\n`,
      );
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const count = error.problems.length;
      const total = count === 1 ? "1 problem" : `${count} problems`;
      return { exitCode: 1, stdout: `${error.message}\n${total}\n`, stderr: "" };
    }
  },
};

function summaryOf({ sites, groups }: Config): string {
  const modes = groups.map(({ name, policy }) => `${name} (${policy.mode})`).join(", ");
  return `${sites.length} sites; ${modes}`;
}
