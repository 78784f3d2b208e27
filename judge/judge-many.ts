import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { IncidentFile } from "./incident-file.ts";
import { type JudgeOptions, type JudgeResult, judgeIncidentFile } from "./judge-incident-file.ts";

export interface ToJudge {
  readonly incidentFile: IncidentFile;
  readonly options: JudgeOptions;
}

export interface FromJudge {
  readonly result: JudgeResult;
}

/** Simulated time that takes about as long to judge as another process takes to start. */
const WORTH_A_PROCESS_MS = 4 * 60 * 60_000;

/** Judges incident files, on every core where that pays. Results come in the order of the incident files. */
export async function judgeMany(
  incidentFiles: readonly IncidentFile[],
  options: JudgeOptions,
  onJudged: () => void = () => undefined,
): Promise<readonly JudgeResult[]> {
  const totalMs = incidentFiles.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const processes = Math.min(availableParallelism(), Math.ceil(totalMs / WORTH_A_PROCESS_MS));
  // The longest first: none of them is then begun when the others have ended.
  const waiting = [...incidentFiles].sort((a, b) => b.durationMs - a.durationMs);
  const results = new Map<IncidentFile, JudgeResult>();
  const judgeAll = async (judge: (incidentFile: IncidentFile) => Promise<JudgeResult>) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.set(next, await judge(next));
      onJudged();
    }
  };
  const inProcess = async (): Promise<void> => {
    const child = startChild();
    await judgeAll((incidentFile) => askChild(child, { incidentFile, options })).finally(() =>
      child.kill(),
    );
  };
  await Promise.all([
    judgeAll(async (incidentFile) => (await judgeIncidentFile(incidentFile, options)).result),
    ...Array.from({ length: processes - 1 }, inProcess),
  ]);
  return incidentFiles.flatMap((incidentFile) => results.get(incidentFile) ?? []);
}

function startChild(): ChildProcess {
  const loader = createRequire(import.meta.url).resolve("tsx");
  return fork(fileURLToPath(new URL("./judge-child.ts", import.meta.url)), {
    execArgv: [...process.execArgv, "--import", pathToFileURL(loader).href],
    serialization: "advanced",
  });
}

function askChild(child: ChildProcess, order: ToJudge): Promise<JudgeResult> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => {
      const why = `its process ended with ${code}`;
      reject(new Error(`Cannot judge an incident file: ${why}: ${order.incidentFile.id}`));
    };
    child.once("exit", gone);
    child.once("message", ({ result }: FromJudge) => {
      child.off("exit", gone);
      resolve(result);
    });
    child.send(order);
  });
}
