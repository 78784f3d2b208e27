import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import type { Vantage, World } from "../world/world.ts";
import { refusedFor } from "./access-service.ts";
import { callArm } from "./arm-call.ts";
import { answerArm, findInstance } from "./arm-handlers.ts";
import { type ArmResponse, failed, unauthorized } from "./arm-responses.ts";
import { type ArmRoute, routeOf } from "./arm-routes.ts";

/** With no timeout of its own a request hangs until the network gives it up. */
const NETWORK_PATIENCE_MS = 300_000;

/**
 * Resource Manager as the SDK of one site reaches it: give it to a client as its `httpClient`. All
 * waiting is on the world's clock, the request's own `timeout` too.
 */
export function createArmHttpClient(world: World, vantage: Vantage): HttpClient {
  return {
    sendRequest: (request) => {
      const { abortSignal } = request;
      const answer = send(world, vantage, request);
      return abortSignal === undefined ? answer : Promise.race([answer, abortOf(abortSignal)]);
    },
  };
}

class AbortError extends Error {
  override readonly name = "AbortError";
}

async function send(
  world: World,
  vantage: Vantage,
  request: PipelineRequest,
): Promise<PipelineResponse> {
  const url = new URL(request.url);
  const route = routeOf(request.method, url.pathname);
  const timeoutMs = request.timeout > 0 ? request.timeout : NETWORK_PATIENCE_MS;
  const writes = request.method !== "GET";
  const target = { region: regionOf(world, route, request.url), timeoutMs, writes };
  const answer = await callArm(world, vantage, target, () => {
    if (!request.headers.get("authorization")?.startsWith("Bearer ")) return unauthorized();
    const refused = refusedFor(world, vantage, route);
    if (refused !== null) return refused;
    return answerArm(world, route, {
      url: request.url,
      endpoint: url.origin,
      apiVersion: url.searchParams.get("api-version") ?? "",
      body: typeof request.body === "string" ? request.body : "",
      from: vantage,
    });
  });
  switch (answer.kind) {
    case "answered":
      return toPipeline(world, request, answer.value);
    case "error":
      return toPipeline(world, request, failed(answer.error));
    case "no-name":
      throw new RestError(`getaddrinfo ENOTFOUND ${url.hostname}`, { code: "ENOTFOUND", request });
    case "silent":
      if (request.timeout > 0) throw aborted();
      throw new RestError("read ECONNRESET", { code: "ECONNRESET", request });
    default:
      return answer satisfies never;
  }
}

/** The region whose part of Resource Manager has to answer. */
function regionOf(world: World, route: ArmRoute, url: string): string {
  switch (route.kind) {
    case "group":
    case "groups":
    case "failover":
      return route.region;
    case "poll":
      return world.pollUrls.get(url)?.region ?? "nowhere";
    case "nothing":
      return "nowhere";
    default: {
      const at = findInstance(world, route);
      return at === null ? "nowhere" : at.group.group[at.side].region;
    }
  }
}

function toPipeline(
  world: World,
  request: PipelineRequest,
  { status, headers, body }: ArmResponse,
): PipelineResponse {
  const always = {
    date: new Date(world.at).toUTCString(),
    "x-ms-request-id": world.guid("request"),
    "x-ms-correlation-request-id": world.guid("correlation"),
  };
  return {
    request,
    status,
    headers: createHttpHeaders({ ...always, ...headers }),
    bodyAsText: body,
  };
}

type Abort = NonNullable<PipelineRequest["abortSignal"]>;

function abortOf(signal: Abort): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(aborted());
    else signal.addEventListener("abort", () => reject(aborted()));
  });
}

function aborted(): AbortError {
  return new AbortError(
    "The operation was aborted. Rejecting from abort signal callback while making request.",
  );
}
