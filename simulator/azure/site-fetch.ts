import type { WireReply, WireRequest } from "./arm/wire-reply.ts";
import { answerReference, asksReference } from "./data/references-service.ts";
import { answerWebhook } from "./data/webhook-service.ts";
import type { Vantage, World } from "./world/world.ts";

/** Without a signal of its own a request hangs until the network gives it up. */
const NETWORK_PATIENCE_MS = 300_000;
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304]);

interface Others {
  /** HTTP to another site, through the world's network. */
  readonly send: (request: {
    readonly method: "GET" | "POST";
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
  }) => Promise<{ readonly status: number; readonly text: string }>;
  /** Where people are told of events. */
  readonly webhook: string;
}

/** `fetch` of one site: to the other sites, to reference targets that are pages, to the webhook. */
export function createSiteFetch(
  world: World,
  vantage: Vantage,
  others: Others,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const request = siteRequest(url, init);
    const answer = answerOf(world, vantage, others, request);
    const reply = await (init.signal ? Promise.race([answer, abortOf(init.signal)]) : answer);
    switch (reply.kind) {
      case "answer": {
        const { status } = reply;
        const bare = WITHOUT_BODY.has(status) || request.method === "HEAD";
        return new Response(bare ? null : reply.body, { status, headers: { ...reply.headers } });
      }
      case "no-name":
        throw failedFetch("ENOTFOUND");
      case "silent":
        throw failedFetch("ECONNRESET");
      default:
        return reply satisfies never;
    }
  };
}

async function answerOf(
  world: World,
  vantage: Vantage,
  { send, webhook }: Others,
  request: SiteRequest,
): Promise<WireReply> {
  const { url, method, headers, timeoutMs } = request;
  if (url.href === new URL(webhook).href) return answerWebhook(world, vantage, request);
  if (asksReference(world, request)) return answerReference(world, vantage, request);
  const site = world.sites.find((each) => url.href.startsWith(`${each.url}/`));
  if (site === undefined) return { kind: "no-name" };
  const asked = { url: url.href, headers, timeoutMs };
  const answer = send({ ...asked, method: method === "POST" ? "POST" : "GET" });
  return answer.then(
    ({ status, text }): WireReply => ({ kind: "answer", status, headers: {}, body: text }),
    (): WireReply => ({ kind: "silent" }),
  );
}

interface SiteRequest extends WireRequest {
  readonly headers: Readonly<Record<string, string>>;
}

function siteRequest(url: string, init: RequestInit): SiteRequest {
  const headers = new Headers(init.headers);
  return {
    method: init.method ?? "GET",
    url: new URL(url),
    header: (name) => headers.get(name),
    headers: Object.fromEntries(headers),
    body: typeof init.body === "string" ? init.body : "",
    timeoutMs: NETWORK_PATIENCE_MS,
  };
}

function failedFetch(code: string): TypeError {
  return new TypeError("fetch failed", { cause: { code } });
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new DOMException("This operation was aborted", "AbortError"));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
