import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { wholeIn } from "../domain/units.ts";
import { ANSWER_SIZES, type AnswerKind } from "./answer-sizes.ts";

/** Thrown for an answer that is larger than its kind may be. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
  readonly code = "answer-too-large";
}

const ANY_STATUS: ReadonlySet<number> = new Set([Number.POSITIVE_INFINITY]);

/** Wraps a transport so that no answer gets through that is larger than this kind may be. */
export function limitAnswers(inner: HttpClient, kind: AnswerKind): HttpClient {
  return { sendRequest: (request) => sendLimited(inner, request, kind) };
}

/**
 * Sends, and counts the answer's bytes as they come. Without it the transport would read whatever comes
 * into one text, and hand that to be parsed while no deadline can fire.
 */
export async function sendLimited(
  inner: HttpClient,
  request: PipelineRequest,
  kind: AnswerKind,
): Promise<PipelineResponse> {
  const { abortSignal: callers, streamResponseStatusCodes: streamed } = request;
  const own = new AbortController();
  const abort = (): void => own.abort();
  if (callers?.aborted) abort();
  callers?.addEventListener("abort", abort);
  request.abortSignal = own.signal;
  request.streamResponseStatusCodes = new Set(ANY_STATUS);
  try {
    const { readableStreamBody, ...answer } = await inner.sendRequest(request);
    if (readableStreamBody === undefined) return withText(answer, answer.bodyAsText ?? "", kind);
    if (kind === "status-only") {
      abort();
      return { ...answer, bodyAsText: "" };
    }
    const declared = wholeIn(answer.headers.get("content-length"));
    const text = await readText(readableStreamBody, declared, kind);
    return withText(answer, text, kind);
  } catch (error) {
    // Whatever is still on its way is not waited for.
    abort();
    throw error;
  } finally {
    callers?.removeEventListener("abort", abort);
    restore(request, callers, streamed);
  }
}

/** As the caller made it: the SDK looks at both once more. */
function restore(
  request: PipelineRequest,
  signal: PipelineRequest["abortSignal"],
  streamed: PipelineRequest["streamResponseStatusCodes"],
): void {
  if (signal === undefined) delete request.abortSignal;
  else request.abortSignal = signal;
  if (streamed === undefined) delete request.streamResponseStatusCodes;
  else request.streamResponseStatusCodes = streamed;
}

function withText(answer: PipelineResponse, text: string, kind: AnswerKind): PipelineResponse {
  if (kind === "status-only") return { ...answer, bodyAsText: "" };
  if (Buffer.byteLength(text) > ANSWER_SIZES[kind].bytes) throw tooLarge(kind);
  return { ...answer, bodyAsText: text };
}

/** The text of a body that comes in pieces. Throws when it is too large, or says that it will be. */
export async function readText(
  pieces: AsyncIterable<unknown>,
  declaredBytes: number | null,
  kind: AnswerKind,
): Promise<string> {
  const { bytes: bytesMax } = ANSWER_SIZES[kind];
  if (declaredBytes !== null && declaredBytes > bytesMax) throw tooLarge(kind);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop closes the stream.
  for await (const piece of pieces) {
    const chunk = piece instanceof Uint8Array ? Buffer.from(piece) : Buffer.from(String(piece));
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw tooLarge(kind);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** What an answer of that kind ends in that is larger than it may be. */
export function tooLarge(kind: AnswerKind): AnswerTooLarge {
  const { bytes } = ANSWER_SIZES[kind];
  return new AnswerTooLarge(`Cannot read the answer: answer-too-large: above ${bytes} bytes`);
}
