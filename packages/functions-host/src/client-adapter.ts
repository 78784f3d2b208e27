// Lets the durable client talk to hosts in this process without a socket.

import { requireFrom } from "./core-api.ts";
import type { HttpAnswer, HttpRequest } from "./http-message.ts";

type Handler = (request: HttpRequest, path: string) => Promise<HttpAnswer>;

interface AxiosConfig {
  url?: string;
  method?: string;
  data?: unknown;
  headers?: { toJSON?(): Record<string, unknown> };
}

interface AxiosResponse {
  data: string;
  status: number;
  statusText: string;
  headers: Record<string, string>;
  config: AxiosConfig;
  request: object;
}

type Adapter = (config: AxiosConfig) => Promise<AxiosResponse>;

interface Axios {
  defaults: { adapter: unknown };
  getAdapter(adapters: unknown): Adapter;
}

/** RPC addresses of the hosts that live in this process; null: that host is gone. */
const handlers = new Map<string, Handler | null>();
const adapted = new WeakSet<Axios>();
let lastPort = 17_070;

/** Gives a host an RPC address of its own, until it is released. */
export function serveRpc(handler: Handler): { rpcBaseUrl: string; release(): void } {
  lastPort++;
  const rpcBaseUrl = `http://127.0.0.1:${lastPort}/durabletask/`;
  handlers.set(rpcBaseUrl, handler);
  const release = (): void => {
    handlers.set(rpcBaseUrl, null);
  };
  return { rpcBaseUrl, release };
}

/** Adapts the copy of axios that the durable library seen from `from` uses. */
export function adaptDurableClient(from: string): void {
  const durable = requireFrom(from).resolve("durable-functions");
  const loaded: unknown = requireFrom(durable)("axios");
  const axios = asAxios(loaded);
  if (adapted.has(axios)) return;
  adapted.add(axios);
  const original = axios.getAdapter(axios.defaults.adapter);
  axios.defaults.adapter = (config: AxiosConfig) => {
    const url = config.url ?? "";
    const base = /^http:\/\/127\.0\.0\.1:\d+\/durabletask\//.exec(url)?.[0] ?? "";
    const handler = handlers.get(base);
    if (handler === undefined) return original(config);
    if (handler === null) return Promise.reject(new Error(`connect ECONNREFUSED ${base}`));
    return call(handler, url, base, config);
  };
}

function asAxios(loaded: unknown): Axios {
  const holder = loaded as { default?: Axios } & Axios;
  return holder.default ?? holder;
}

async function call(
  handler: Handler,
  url: string,
  base: string,
  config: AxiosConfig,
): Promise<AxiosResponse> {
  const parsed = new URL(url);
  const answer = await handler(
    {
      method: (config.method ?? "get").toUpperCase(),
      url: parsed,
      headers: lowerCased(config.headers?.toJSON?.() ?? {}),
      body: bytesOf(config.data),
    },
    parsed.pathname.slice(new URL(base).pathname.length),
  );
  return {
    data: Buffer.from(answer.body).toString("utf8"),
    status: answer.status,
    statusText: "",
    headers: Object.fromEntries(answer.headers),
    config,
    request: {},
  };
}

function lowerCased(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function bytesOf(data: unknown): Uint8Array | null {
  if (data === undefined || data === null) return null;
  return typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(0);
}
