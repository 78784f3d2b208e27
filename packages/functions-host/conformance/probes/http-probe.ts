import type { Bench } from "../bench.ts";
import type { Json } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";

type Requests = Readonly<Record<string, WireRequest>>;

/** Asks one by one and keeps of each answer what `keep` keeps. */
export function table(
  id: string,
  requests: Requests | ((bench: Bench) => Requests),
  keep: (answer: WireAnswer) => Json,
): Probe {
  return async (bench) => {
    const observed: Record<string, Json> = {};
    const rows = typeof requests === "function" ? requests(bench) : requests;
    for (const [key, request] of Object.entries(rows))
      observed[key] = keep(await bench.wire(request));
    return { [id]: { observed } };
  };
}

/** Asks once and keeps of the answer what `keep` keeps. */
export function one(id: string, request: WireRequest, keep: (answer: WireAnswer) => Json): Probe {
  return async (bench) => ({ [id]: { observed: keep(await bench.wire(request)) } });
}

export const get = (path: string): WireRequest => ({ path: `/api/${path}` });
export const by = (method: string, path: string): WireRequest => ({ method, path: `/api/${path}` });
