import type { LookResult, SqlAnswer, SqlLook } from "../../domain/observation.ts";
import {
  type Meaning,
  meaningOfNetwork,
  meaningOfSql,
  NETWORK_ROWS,
  SQL_ROWS,
} from "./classify-sql.ts";

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

/** The codes of looks that met failing storage. */
export const STORAGE_CODES: readonly string[] = SQL_ROWS.filter(
  ({ means }) => means === "storage-failed",
).map(({ code }) => code);

/** The code of a login that works where no canary is configured. */
export const NO_CANARY = "no-canary";

/** Login worked and the write did not end, or fell into failing storage: the signs of a gray failure. */
export const GRAY_CODES: readonly string[] = ["write-timed-out", "write-cut", ...STORAGE_CODES];

/** Every code that a look may vote down by. */
const CONVICTING: ReadonlySet<string> = new Set([
  ...[...SQL_ROWS, ...NETWORK_ROWS]
    .filter(({ means }) => ["no-answer", "not-serving", "storage-failed"].includes(means))
    .map(({ code }) => code),
  ...["connect-timed-out", "login-timed-out", "query-timed-out", "write-timed-out", "write-cut"],
  ...["redirect-timed-out", "redirect-refused"],
]);

/** A result that somebody else has told, as it counts here: a vote down by a code that nobody knows is blindness. */
export function trustedResult(result: LookResult, code: string): LookResult {
  const votesDown = result === "no-answer" || result === "not-serving";
  return votesDown && !CONVICTING.has(code) ? "blind" : result;
}

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
    return judgeRefusal(look, readAnswer(look.login), canary);
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
        code: NO_CANARY,
        failedDatabases,
        latencyMs: look.login.latencyMs,
      };
    case "timeout":
      return { ...judged("not-serving", "write-timed-out"), failedDatabases };
    case "unreachable":
      // The login worked, so a write that was cut is a server that dropped us, not a silent one.
      if (meaningOfNetwork(write.code) === "no-answer") {
        return { ...judged("not-serving", "write-cut"), failedDatabases };
      }
      return judgeRefusal(look, readAnswer(write), canary);
    case "error":
      // Nor is a server silent that was let in by name, and then told us that its own way was cut.
      if (meaningOfSql(write.number) === "no-answer") {
        return { ...judged("not-serving", "write-cut"), failedDatabases };
      }
      return judgeRefusal(look, readAnswer(write), canary);
    case "lost-redirect":
    case "no-name":
    case "no-token":
      return judgeRefusal(look, readAnswer(write), canary);
    default:
      return write satisfies never;
  }
}

function judgeRefusal(look: SqlLook, refusal: Answer, canary: string): JudgedLook {
  const failedDatabases = lostOf(look);
  // Is this database alone in trouble, or does the whole instance not serve?
  if (isOfDatabase(refusal.means) && othersServe(look, refusal.means, canary)) {
    const failed = failedDatabases.length > 0 ? failedDatabases : [canary];
    return { ...judged("alive", refusal.code), failedDatabases: failed };
  }
  return { ...judged(resultOf(refusal.means), refusal.code), failedDatabases };
}

function isOfDatabase(means: Meaning): boolean {
  return means === "not-serving" || means === "storage-failed" || means === "database-refused";
}

function othersServe({ master, databases }: SqlLook, means: Meaning, canary: string): boolean {
  if (resultOf(readAnswer(master).means) === "alive") return true;
  // Failing storage is of files: a database that is listed online beside it has files of its own.
  return (
    means === "storage-failed" &&
    databases?.some(({ name, state }) => state === "online" && name !== canary) === true
  );
}

interface Answer {
  readonly means: Meaning;
  readonly code: string;
}

function readAnswer(answer: SqlAnswer): Answer {
  switch (answer.kind) {
    case "ok":
      return { means: "alive", code: "ok" };
    case "error":
      return { means: meaningOfSql(answer.number), code: String(answer.number ?? answer.code) };
    case "timeout":
      return { means: "no-answer", code: `${answer.phase}-timed-out` };
    case "unreachable":
      return { means: meaningOfNetwork(answer.code), code: answer.said };
    case "lost-redirect":
      return { means: "not-serving", code: `redirect-${answer.how}` };
    case "no-name":
    case "no-token":
      return { means: "blind", code: answer.kind };
    case "not-asked":
      // A write that was not asked is judged before: only a login is left.
      return { means: "blind", code: "login-not-asked" };
    default:
      return answer satisfies never;
  }
}

function resultOf(means: Meaning): LookResult {
  switch (means) {
    case "refused-write":
    case "database-refused":
      return "alive";
    case "storage-failed":
      return "not-serving";
    default:
      return means;
  }
}

/** A row remembers twenty looks. */
const NAMES_MAX = 100;

/** What is being restored or copied is somebody's work in progress; a word that we do not know says nothing. */
function lostOf({ databases }: SqlLook): string[] {
  const lost = databases?.filter(({ state }) => state === "lost") ?? [];
  return lost.slice(0, NAMES_MAX).map(({ name }) => name);
}

function judged(result: LookResult, code: string): JudgedLook {
  return { result, code, failedDatabases: [], latencyMs: null };
}
