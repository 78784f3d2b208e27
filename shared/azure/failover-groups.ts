import {
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Instance } from "../domain/group.ts";
import type { Clock } from "../ports/clock.ts";
import type { FailoverGroups } from "../ports/failover-groups.ts";
import { createExchanges } from "./arm-exchange.ts";
import { groupReading } from "./group-reading.ts";
import { pollAnswer } from "./poll-answer.ts";
import { isOf } from "./poll-url.ts";
import { postAnswer } from "./post-answer.ts";
import type { createSqlManagement } from "./sql-management.ts";
import { createWallClock } from "./wall-clock.ts";

/** The one that @azure/arm-sql 10.0.0 uses for these operations. */
const API_VERSION = "2022-05-01-preview";
const VERBS = { planned: "failover", forced: "forceFailoverAllowDataLoss" } as const;

type SqlManagement = ReturnType<typeof createSqlManagement>;

/** Failover groups through Resource Manager. Every call ends within `timeoutMs` and none throws. */
export function createFailoverGroups(options: {
  readonly credential: TokenCredential;
  readonly httpClient?: HttpClient;
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Where the SDK is loaded already; by default it is loaded at the first call. */
  readonly createClient?: typeof createSqlManagement;
}): FailoverGroups {
  const { credential, timeoutMs, clock = createWallClock() } = options;
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

  function send(instance: Instance, method: HttpMethods, url: string) {
    return exchange(async (abortSignal) => {
      const client = await clientFor(instance.subscriptionId);
      return client.sendRequest(
        createPipelineRequest({ method, url, abortSignal, timeout: timeoutMs }),
      );
    });
  }

  return {
    async read(group, side) {
      const answer = await exchange(async (abortSignal) => {
        const client = await clientFor(side.subscriptionId);
        return client.instanceFailoverGroups.get(side.resourceGroup, side.region, group, {
          abortSignal,
          requestOptions: { timeout: timeoutMs },
        });
      });
      return groupReading(answer, side.region);
    },

    // Not `beginFailover`: it polls once before it returns, so that a failed poll would hide that the POST
    // was accepted, and it takes a 202 without headers for a success. The same client sends the same
    // request, and we read the answer ourselves.
    async failOver({ group, target, kind }) {
      const url = `${endpoint}${groupPath(target, group)}/${VERBS[kind]}?api-version=${API_VERSION}`;
      return postAnswer(await send(target, "POST", url), endpoint);
    },

    async poll({ target, pollUrl }) {
      if (!isOf(endpoint, pollUrl)) return { kind: "unknown", because: "foreign-poll-url" };
      return pollAnswer(await send(target, "GET", pollUrl), pollUrl);
    },
  };
}

function groupPath(instance: Instance, group: string): string {
  const [subscription, resourceGroup, region, name] = [
    instance.subscriptionId,
    instance.resourceGroup,
    instance.region,
    group,
  ].map(encodeURIComponent);
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/locations/${region}/instanceFailoverGroups/${name}`;
}

/** Without a slash at the end: the scope of the token is made from it. */
function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url?.protocol !== "https:" || url.pathname !== "/") {
    throw new Error(`Cannot use the endpoint: it must be https://<host>: ${endpoint}`);
  }
  return url.origin;
}
