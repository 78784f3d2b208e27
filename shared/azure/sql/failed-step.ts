import type { SqlAnswer } from "../../domain/observation.ts";
import { cutBy } from "./network-code.ts";

export type Phase = "connect" | "login" | "query";

/** Bytes that are no TLS. A certificate that is not trusted has codes of its own, and stays one. */
const NO_TLS = /^(?:ERR_SSL_|EPROTO$)/;
const CUT: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);
const NO_NAME: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"]);

/** What somebody said who does not speak TDS, or no longer does. They spoke: that is no absent server. */
export const GARBAGE = {
  kind: "error",
  number: null,
  code: "EPROTOCOL",
} as const satisfies SqlAnswer;

/**
 * Names what ended a step: the number that the server gave, or what happened to the connection. An error
 * that fits nothing is an answer without a number, which counts neither for nor against anybody.
 */
export function failedStep(error: unknown, phase: Phase, number: number | null): SqlAnswer {
  const code = codeOf(error);
  if (number !== null) {
    return { kind: "error", number, code: phase === "query" ? "EREQUEST" : "ELOGIN" };
  }
  // tedious' own clocks; the system's time-out is another word (ETIMEDOUT).
  if (code === "ETIMEOUT") return { kind: "timeout", phase };
  if (code === "EENCRYPT") return cutBy(code);
  if (code === "ECLOSE") return cutBy("ECONNRESET");
  // In the middle of a request tedious hands on what the socket said as it is.
  if (code !== null && CUT.has(code)) return cutBy(code);
  if (code !== "ESOCKET") return { ...GARBAGE, code: code ?? GARBAGE.code };
  const below = systemCode(error);
  if (below === null) return phase === "connect" ? cutBy(code) : GARBAGE;
  if (NO_TLS.test(below)) return { ...GARBAGE, code: below };
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
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : null;
}
