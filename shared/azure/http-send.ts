import type { Clock } from "../ports/clock.ts";
import { withDeadline } from "../ports/deadline.ts";
import { azureWord } from "./presentable.ts";

/** One request over HTTP. A redirect is an answer like any other: keys do not follow it elsewhere. */
export type HttpSend = (request: {
  readonly method: "GET" | "POST" | "HEAD";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly body?: string;
}) => Promise<{ readonly status: number; readonly text: string }>;

/** Nothing that we ask for comes near; what does is not for us. */
const BYTES_MAX = 1024 * 1024;

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
  readonly bytesMax?: number;
  /** Another way out than the network's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}): HttpSend {
  const { clock, bytesMax = BYTES_MAX, fetch = globalThis.fetch } = options;
  return async ({ method, url, headers, timeoutMs, body }) => {
    try {
      return await withDeadline(clock, timeoutMs, async (signal) => {
        const answer = await fetch(url, {
          method,
          headers,
          signal,
          redirect: "manual",
          ...(body === undefined ? {} : { body }),
        });
        return { status: answer.status, text: await textOf(answer, bytesMax) };
      });
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer("Cannot send", codeOf(error));
    }
  };
}

async function textOf(answer: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax)
      throw new NoAnswer("Cannot read the answer", `more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The network's word for what happened; the texts around it carry addresses. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  return azureWord(code) ?? (error instanceof Error ? error.name : "failed");
}
