// Routes HTTP calls to functions and turns what they return into answers.

import { clientInputs } from "./client-inputs.ts";
import type { RpcCookie, RpcData, RpcHttp } from "./core-api.ts";
import { emptyAnswer, type HttpAnswer, type HttpRequest, mergedQuery } from "./http-message.ts";
import { compileRoute, type RouteMatcher } from "./http-route.ts";
import type { Keys } from "./keys.ts";
import { mayCall } from "./keys.ts";
import type { RegisteredFunction } from "./worker.ts";
import type { Invoked, WorkerSlot } from "./worker-slot.ts";

interface Route {
  fn: RegisteredFunction;
  methods: readonly string[];
  match: RouteMatcher;
}

export interface HttpFunctionsOptions {
  functions: readonly RegisteredFunction[];
  routePrefix: string;
  keys: Keys;
  slot: WorkerSlot;
  newId(): string;
  /** The durable client's data, for the functions that ask for it. */
  durableClient(): string;
  log(level: string, message: string): void;
}

/** The HTTP functions of an app, by route. */
export class HttpFunctions {
  private readonly options: HttpFunctionsOptions;
  private readonly routes: readonly Route[];

  constructor(options: HttpFunctionsOptions) {
    this.options = options;
    const prefix = options.routePrefix === "" ? "" : `${options.routePrefix}/`;
    // No specificity: the alphabet of the function names decides who is asked first.
    this.routes = options.functions
      .filter((fn) => fn.kind === "http")
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .map((fn) => ({
        fn,
        methods: methodsOf(fn),
        match: compileRoute(`${prefix}${String(fn.trigger.route ?? fn.name)}`),
      }));
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const segments = segmentsOf(request.url);
    if (segments === null) return emptyAnswer(404);
    for (const { fn, methods, match } of this.routes) {
      if (!methods.includes(request.method)) continue;
      const params = match(segments);
      if (params === null) continue;
      const level = String(fn.trigger.authLevel ?? "anonymous").toLowerCase();
      if (!mayCall(level, request, this.options.keys)) return emptyAnswer(401);
      return this.invoke(fn, request, params);
    }
    return emptyAnswer(404);
  }

  private async invoke(
    fn: RegisteredFunction,
    request: HttpRequest,
    params: Record<string, string>,
  ): Promise<HttpAnswer> {
    const { slot, newId, log } = this.options;
    const inputData = [
      { name: fn.triggerName, data: { http: rpcRequest(request, params) } as RpcData },
    ];
    inputData.push(...clientInputs(fn, this.options.durableClient()));
    const outcome = await slot.invoke({ invocationId: newId(), functionName: fn.name, inputData });
    return answerFrom(outcome, (problem) =>
      log("error", `Executed 'Functions.${fn.name}' (Failed): ${problem}`),
    );
  }
}

function methodsOf(fn: RegisteredFunction): readonly string[] {
  const methods = fn.trigger.methods;
  const given = Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [];
  return given.length > 0 ? given : ["GET", "POST"];
}

/** The path in segments; one slash too many at the end is forgiven, elsewhere it is not. */
function segmentsOf(url: URL): readonly string[] | null {
  const segments = url.pathname.replace(/^\//, "").replace(/\/$/, "").split("/");
  return segments.includes("") ? null : segments;
}

function rpcRequest(request: HttpRequest, params: Record<string, string>): RpcHttp {
  const body = request.body !== null && request.body.length > 0 ? { bytes: request.body } : null;
  return {
    method: request.method,
    url: request.url.href,
    nullableHeaders: wrap(Object.entries(request.headers)),
    nullableQuery: wrap(mergedQuery(request.url)),
    nullableParams: wrap(Object.entries(params)),
    ...(body === null ? {} : { body }),
  };
}

function wrap(entries: Iterable<[string, string]>): Record<string, { value: string }> {
  return Object.fromEntries([...entries].map(([key, value]) => [key, { value }]));
}

function answerFrom(outcome: Invoked, onProblem: (problem: string) => void): HttpAnswer {
  if (outcome.kind !== "returned") {
    onProblem(outcome.kind === "threw" ? outcome.message : outcome.kind);
    return emptyAnswer(500);
  }
  const http = outcome.response.returnValue?.http;
  if (http === undefined) return emptyAnswer(204);
  const status = Number(http.statusCode ?? 200);
  const headers = Object.entries(http.headers ?? {}).map(([k, v]) => [k, v] as const);
  const cookies = (http.cookies ?? []).map((one) => ["set-cookie", cookieText(one)] as const);
  const body = http.body?.bytes ?? new Uint8Array(0);
  return { status, headers: [...headers, ...cookies], body };
}

function cookieText(cookie: RpcCookie): string {
  const sameSite = { lax: "lax", strict: "strict", explicitNone: "none" }[cookie.sameSite ?? ""];
  const expires = cookie.expires?.value;
  const parts = [
    `${encodeURIComponent(cookie.name ?? "")}=${encodeURIComponent(cookie.value ?? "")}`,
    expires === undefined ? null : `expires=${expiryDate(expires).toUTCString()}`,
    cookie.maxAge && `max-age=${Math.floor(cookie.maxAge.value)}`,
    cookie.domain && `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? "/"}`,
    cookie.secure?.value && "secure",
    sameSite && `samesite=${sameSite}`,
    cookie.httpOnly?.value && "httponly",
  ];
  return parts.filter((part) => typeof part === "string").join("; ");
}

function expiryDate(value: { seconds: number } | Date | number): Date {
  if (value instanceof Date) return value;
  return new Date(typeof value === "number" ? value : value.seconds * 1000);
}
