// The front door of a host: who answers which address, and what every answer carries.

import type { Clock } from "./clock.ts";
import type { DurableHttp } from "./durable-http.ts";
import type { HttpFunctions } from "./http-functions.ts";
import { emptyAnswer, type HttpAnswer, type HttpRequest, textAnswer } from "./http-message.ts";
import { type Keys, webhookRefusal } from "./keys.ts";

export interface FrontOptions {
  clock: Clock;
  keys: Keys;
  functions: HttpFunctions;
  durable: DurableHttp;
  admin(request: HttpRequest): HttpAnswer;
}

const WEBHOOKS = "/runtime/webhooks/durabletask";
const TITLE = "Your Azure Function App is up and running.";
const PAGE = `<!DOCTYPE html>\n<html>\n<head>\n    <title>${TITLE}</title>\n</head>\n<body>\n    <h1>${TITLE}</h1>\n</body>\n</html>\n`;

/** Routes a request and finishes its answer. */
export class Front {
  private readonly options: FrontOptions;

  constructor(options: FrontOptions) {
    this.options = options;
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const answer = isAscii(request) ? await this.route(readable(request)) : emptyAnswer(400);
    return { ...answer, headers: [...answer.headers, ...this.standardHeaders(answer, request)] };
  }

  private async route(request: HttpRequest): Promise<HttpAnswer> {
    const { functions, durable, admin, keys } = this.options;
    const path = request.url.pathname.toLowerCase();
    if (path === "/" && request.method === "GET") return textAnswer(200, "text/html", PAGE);
    if (path.startsWith("/admin/")) return admin(request);
    if (!path.startsWith(`${WEBHOOKS}/`)) return functions.answer(request);
    const refusal = webhookRefusal(request, keys);
    if (refusal !== null) return emptyAnswer(refusal);
    return durable.answer(request, request.url.pathname.slice(WEBHOOKS.length));
  }

  private standardHeaders({ status, body }: HttpAnswer, request: HttpRequest): [string, string][] {
    const date = new Date(this.options.clock.now()).toUTCString();
    const headers: [string, string][] = [
      ["date", date],
      ["server", "Kestrel"],
    ];
    if (request.headers.connection === "close") headers.push(["connection", "close"]);
    if (status === 204 || status === 304 || request.method === "HEAD") return headers;
    headers.push(body.length === 0 ? ["content-length", "0"] : ["transfer-encoding", "chunked"]);
    return headers;
  }
}

function isAscii({ headers }: HttpRequest): boolean {
  return Object.values(headers).every((value) => /^[\t\x20-\x7e]*$/.test(value));
}

/** A body that comes in chunks has no length, and is not read. */
function readable(request: HttpRequest): HttpRequest {
  return request.headers["transfer-encoding"] === undefined ? request : { ...request, body: null };
}
