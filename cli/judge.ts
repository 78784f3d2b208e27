import { readFileSync } from "node:fs";
import type { IncidentFile } from "../judge/incident-file.ts";
import type { JudgeOptions } from "../judge/judge-incident-file.ts";
import { type Problem, parseIncidentFiles } from "../judge/parse-incident-files.ts";
import { readSettings } from "../judge/read-settings.ts";
import { type Aside, showProgress } from "../shared/text/show-progress.ts";
import { type Answer, misused } from "./answer.ts";
import type { Command, Given } from "./command.ts";
import { renderJudgement, renderLine, renderMalformed } from "./render-judgement.ts";

const USAGE = "judge FILE [--config policy.yaml] [--json] [--only ID]";

/** `judge`: lets every incident of a file happen to the whole app, and says what it did. */
export const judge: Command = {
  words: "judge",
  takes: "FILE [--config policy.yaml] [--json] [--only ID]",
  says: "what the app does about incidents written down as signals over time",
  options: { config: { type: "string" }, json: { type: "boolean" }, only: { type: "string" } },
  operands: 1,
  run: async ({ operands: [path = ""], options, env, terminal }: Given): Promise<Answer> => {
    const text = readText(path);
    if (text === null) return misused(`Cannot read the incident files: ${path}`, USAGE);
    const settings = readConfigured(options.config, env);
    if (typeof settings === "string") return misused(settings, USAGE);
    const { incidentFiles, problems } = parseIncidentFiles(text, path);
    const wanted = incidentFiles.filter(
      ({ id }) => options.only === undefined || id === options.only,
    );
    const concerned = problems.filter(
      ({ id }) => options.only === undefined || id === null || id === options.only,
    );
    if (wanted.length === 0 && concerned.length === 0 && options.only !== undefined) {
      return misused(
        `Cannot judge ${options.only}: no incident file of ${path} has this id`,
        USAGE,
      );
    }
    const json = options.json === true;
    return judgeAll(wanted, concerned, settings, { json, aside: json ? null : terminal.aside });
  },
};

async function judgeAll(
  incidentFiles: readonly IncidentFile[],
  problems: readonly Problem[],
  options: JudgeOptions,
  { json, aside }: { readonly json: boolean; readonly aside: Aside | null },
): Promise<Answer> {
  // The app and a host to run it on take a while to load: the other commands need neither.
  const { judgeMany } = await import("../judge/judge-many.ts");
  const progress = showProgress(aside, {
    things: "incident files",
    total: incidentFiles.length,
    now: () => performance.now(),
  });
  const results = await judgeMany(incidentFiles, options, progress.step).finally(progress.clear);
  const malformed = new Set(problems.map(({ id }) => id));
  const failed = results.filter(({ ok }) => ok === false).length + malformed.size;
  const passed = results.filter(({ ok }) => ok === true).length;
  const lines = json
    ? [...results.map(renderLine), ...[...malformed].map((id) => renderMalformed(id, problems))]
    : renderJudgement(results);
  return {
    exitCode: malformed.size > 0 ? 2 : failed > 0 ? 1 : 0,
    stdout: [...lines, `${passed} passed, ${failed} failed`, ""].join("\n"),
    stderr: problems.map(({ path, message, id }) => sayProblem(path, id, message)).join(""),
  };
}

function sayProblem(path: string, id: string | null, message: string): string {
  const whose = id === null ? "the incident files" : `incident file ${id}`;
  return `Cannot judge ${whose}: ${path}: ${message}\n`;
}

/** The settings to judge by, or why there are none. */
function readConfigured(
  path: string | boolean | undefined,
  env: Given["env"],
): JudgeOptions | string {
  if (typeof path !== "string") return {};
  const text = readText(path);
  if (text === null) return `Cannot read the configuration: ${path}`;
  const read = readSettings({ path, text, env });
  return read.kind === "refused" ? read.message : { settings: read.settings };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
