import { readFileSync } from "node:fs";
import type { Config, Group } from "../shared/domain/group.ts";
import { adviseSettings, type SiteBlips } from "./advise-settings.ts";
import { type Answer, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";
import { fetchStatus } from "./fetch-status.ts";
import { readConfigured } from "./read-policy.ts";
import { renderAdvice } from "./render-advice.ts";
import { parseStatus, type StatusAnswer } from "./status-answer.ts";

const TAKES = "GROUP [--config FILE] [--from FILE] [--json]";
const USAGE = `advise ${TAKES}\n`;

/** `advise`: settings of looks and graces that fit what has healed by itself, with the reasons. */
export const advise: Command = {
  words: "advise",
  takes: TAKES,
  says: "grace and probe settings that fit the blips that were seen, with the reason",
  options: { config: { type: "string" }, from: { type: "string" }, json: { type: "boolean" } },
  operands: 1,
  run: async (given: Given): Promise<Answer> => {
    const { options, env } = given;
    const found = readConfigured(given);
    if (found.kind === "refused") return misused(`advise: ${found.because}`, USAGE);
    const told =
      typeof options.from === "string"
        ? readStatusFile(options.from)
        : await askSites(found.config, found.group, env);
    return answerOf(found.group, told, options.json === true);
  },
};

interface Told {
  readonly statuses: readonly StatusAnswer[];
  readonly faults: readonly string[];
}

async function askSites({ sites }: Config, group: Group, env: Given["env"]): Promise<Told> {
  const told = await fetchStatus(sites, group.name, { env, live: false });
  return {
    statuses: told.flatMap((one) => (one.kind === "read" ? [one.status] : [])),
    faults: told.flatMap((one) => (one.kind === "refused" ? [`${one.site}: ${one.because}`] : [])),
  };
}

/** Statuses that somebody saved: one, or one on each line. */
function readStatusFile(path: string): Told {
  let text: string;
  try {
    text = readFileSync(path === "-" ? 0 : path, "utf8");
  } catch {
    return { statuses: [], faults: [`${path}: no such file`] };
  }
  const whole = parseStatus(text);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const read = whole.kind === "read" || lines.length < 2 ? [whole] : lines.map(parseStatus);
  return {
    statuses: read.flatMap((one) => (one.kind === "read" ? [one.status] : [])),
    faults: read.flatMap((one) => (one.kind === "refused" ? [`${path}: ${one.because}`] : [])),
  };
}

function answerOf(group: Group, { statuses, faults }: Told, json: boolean): Answer {
  const stderr = faults.map((fault) => `${fault}\n`).join("");
  if (statuses.length === 0) return { exitCode: 1, stdout: "", stderr };
  const sites = statuses.flatMap((status) => blipsOf(status, group.name));
  const now = Math.max(0, ...statuses.map(({ at }) => at));
  const proposals = adviseSettings(group.policy, sites, now);
  const unknown = proposals.some(({ proposedMs }) => proposedMs === null);
  return {
    exitCode: unknown ? 3 : 0,
    stdout: json
      ? `${JSON.stringify({ group: group.name, proposals })}\n`
      : renderAdvice(group.name, proposals, sites, now),
    stderr,
  };
}

function blipsOf({ site, groups }: StatusAnswer, name: string): readonly SiteBlips[] {
  return groups.flatMap(({ group, blips }) =>
    group === name && blips.kind === "read" ? [{ site, blips: blips.value }] : [],
  );
}
