import * as z from "zod";
import type { Clock } from "../ports/clock.ts";
import type { ApplicationReading } from "../ports/signals.ts";
import type { Answer, queryLogs } from "./application-ratio/logs-client.ts";
import { RATIO_WINDOW_MS, ratioQuery, readRatioSource } from "./application-ratio/ratio-source.ts";
import { createExchanges } from "./arm-exchange.ts";
import type { AzureOptions } from "./arm-requests.ts";
import { readArmError, unreadable } from "./read-arm-error.ts";
import { oneToken } from "./signals/one-token.ts";

const LOGS_ENDPOINT = "https://api.loganalytics.io";
/** Telemetry is stamped by the clients' clocks: what comes from further ahead than this has a wrong one. */
const AHEAD_SECONDS_MAX = 60;
/** What is asked for is younger. */
const AGE_SECONDS_MAX = 86_400;

const Row = z.object({
  Total: z.number().positive(),
  Failed: z.number().nonnegative(),
  AgeSeconds: z.number().min(-AHEAD_SECONDS_MAX).max(AGE_SECONDS_MAX),
});

/** Reads success ratios from Application Insights. Ends within `timeoutMs` and never throws. */
export function createApplicationRatio(
  options: Omit<AzureOptions, "endpoint"> & {
    readonly logsEndpoint?: string;
    readonly clock: Clock;
    /** Where the SDK is loaded already; by default it is loaded at the first call. */
    readonly askLogs?: typeof queryLogs;
  },
): (reference: string) => Promise<ApplicationReading> {
  const { credential, timeoutMs, clock, logsEndpoint: endpoint = LOGS_ENDPOINT } = options;
  const { httpClient, exchange } = createExchanges({
    httpClient: options.httpClient,
    timeoutMs,
    clock,
  });
  return async (reference) => {
    const source = readRatioSource(reference);
    if (source === null) return { kind: "unknown", because: "not-a-source" };
    const { workspaceId } = source;
    const query = ratioQuery(source);
    let result: Answer | null = null;
    const answer = await exchange("logs", async (abortSignal) => {
      const ask = options.askLogs ?? (await import("./application-ratio/logs-client.ts")).queryLogs;
      const given = { credential: oneToken(credential), httpClient, endpoint, workspaceId, query };
      result = await ask({ ...given, timeoutMs, abortSignal });
    });
    if (answer.kind !== "answered") return { kind: "unknown", because: answer.because };
    if (answer.status !== 200) {
      const { code } = readArmError(answer);
      return { kind: "unknown", because: unreadable(answer.status, code) };
    }
    return ratioOf(result);
  };
}

function ratioOf(result: Answer | null): ApplicationReading {
  if (result === null) return { kind: "unknown", because: "unreadable-answer" };
  if (result.kind === "partial") return { kind: "unknown", because: "partial-answer" };
  const { columns, rows } = result;
  const [cells] = rows;
  // A workspace without rows in that time answers with a total that is null, or with no row at all.
  const named = Object.fromEntries(columns.map((name, index) => [name, cells?.[index]]));
  const row = Row.safeParse(named);
  if (!row.success || row.data.Failed > row.data.Total) {
    return { kind: "unknown", because: "no-telemetry" };
  }
  const { Total, Failed, AgeSeconds } = row.data;
  return {
    kind: "ratio",
    value: (Total - Failed) / Total,
    ageMs: Math.round(Math.max(0, AgeSeconds) * 1_000),
    windowMs: RATIO_WINDOW_MS,
  };
}
