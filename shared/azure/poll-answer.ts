import type { PollAnswer } from "../ports/failover-groups.ts";
import { classifyArmError } from "./arm-errors.ts";
import type { Exchange } from "./arm-exchange.ts";
import { hasError, isObject, parsedJson } from "./parsed-json.ts";
import { isResultUrl } from "./poll-url.ts";
import { azureWord } from "./presentable.ts";
import { readArmError, unreadable } from "./read-arm-error.ts";
import { retryAfterMs } from "./retry-after.ts";

type Answer = Extract<Exchange, { kind: "answered" }>;

const RUNNING: ReadonlySet<string> = new Set([
  "accepted",
  "inprogress",
  "notstarted",
  "pending",
  "running",
  "started",
  "updating",
]);
/** Why an answer that claims two things tells nothing. */
export const CONTRADICTS = "contradicts-itself";
const FAILED: ReadonlySet<string> = new Set(["canceled", "cancelled", "failed"]);

/** What one answer of the poll URL says of the operation. */
export function pollAnswer(exchange: Exchange, pollUrl: string): PollAnswer {
  if (exchange.kind !== "answered") return { kind: "unknown", because: exchange.because };
  if (exchange.status >= 200 && exchange.status <= 299) return ofSuccess(exchange, pollUrl);

  const { code } = readArmError(exchange);
  const tellsTheEnd = exchange.status === 409 || (exchange.status === 400 && isResultUrl(pollUrl));
  if (tellsTheEnd && code !== null) return failed(exchange);
  // 404, 429 and 5xx are of the poll, not of the operation.
  return { kind: "unknown", because: unreadable(exchange.status, code) };
}

function ofSuccess(answer: Answer, pollUrl: string): PollAnswer {
  const body = parsedJson(answer.bodyText);
  const word = statusWord(body, pollUrl);
  const claimsSuccess = word === null ? isResultUrl(pollUrl) : word.toLowerCase() === "succeeded";
  if (claimsSuccess && hasErrorToo(answer, body)) return { kind: "unknown", because: CONTRADICTS };
  if (word !== null) return ofWord(word, answer);
  if (answer.status === 202) {
    return { kind: "running", retryAfterMs: retryAfterMs(answer.headers) };
  }
  return isResultUrl(pollUrl) && (answer.bodyText === "" || isResource(body))
    ? { kind: "succeeded" }
    : { kind: "unknown", because: "no-status" };
}

/** The result of a failover is the group, and may be empty. An id that nothing is said of is no result. */
function isResource(body: unknown): boolean {
  if (!isObject(body) || typeof body.id !== "string") return false;
  return isObject(body.properties) && Object.keys(body.properties).length > 0;
}

/** An operation that has ended well has no error beside it; nor has a result. */
function hasErrorToo(answer: Answer, body: unknown): boolean {
  return isObject(body) && (hasError(body) || readArmError(answer).code !== null);
}

function ofWord(word: string, answer: Answer): PollAnswer {
  const known = word.toLowerCase();
  if (known === "succeeded") return { kind: "succeeded" };
  if (RUNNING.has(known)) return { kind: "running", retryAfterMs: retryAfterMs(answer.headers) };
  if (FAILED.has(known)) return failed(answer, known === "failed" ? null : "Canceled");
  return { kind: "unknown", because: `unknown-status (${azureWord(word) ?? "no word"})` };
}

function failed(answer: Answer, fallback: string | null = null): PollAnswer {
  const { code, message } = readArmError(answer);
  return {
    kind: "failed",
    errorClass: classifyArmError(code ?? fallback),
    code: code ?? fallback ?? "no-code",
    message,
  };
}

/** An operation has a status; a resource that is still changing says so in its provisioning state. */
function statusWord(body: unknown, pollUrl: string): string | null {
  if (!isObject(body)) return null;
  if (typeof body.status === "string") return body.status;
  const state = isObject(body.properties) ? body.properties.provisioningState : null;
  return typeof state === "string" && isResultUrl(pollUrl) ? state : null;
}
