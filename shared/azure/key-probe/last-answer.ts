import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";

/** A transport that remembers the last answer: the SDK's errors do not carry the body. */
export interface Remembering {
  readonly httpClient: HttpClient;
  /** Null where the last request got no answer. */
  last(): PipelineResponse | null;
  /** Forgets, before the next step. */
  forget(): void;
}

/** Wraps a transport; once `signal` is aborted nothing leaves any more. */
export function rememberAnswers(inner: HttpClient, signal: AbortSignal): Remembering {
  let last: PipelineResponse | null = null;
  return {
    httpClient: {
      async sendRequest(request) {
        if (signal.aborted) throw new Error("Cannot send: the probe is over");
        last = null;
        const answer = await inner.sendRequest(request);
        last = answer;
        return answer;
      },
    },
    last: () => last,
    forget: () => {
      last = null;
    },
  };
}
