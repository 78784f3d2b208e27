import type { SqlAnswer } from "../../domain/observation.ts";
import { azureWord } from "../presentable.ts";
import { cutBy } from "./network-code.ts";

export type Phase = "connect" | "login" | "query";

/** What tedious says of the network in codes of its own: its clocks have run out, or the connection was closed. */
export const CLIENT_CODES = ["ETIMEOUT", "ECLOSE"] as const;
const [RAN_OUT, CLOSED] = CLIENT_CODES;
/** tedious' words for what the server said without a number. */
const SAID: ReadonlySet<string> = new Set(["ELOGIN", "EREQUEST", "EPROTOCOL"]);
const NO_NAME: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"]);

/** What somebody said who does not speak TDS, or no longer does. They spoke: that is no absent server. */
export const GARBAGE = {
  kind: "error",
  number: null,
  code: "EPROTOCOL",
} as const satisfies SqlAnswer;

/**
 * Names what ended a step: the number that the server gave, or what happened to the connection. An error
 * without a code is of bytes that are no TDS: they spoke. A code that we do not know is the network's, and
 * says nothing of the server.
 */
export function failedStep(error: unknown, phase: Phase, number: number | null): SqlAnswer {
  const code = codeOf(error);
  if (number !== null) {
    return { kind: "error", number, code: phase === "query" ? "EREQUEST" : "ELOGIN" };
  }
  // The system's time-out is another word (ETIMEDOUT).
  if (code === RAN_OUT) return { kind: "timeout", phase };
  if (code === CLOSED) return cutBy("ECONNRESET");
  if (code === null || SAID.has(code)) return { ...GARBAGE, code: code ?? GARBAGE.code };
  // In the middle of a request tedious hands on what the socket said as it is.
  const below = code === "ESOCKET" ? systemCode(error) : code;
  if (below === null) return phase === "connect" ? cutBy(code) : GARBAGE;
  return NO_NAME.has(below) ? { kind: "no-name", said: below } : cutBy(below);
}

/** The code of the system call below, however deep it lies. */
function systemCode(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null;
  const own = codeOf(error);
  if (own !== null && own !== "ESOCKET") return own;
  const nested = error instanceof AggregateError ? error.errors : [error.cause];
  for (const each of nested) {
    const found = systemCode(each, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function codeOf(error: unknown): string | null {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  if (code === null || code === undefined || code === "") return null;
  // A code in a form that we do not know is still none of the server's words.
  return azureWord(code) ?? "other";
}
