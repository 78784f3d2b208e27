import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
} from "@azure/core-rest-pipeline";
import type { SendRequest } from "../../shared/azure/peers.ts";
import type { Site } from "../../shared/domain/group.ts";
import { createSiteFetch } from "../../simulator/azure/site-fetch.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import type { World } from "../../simulator/azure/world/world.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Larger than anything that the app sends. */
const BODY_BYTES_MAX = 4_000_000;
/** What Azure's own clients send. */
const METHODS: readonly HttpMethods[] = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"];
const OF_THE_NETWORK: ReadonlySet<unknown> = new Set(["ECONNRESET", "ENOTFOUND"]);

/**
 * Answers what one site sends over HTTP, by the services of the simulated Azure. Silence is a connection that is
 * left open for as long as the caller waits; what ends in an error of the network ends the connection.
 */
export function createAnswering(
  world: World,
  site: Site,
  others: { readonly send: SendRequest; readonly webhook: string },
): (request: IncomingMessage, response: ServerResponse, origin: string) => Promise<void> {
  const wire = createWire(world, site);
  const siteFetch = createSiteFetch(world, site, others);

  /** Pages, sites and the webhook first: Azure answers for every name that is none of those. */
  const answer = async (
    request: IncomingMessage,
    url: string,
    signal: AbortSignal,
  ): Promise<Answer> => {
    const { method = "GET" } = request;
    const headers = plainHeaders(request);
    const body = await readBody(request);
    const carried = body === "" ? {} : { body };
    const page = await siteFetch(url, { method, headers, signal, ...carried }).catch(noName);
    if (page !== null) {
      return { status: page.status, headers: headersOf(page), body: await page.text() };
    }
    const known = METHODS.find((each) => each === method);
    if (known === undefined) return { status: 405, headers: {}, body: "" };
    const asked = createPipelineRequest({
      ...{ url, method: known, headers: createHttpHeaders(headers) },
      ...{ abortSignal: signal, timeout: 0, allowInsecureConnection: true },
      ...carried,
    });
    const { status, headers: said, bodyAsText } = await wire.sendRequest(asked);
    return { status, headers: said.toJSON(), body: bodyAsText ?? "" };
  };

  return async (request, response, origin) => {
    const ending = new AbortController();
    response.once("close", () => ending.abort());
    try {
      const { status, headers, body } = await answer(
        request,
        `${origin}${request.url}`,
        ending.signal,
      );
      response.writeHead(status, headers);
      response.end(body);
    } catch (error) {
      request.socket.destroy();
      // What the network does to who asked. Whatever else it is, is a fault of this world.
      if (!ending.signal.aborted && !OF_THE_NETWORK.has(codeOf(error))) throw error;
    }
  };
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    ),
  );
}

function headersOf(page: Response): Record<string, string> {
  return Object.fromEntries(page.headers);
}

/** Null: nobody of that name among the pages. */
function noName(error: unknown): null {
  if (codeOf(error) === "ENOTFOUND") return null;
  throw error;
}

/** The network's code for what became of a request; `fetch` has it in the cause. */
function codeOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return null;
  if ("code" in error) return error.code;
  return "cause" in error ? codeOf(error.cause) : null;
}

/** The whole body as text; throws at one that nobody could have meant. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`Cannot read a body: too large: ${bytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
