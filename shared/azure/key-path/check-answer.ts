import type { KeyCheck } from "../../ports/key-path.ts";
import type { Exchange } from "../arm-exchange.ts";
import { parsedJson } from "../parsed-json.ts";
import { CONTRADICTS, pollAnswer } from "../poll-answer.ts";
import { isResultUrl, signedUrl } from "../poll-url.ts";
import { azureWord } from "../presentable.ts";
import { readArmError, unreadable } from "../read-arm-error.ts";
import { retryAfterMs } from "../retry-after.ts";
import { keyCodeMeans, keyDoubt } from "./key-codes.ts";

// What the answers to an instance's check of its key mean.
//
// P1. Proven is a 200 that says nothing else: an empty result, or an operation that ended in Succeeded.
// P2. Denied is a code of the instance's own about rights, firewall or key, with the status of a check
//     that has ended (200 Failed, 400, 409) or of a plain no (401, 403).
// P3. A code of the instance's own in any other place is its answer too, but neither proof nor denial.
// P4. Everything else is no answer of the instance.

type Answer = Extract<Exchange, { kind: "answered" }>;
const REFUSED: ReadonlySet<number> = new Set([200, 400, 401, 403, 409]);
const PROVEN: KeyCheck = { kind: "answered", answer: { kind: "proven" } };

/** What the answer to the POST that asks for a check means. */
export function startAnswer(exchange: Exchange, endpoint: string): KeyCheck {
  if (exchange.kind !== "answered") return unanswered(exchange.because);
  if (exchange.status === 202) {
    const ticket = signedUrl(exchange.headers, endpoint);
    if (ticket === null) return unanswered("no-poll-url");
    return { kind: "running", ticket, retryAfterMs: retryAfterMs(exchange.headers) };
  }
  if (exchange.status === 200) {
    return isEmpty(exchange) ? PROVEN : ofCode(exchange, codeIn(exchange));
  }
  return ofCode(exchange, readArmError(exchange).code);
}

/** What one answer of the poll URL says of the check. */
export function pollCheckAnswer(exchange: Exchange, pollUrl: string): KeyCheck {
  if (exchange.kind !== "answered") return unanswered(exchange.because);
  const { code } = readArmError(exchange);
  if (exchange.status < 200 || exchange.status > 299) return ofCode(exchange, code);
  if (isResultUrl(pollUrl) && exchange.status === 200 && isEmpty(exchange)) return PROVEN;

  const said = pollAnswer(exchange, pollUrl);
  switch (said.kind) {
    case "running":
      return { kind: "running", ticket: pollUrl, retryAfterMs: said.retryAfterMs };
    case "succeeded":
      // The result of a check is empty; only its operation has a status.
      if (isResultUrl(pollUrl)) return unanswered("no-status");
      return exchange.status === 200 ? PROVEN : undecided(CONTRADICTS);
    case "failed":
      return keyCodeMeans(code) === null ? undecided(said.code) : ofCode(exchange, code);
    case "unknown":
      return said.because === CONTRADICTS ? undecided(CONTRADICTS) : unanswered(said.because);
    default:
      return said satisfies never;
  }
}

function ofCode({ status }: Answer, code: string | null): KeyCheck {
  const means = keyCodeMeans(code);
  if (means === null || code === null) return unanswered(unreadable(status, code));
  return means === "denied" && REFUSED.has(status)
    ? { kind: "answered", answer: { kind: "denied", code } }
    : undecided(code);
}

/** The instance has spoken, and nothing is proven by it. */
function undecided(because: string): KeyCheck {
  const answer = { kind: "unknown", reason: keyDoubt(because), because } as const;
  return { kind: "answered", answer };
}

/** A failed check may be told in a 200; a code deeper in some other body is not its failure. */
function codeIn(answer: Answer): string | null {
  const body = parsedJson(answer.bodyText);
  const failed =
    typeof body === "object" &&
    body !== null &&
    "status" in body &&
    azureWord(body.status)?.toLowerCase() === "failed";
  return failed ? readArmError(answer).code : null;
}

function isEmpty({ bodyText }: Answer): boolean {
  if (bodyText.trim() === "") return true;
  const body = parsedJson(bodyText);
  const plain = typeof body === "object" && body !== null && !Array.isArray(body);
  return plain && Object.keys(body).length === 0;
}

function unanswered(because: string): KeyCheck {
  return { kind: "unanswered", because };
}
