import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import type { Site } from "../../shared/domain/group.ts";
import { answerAccess, asksAccess } from "./access-face.ts";
import { answerActivity, asksActivity } from "./activity-face.ts";
import { createArmHttpClient } from "./arm-http-client.ts";
import { answerHealth, asksHealth } from "./health-face.ts";
import { isOf } from "./instance-health.ts";
import { answerLogs, asksLogs } from "./logs-face.ts";
import { answerPlace, asksPlace } from "./places-face.ts";
import { answerTables, tablesAsked } from "./tables-face.ts";
import { answerToken, asksToken } from "./token-face.ts";
import { answerVault, asksVault } from "./vault-face.ts";
import { json, overNetwork, type WireReply, type WireRequest } from "./wire-reply.ts";
import type { World } from "./world.ts";

const ARM_HOST = "management.azure.com";
/** With no timeout of its own a request hangs until the network gives it up. */
const NETWORK_PATIENCE_MS = 300_000;

type Face = (request: WireRequest) => Promise<WireReply>;

/**
 * Everything over HTTP that one site's SDKs can reach: Resource Manager with Resource Health and the
 * activity log, the sites' storage tables, vaults, Log Analytics, the token endpoint, and the applications'
 * word on their capacity.
 */
export function createWire(world: World, site: Site): HttpClient {
  const arm = createArmHttpClient(world, site);
  return {
    async sendRequest(request) {
      const asked = wireRequest(request);
      const face = faceFor(world, site, asked);
      if (face === null) return arm.sendRequest(request);
      const { abortSignal } = request;
      const answer = face(asked).then((reply) => delivered(world, request, reply));
      if (abortSignal === undefined) return answer;
      return Promise.race([answer, abortOf(abortSignal)]);
    },
  };
}

/** Null: Resource Manager itself. */
function faceFor(world: World, site: Site, asked: WireRequest): Face | null {
  const account = tablesAsked(world, asked);
  if (account !== null) return (request) => answerTables(world, site, account, request);
  if (asksHealth(asked)) return (request) => answerHealth(world, site, request);
  if (asksActivity(asked)) return (request) => answerActivity(world, site, request);
  if (asksAccess(asked)) return (request) => answerAccess(world, site, request);
  if (asksPlace(asked)) return (request) => answerPlace(world, site, request);
  if (asked.url.hostname === ARM_HOST) return null;
  if (asksToken(asked)) return (request) => answerToken(world, site, request);
  if (asksVault(asked)) return (request) => answerVault(world, site, request);
  if (asksLogs(asked)) return (request) => answerLogs(world, site, request);
  return (request) => answerApplication(world, site, request);
}

/** What an application says of its capacity on the other side. */
async function answerApplication(
  world: World,
  site: Site,
  request: WireRequest,
): Promise<WireReply> {
  const group = [...world.groups.values()].find(({ group: { application } }) => {
    const url = application?.capacityAtTarget ?? null;
    return url !== null && new URL(url).href === request.url.href;
  });
  if (group === undefined) return { kind: "no-name" };
  return overNetwork(world, site, request, () => {
    const fault = world.faults("capacity").findLast((each) => isOf(each, group));
    const status = { ready: 200, "not-ready": 503, unknown: 500 }[fault?.value ?? "ready"];
    return json(status, {});
  });
}

function wireRequest(request: PipelineRequest): WireRequest {
  return {
    method: request.method,
    url: new URL(request.url),
    header: (name) => request.headers.get(name) ?? null,
    body: typeof request.body === "string" ? request.body : "",
    timeoutMs: request.timeout > 0 ? request.timeout : NETWORK_PATIENCE_MS,
  };
}

function delivered(world: World, request: PipelineRequest, reply: WireReply): PipelineResponse {
  switch (reply.kind) {
    case "answer": {
      const date = new Date(world.at).toUTCString();
      const headers = createHttpHeaders({ date, ...reply.headers });
      return { request, status: reply.status, headers, bodyAsText: reply.body };
    }
    case "no-name": {
      const { hostname } = new URL(request.url);
      throw new RestError(`getaddrinfo ENOTFOUND ${hostname}`, { code: "ENOTFOUND", request });
    }
    case "silent":
      throw new RestError("read ECONNRESET", { code: "ECONNRESET", request });
    default:
      return reply satisfies never;
  }
}

type Abort = NonNullable<PipelineRequest["abortSignal"]>;

function abortOf(signal: Abort): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      const error = new Error("The operation was aborted.");
      error.name = "AbortError";
      reject(error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}
