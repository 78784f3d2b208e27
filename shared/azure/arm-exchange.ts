import {
  createDefaultHttpClient,
  type HttpClient,
  type HttpHeaders,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Clock } from "../ports/clock.ts";
import { createDeadline } from "../ports/deadline.ts";
import type { AnswerKind } from "./answer-sizes.ts";
import { AnswerTooLarge, sendLimited } from "./limit-answers.ts";
import { azureWord } from "./presentable.ts";

// What one request to Resource Manager came to.
//
// P1. Every exchange ends by its deadline, whatever hangs: token, socket or body.
// P2. At most one request per exchange reaches the wire, whoever asks for another.
// P3. `not-sent` is certain: nothing left, and nothing will leave later.
// P4. No answer is parsed that is larger than its kind may be.
// P5. No address, header or body gets into a `because`.

export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly bodyText: string;
    }
  | {
      readonly kind: "not-sent";
      readonly because: "identity" | "not-connected" | "request-not-made";
      readonly code: string;
    }
  | { readonly kind: "no-answer"; readonly because: string };

/** Thrown where no token could be had. */
export class NoToken extends Error {}

/** Only a connection that was never made fails with these: the name did not resolve, or the port was shut. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"]);

interface Call {
  readonly of: AnswerKind;
  sent: boolean;
  tooLarge: boolean;
  answer: PipelineResponse | null;
}

export interface Exchanges {
  /** The transport to build clients on: it sends only what belongs to an exchange. */
  readonly httpClient: HttpClient;
  /** Runs `send`, which must hand `abortSignal` on with its one request, for an answer of that kind. */
  exchange(of: AnswerKind, send: (abortSignal: AbortSignal) => Promise<unknown>): Promise<Exchange>;
}

/** Wraps a transport so that it is known for certain what was sent and what came back. */
export function createExchanges(options: {
  readonly httpClient: HttpClient | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): Exchanges {
  const inner = options.httpClient ?? createDefaultHttpClient();
  // The signal is the one thing that the SDK carries unchanged from a call to its request.
  const calls = new WeakMap<object, Call>();

  return {
    httpClient: {
      async sendRequest(request) {
        const { abortSignal } = request;
        const call = abortSignal === undefined ? undefined : calls.get(abortSignal);
        if (call === undefined || call.sent || abortSignal?.aborted) {
          throw new Error("Cannot send: the exchange is over, or has sent its one request");
        }
        call.sent = true;
        const answer = await sendLimited(inner, withExactPath(request), call.of).catch(
          (error: unknown) => {
            call.tooLarge = error instanceof AnswerTooLarge;
            throw error;
          },
        );
        call.answer = answer;
        return answer;
      },
    },

    async exchange(of, send) {
      const deadline = createDeadline(options.clock, options.timeoutMs);
      const call: Call = { of, sent: false, answer: null, tooLarge: false };
      calls.set(deadline.signal, call);
      let failure: unknown = null;
      try {
        await deadline.race(send(deadline.signal));
      } catch (error) {
        // Also what the SDK throws for a body it cannot read: the answer is in `call` all the same.
        failure = error;
      } finally {
        deadline.end();
      }
      // Whatever still runs for this call belongs to no exchange any more (P3).
      calls.delete(deadline.signal);
      return outcome(call, failure, deadline.signal.aborted);
    },
  };
}

function outcome(call: Call, failure: unknown, late: boolean): Exchange {
  if (call.answer !== null) {
    const { status, headers, bodyAsText } = call.answer;
    return { kind: "answered", status, headers, bodyText: bodyAsText ?? "" };
  }
  if (call.tooLarge) return { kind: "no-answer", because: "answer-too-large" };
  const code = codeOf(failure);
  if (!call.sent) {
    // Before sending, a token is the only thing that is waited for.
    const because = failure instanceof NoToken || late ? "identity" : "request-not-made";
    return { kind: "not-sent", because, code: because };
  }
  if (NEVER_CONNECTED.has(code)) return { kind: "not-sent", because: "not-connected", code };
  const timedOut = late || (failure instanceof Error && failure.name === "AbortError");
  return { kind: "no-answer", because: timedOut ? "timed-out" : `no-answer (${code})` };
}

function codeOf(failure: unknown): string {
  const code =
    typeof failure === "object" && failure !== null && "code" in failure ? failure.code : null;
  return azureWord(code) ?? "no code";
}

/** Node's URL parser rewrites some characters (a quote becomes %27), which would break a signature. */
function withExactPath(request: PipelineRequest): PipelineRequest {
  if (new URL(request.url).href !== request.url) {
    // Set here and not earlier: the SDK's own log masks `url`, but not this.
    request.requestOverrides = { path: request.url.replace(/^[^:]*:\/\/[^/]*/, "") };
  }
  return request;
}
