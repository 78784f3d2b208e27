import { wholeIn } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import { withDeadline } from "../ports/deadline.ts";
import type { AnswerKind } from "./answer-sizes.ts";
import { AnswerTooLarge, readText } from "./limit-answers.ts";
import { azureWord } from "./presentable.ts";

/** One request over HTTP. A redirect is an answer like any other: keys do not follow it elsewhere. */
export type HttpSend = (request: {
  readonly method: "GET" | "POST" | "HEAD";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly body?: string;
  /** How large the answer may be; by default as large as another site's report. */
  readonly of?: AnswerKind;
}) => Promise<{ readonly status: number; readonly text: string }>;

/** Thrown where there was no answer, or one too long to read. Its text holds no address. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  /** The network's word for what happened, or the kind of the failure. */
  readonly code: string;

  constructor(what: string, code: string) {
    super(`${what}: ${code}`);
    this.code = code;
  }
}

/** Sends over the network. Each request is sent once, and is over after `timeoutMs`, body included. */
export function createHttpSend(options: {
  readonly clock: Clock;
  /** Another way out than the network's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}): HttpSend {
  const { clock, fetch = globalThis.fetch } = options;
  return async ({ method, url, headers, timeoutMs, body, of = "report" }) => {
    try {
      return await withDeadline(clock, timeoutMs, async (signal) => {
        const answer = await fetch(url, {
          method,
          headers,
          signal,
          redirect: "manual",
          ...(body === undefined ? {} : { body }),
        });
        return { status: answer.status, text: await textOf(answer, of) };
      });
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer("Cannot send", codeOf(error));
    }
  };
}

async function textOf(answer: Response, of: AnswerKind): Promise<string> {
  if (answer.body === null) return "";
  if (of === "status-only") {
    await answer.body.cancel();
    return "";
  }
  return readText(answer.body, wholeIn(answer.headers.get("content-length")), of);
}

/** The network's word for what happened; the texts around it carry addresses. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (error instanceof AnswerTooLarge) return error.code;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return azureWord(code) ?? (error instanceof Error ? error.name : "failed");
}
