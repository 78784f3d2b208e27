import type { DatabaseState, LookResult, SqlAnswer, SqlLook } from "../../domain/observation.ts";
import { type Meaning, meaningOfNetwork, meaningOfSql } from "./classify-sql.ts";

export interface LookContext {
  readonly referenceReached: "ok" | "failed" | "not-configured";
  /** Our own process stood still or its clock jumped while the look ran. */
  readonly stoodStill: boolean;
  /** Name of the canary's database, for telling which one is lost. */
  readonly canaryDatabase?: string;
}

export interface JudgedLook {
  readonly result: LookResult;
  readonly code: string;
  readonly failedDatabases: string[];
  readonly latencyMs: number | null;
}

/** Login worked and the write did not end: the signs of a gray failure. */
export const GRAY_CODES: readonly string[] = ["write-timed-out", "write-cut"];

/** Says which of the five results one look has. */
export function judgeLook(look: SqlLook, context: LookContext): JudgedLook {
  if (context.stoodStill) return judged("blind", "stood-still");
  const judgement = judgeSteps(look, context.canaryDatabase ?? "canary");
  if (judgement.result === "no-answer" && context.referenceReached === "failed") {
    return judged("blind", "reference-failed");
  }
  return judgement;
}

function judgeSteps(look: SqlLook, canary: string): JudgedLook {
  if (look.login.kind !== "ok") {
    return judgeRefusal(look, readAnswer(look.login, "login"), canary);
  }
  const failedDatabases = lostOf(look);
  const { write } = look;
  switch (write.kind) {
    case "ok": {
      const latencyMs = look.login.latencyMs + write.latencyMs;
      return { result: "writes", code: "ok", failedDatabases, latencyMs };
    }
    case "not-asked":
      // Without a canary a login is all there is: it proves life, never that writes work.
      return {
        result: "alive",
        code: "no-canary",
        failedDatabases,
        latencyMs: look.login.latencyMs,
      };
    case "timeout":
      return { ...judged("not-serving", "write-timed-out"), failedDatabases };
    case "unreachable":
      // The login worked, so a write that was cut is a server that dropped us, not a silent one.
      return { ...judged("not-serving", "write-cut"), failedDatabases };
    case "error":
    case "no-name":
    case "no-token":
      return judgeRefusal(look, readAnswer(write, "write"), canary);
    default:
      return write satisfies never;
  }
}

function judgeRefusal(look: SqlLook, refusal: Answer, canary: string): JudgedLook {
  const failedDatabases = lostOf(look);
  const ofDatabase = refusal.means === "not-serving" || refusal.means === "database-refused";
  // Is this database alone in trouble, or does the whole instance not serve?
  if (ofDatabase && speaks(look.master)) {
    const failed = failedDatabases.length > 0 ? failedDatabases : [canary];
    return { ...judged("alive", refusal.code), failedDatabases: failed };
  }
  return { ...judged(resultOf(refusal.means), refusal.code), failedDatabases };
}

function speaks(master: SqlAnswer): boolean {
  if (master.kind === "ok") return true;
  return master.kind === "error" && resultOf(meaningOfSql(master.number)) === "alive";
}

interface Answer {
  readonly means: Meaning;
  readonly code: string;
}

function readAnswer(answer: SqlAnswer, step: "login" | "write"): Answer {
  switch (answer.kind) {
    case "ok":
      return { means: "alive", code: "ok" };
    case "error":
      return { means: meaningOfSql(answer.number), code: String(answer.number ?? answer.code) };
    case "timeout":
      return { means: "no-answer", code: `${answer.phase}-timed-out` };
    case "unreachable":
      return { means: meaningOfNetwork(answer.code), code: answer.said };
    case "no-name":
    case "no-token":
      return { means: "blind", code: answer.kind };
    case "not-asked":
      return { means: "blind", code: `${step}-not-asked` };
    default:
      return answer satisfies never;
  }
}

function resultOf(means: Meaning): LookResult {
  return means === "refused-write" || means === "database-refused" ? "alive" : means;
}

function lostOf(look: SqlLook): string[] {
  const databases = look.databases ?? [];
  return databases.filter(({ state }) => isLost(state)).map(({ name }) => name);
}

/** What is being restored or copied is somebody's work in progress. */
function isLost(state: DatabaseState["state"]): boolean {
  switch (state) {
    case "online":
    case "restoring":
    case "copying":
      return false;
    case "other":
      return true;
    default:
      return state satisfies never;
  }
}

function judged(result: LookResult, code: string): JudgedLook {
  return { result, code, failedDatabases: [], latencyMs: null };
}
