import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../ports/clock.ts";
import type { AnswerKind } from "./answer-sizes.ts";
import { createExchanges, type Exchange } from "./arm-exchange.ts";
import type { createSqlManagement } from "./sql-management.ts";

/** What every adapter that asks Azure is made of. Without a clock or a transport it takes the real ones. */
export interface AzureOptions {
  readonly credential: TokenCredential;
  readonly httpClient?: HttpClient;
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Where the SDK is loaded already; by default it is loaded at the first call. */
  readonly createClient?: typeof createSqlManagement;
}

export interface ArmRequests {
  /** `https://<host>` without a slash at the end. */
  readonly endpoint: string;
  readonly clock: Clock;
  /** One request through the SDK's pipeline. Ends within `timeoutMs` and never throws. */
  send(request: {
    readonly subscriptionId: string;
    readonly method: "GET" | "POST";
    readonly url: string;
    readonly body?: object;
    /** What kind of answer it has; by default one thing. */
    readonly of?: AnswerKind;
  }): Promise<Exchange>;
  /** One call of the SDK's own, which must hand its options on. Ends within `timeoutMs` and never throws. */
  call(
    subscriptionId: string,
    ask: (
      client: SqlManagement,
      options: {
        readonly abortSignal: AbortSignal;
        readonly requestOptions: { readonly timeout: number };
      },
    ) => Promise<unknown>,
  ): Promise<Exchange>;
}

type SqlManagement = ReturnType<typeof createSqlManagement>;

/**
 * Requests to Resource Manager whose answers are read from the raw body: the SDK's own models drop what
 * they do not know, `databaseFormat` among it, and lack operations that newer versions have.
 */
export function createArmRequests(
  options: AzureOptions & { readonly clock: Clock; readonly timeoutMs: number },
): ArmRequests {
  const { credential, timeoutMs, clock } = options;
  const endpoint = checkedEndpoint(options.endpoint ?? "https://management.azure.com");
  const { httpClient, exchange } = createExchanges({
    httpClient: options.httpClient,
    timeoutMs,
    clock,
  });
  const clients = new Map<string, Promise<SqlManagement>>();

  function clientFor(subscriptionId: string): Promise<SqlManagement> {
    const key = subscriptionId.toLowerCase();
    const known = clients.get(key);
    if (known !== undefined) return known;
    const client = load(subscriptionId);
    clients.set(key, client);
    client.catch(() => clients.delete(key));
    return client;
  }

  async function load(subscriptionId: string): Promise<SqlManagement> {
    const create =
      options.createClient ?? (await import("./sql-management.ts")).createSqlManagement;
    return create({ subscriptionId, endpoint, credential, httpClient });
  }

  return {
    endpoint,
    clock,
    send: ({ subscriptionId, method, url, body, of = "resource" }) =>
      exchange(of, async (abortSignal) => {
        const client = await clientFor(subscriptionId);
        const request = createPipelineRequest({ method, url, abortSignal, timeout: timeoutMs });
        if (body !== undefined) {
          request.headers = createHttpHeaders({ "content-type": "application/json" });
          request.body = JSON.stringify(body);
        }
        return client.sendRequest(request);
      }),
    call: (subscriptionId, ask) =>
      exchange("resource", async (abortSignal) => {
        const client = await clientFor(subscriptionId);
        return ask(client, { abortSignal, requestOptions: { timeout: timeoutMs } });
      }),
  };
}

/** Without a slash at the end: the scope of the token is made from it. */
function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol !== "https:" || url.pathname !== "/") {
    throw new Error(`Cannot use the endpoint: it must be https://<host>: ${endpoint}`);
  }
  return url.origin;
}
