import { readFileSync } from "node:fs";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { createFailoverGroups } from "../../shared/azure/failover-groups.ts";
import type { Instance } from "../../shared/domain/group.ts";

export const TOKEN = "token-that-must-stay-ours";

export const neu: Instance = {
  id: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-neu/providers/Microsoft.Sql/managedInstances/mi-orders-neu",
  subscriptionId: "11111111-2222-3333-4444-555555555555",
  resourceGroup: "rg-neu",
  name: "mi-orders-neu",
  region: "northeurope",
  fqdn: "mi-orders-neu.abc123.database.windows.net",
  regionReference: null,
};

/** The other side, as far as a request to this one must know it. */
export const weu: Instance = {
  ...neu,
  id: neu.id.replaceAll("neu", "weu"),
  resourceGroup: "rg-weu",
  name: "mi-orders-weu",
  region: "westeurope",
};

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Recorded {
  readonly request: { readonly url: string };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** One recorded exchange, with its body as the text that was on the wire. */
export function recorded(file: string): { readonly url: string; readonly answer: WireAnswer } {
  const path = new URL(`../recorded/${file}.json`, import.meta.url);
  const { request, response }: Recorded = JSON.parse(readFileSync(path, "utf8"));
  const { status, headers, body } = response;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { url: request.url, answer: { status, headers, body: text } };
}

/** The same answer, as it would be had it been asked of the thing with that id. */
export function asOf(id: string, answer: WireAnswer): WireAnswer {
  if (!/"id":/.test(answer.body)) return answer;
  const name = id.split("/").at(-1);
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), id, name }) };
}

/** The adapter on a transport that answers everything alike, and what that transport was asked. */
export function adapterOn(
  answer: (request: PipelineRequest) => WireAnswer | Promise<WireAnswer>,
  credential: TokenCredential = {
    getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  },
) {
  const sent: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      sent.push(request);
      const { status, headers, body } = await answer(request);
      return { request, status, headers: createHttpHeaders(headers ?? {}), bodyAsText: body };
    },
  };
  const groups = createFailoverGroups({ credential, httpClient, timeoutMs: 8_000 });
  return { groups, sent };
}

export const operationUrl =
  "https://management.azure.com/subscriptions/1/providers/Microsoft.Sql/locations/northeurope/instanceFailoverGroupAzureAsyncOperation/op-1?api-version=2022-05-01-preview";
const resultUrl = operationUrl.replace("AzureAsyncOperation", "OperationResults");

export type Call = "read" | "fail-over" | "poll" | "poll-result";

/** Makes the call by name, so that one table can hold them all. */
export function ask(
  groups: ReturnType<typeof adapterOn>["groups"],
  call: Call,
  region = neu.region,
) {
  const target = { ...neu, region };
  switch (call) {
    case "read":
      return groups.read("orders-fog", target);
    case "fail-over":
      return groups.failOver({ group: "orders-fog", from: weu, to: target, kind: "forced" });
    case "poll":
      return groups.poll({ to: target, ticket: operationUrl });
    case "poll-result":
      return groups.poll({ to: target, ticket: resultUrl });
    default:
      return call satisfies never;
  }
}
