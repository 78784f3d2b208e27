import type { PostAnswer } from "../ports/failover-groups.ts";
import { classifyRefusal, isKnownArmError, saysThatOneRuns } from "./arm-errors.ts";
import type { Exchange } from "./arm-exchange.ts";
import { signedUrl } from "./poll-url.ts";
import { readArmError, unreadable } from "./read-arm-error.ts";
import { askedMs, busyForMs, retryAfterMs } from "./retry-after.ts";

const NOT_SENT = {
  identity: "No token could be had: nothing was sent",
  "not-connected": "Resource Manager could not be connected to: nothing was sent",
  "request-not-made": "The request could not be made: nothing was sent",
} as const;

/** What the answer to a mutating POST means. A refusal is only what is certain to have started nothing. */
export function postAnswer(exchange: Exchange, endpoint: string): PostAnswer {
  switch (exchange.kind) {
    case "answered":
      return ofAnswer(exchange, endpoint);
    case "not-sent":
      return {
        kind: "refused",
        errorClass: exchange.because === "request-not-made" ? "bug" : "unknown",
        runs: false,
        code: exchange.code,
        message: NOT_SENT[exchange.because],
        retryAfterMs: 0,
      };
    case "no-answer":
      return { kind: "unanswered", because: exchange.because };
    default:
      return exchange satisfies never;
  }
}

type Answered = Extract<Exchange, { kind: "answered" }>;

function ofAnswer(answer: Answered, endpoint: string): PostAnswer {
  const { status, headers } = answer;
  if (status >= 200 && status <= 299) {
    return {
      kind: "accepted",
      ticket: signedUrl(headers, endpoint),
      retryAfterMs: retryAfterMs(headers),
    };
  }
  const { code, message } = readArmError(answer);
  if (!isDefiniteNo(answer, code)) return { kind: "unanswered", because: unreadable(status, code) };
  const errorClass = classifyRefusal(status, code);
  return {
    kind: "refused",
    errorClass,
    runs: saysThatOneRuns(code),
    code: code ?? `http-${status}`,
    message,
    retryAfterMs: errorClass === "busy" ? busyForMs(headers, message) : 0,
  };
}

/**
 * 408 and 5xx may come after the work was begun. Among them only a throttling did not let it in: the
 * documented one, and a 503 that says when to come back.
 */
function isDefiniteNo({ status, headers }: Answered, code: string | null): boolean {
  if (status === 503) {
    return code === "TooManyRequests" || (!isKnownArmError(code) && askedMs(headers) !== null);
  }
  return status >= 400 && status <= 499 && status !== 408;
}
