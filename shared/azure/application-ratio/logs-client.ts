import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { LogsQueryClient, type LogsQueryResult } from "@azure/monitor-query";

// The only file that knows @azure/monitor-query, which is superseded upstream: see docs/decisions.
// Loaded by `await import()`: most groups have no such source.

/** Puts one query to a workspace: no retries. */
export async function queryLogs(options: {
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly endpoint: string;
  readonly workspaceId: string;
  readonly query: string;
  readonly timeoutMs: number;
  readonly abortSignal: AbortSignal;
}): Promise<Answer> {
  const { credential, httpClient, endpoint, timeoutMs, abortSignal } = options;
  const client = new LogsQueryClient(credential, {
    httpClient,
    endpoint,
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: "geo-failover" },
  });
  const result = await client.queryWorkspace(
    options.workspaceId,
    options.query,
    { duration: "PT15M" },
    { abortSignal, requestOptions: { timeout: timeoutMs } },
  );
  return answerOf(result);
}

export type Answer =
  | {
      readonly kind: "whole";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly unknown[])[];
    }
  /** Tables and an error in one answer: what is missing may be what matters. */
  | { readonly kind: "partial" };

function answerOf(result: LogsQueryResult): Answer {
  if (result.status !== "Success") return { kind: "partial" };
  const [table] = result.tables;
  return {
    kind: "whole",
    columns: (table?.columnDescriptors ?? []).map(({ name }) => name ?? ""),
    rows: table?.rows ?? [],
  };
}
