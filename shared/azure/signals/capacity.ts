import { createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import type { Clock } from "../../ports/clock.ts";
import { createExchanges } from "../arm-exchange.ts";

/** Asks the application whether it can run on the other side. Nothing of ours is sent with the question. */
export function createCapacity(options: {
  readonly httpClient: HttpClient | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): (url: string) => Promise<"ready" | "not-ready" | "unknown"> {
  const { timeoutMs } = options;
  const { httpClient, exchange } = createExchanges(options);
  return async (url) => {
    const answer = await exchange("status-only", (abortSignal) =>
      httpClient.sendRequest(
        createPipelineRequest({ method: "GET", url, abortSignal, timeout: timeoutMs }),
      ),
    );
    if (answer.kind !== "answered") return "unknown";
    if (answer.status >= 200 && answer.status <= 299) return "ready";
    // 503 is how a service says that it cannot; a wrong address or a fault of its own says nothing.
    return answer.status === 503 ? "not-ready" : "unknown";
  };
}
