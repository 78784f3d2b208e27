import type { Config } from "../shared/domain/group.ts";
import { type Answer, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";
import { fetchStatus, type SiteStatus } from "./fetch-status.ts";
import { readConfigured } from "./read-policy.ts";
import { renderWhy } from "./render-why.ts";

const TAKES = "GROUP [--config FILE] [--site NAME] [--json]";
const USAGE = `why ${TAKES}\n`;

/** `why`: why a group has not failed over, or not gone home: what the rules say now and wait for. */
export const why: Command = {
  words: "why",
  takes: TAKES,
  says: "why a group has not failed over: what its sites decide now and what they wait for",
  options: { config: { type: "string" }, site: { type: "string" }, json: { type: "boolean" } },
  operands: 1,
  run: async (given: Given): Promise<Answer> => {
    const { options, env } = given;
    const found = readConfigured(given);
    if (found.kind === "refused") return misused(`why: ${found.because}`, USAGE);
    const sites = sitesAsked(found.config, options.site);
    if (sites.length === 0) return misused(`why: no site ${String(options.site)}`, USAGE);
    const told = await fetchStatus(sites, found.group.name, { env, live: true });
    return answerOf(told, options.json === true);
  },
};

function sitesAsked({ sites }: Config, named: string | boolean | undefined): Config["sites"] {
  return named === undefined ? sites : sites.filter(({ name }) => name === named);
}

function answerOf(told: readonly SiteStatus[], json: boolean): Answer {
  const silent = told.flatMap((one) =>
    one.kind === "refused" ? [`${one.site} could not be asked: ${one.because}\n`] : [],
  );
  const statuses = told.flatMap((one) => (one.kind === "read" ? [one.status] : []));
  return {
    exitCode: statuses.length === 0 ? 1 : silent.length > 0 ? 3 : 0,
    stdout: json
      ? statuses.map((status) => `${JSON.stringify(status)}\n`).join("")
      : statuses.map(renderWhy).join("\n"),
    stderr: silent.join(""),
  };
}
