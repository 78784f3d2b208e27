// The rest of set i: time, size, the host's own routes; and set n: what a function knows of its context.

import type { Bench } from "../bench.ts";
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  parseJsonOrText,
  toJson,
} from "../json.ts";
import type { Probe } from "../probe.ts";
import { type OrchestrationProbe, orchestrationProbe } from "./orchestration-probe.ts";
import { pair } from "./set-b-management.ts";

const streamed: Probe = async (bench) => {
  const startMs = bench.target.nowMs();
  const answer = await bench.get("/api/streamresp");
  const tookMs = bench.target.nowMs() - startMs;
  return {
    "i12.stream response": {
      observed: {
        s: answer.status,
        text: answer.text,
        chunkTimes: answer.chunkAtMs.map(() => tookMs),
        h: toJson(answer.headers),
      },
    },
  };
};

const concurrent: Probe = async (bench) => {
  const startMs = bench.target.nowMs();
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => bench.get("/api/slow?ms=1000")));
  const ms = bench.target.nowMs() - startMs;
  return {
    "i13.5 concurrent slow(1 s)": { observed: { ms, s: answers.map(({ status }) => status) } },
  };
};

const large: Probe = async (bench) => {
  const answer = await bench.get("/api/bigresp?n=6000000");
  return { "i14.6 MB response": { observed: { s: answer.status, len: answer.text.length } } };
};

const late: Probe = async (bench) => ({
  "i15.late registration": { observed: pair(await bench.get("/api/late")) },
  "i19.loglevels": { observed: pair(await bench.get("/api/loglevels")) },
});

const environment: Probe = async (bench) => ({
  "i17.env": { observed: parseJsonOrText((await bench.get("/api/env")).text) },
});

const LISTED = ["dump", "Echo", "Wait"];

const admin: Probe = async (bench) => {
  const keyed = (path: string): string =>
    `${path}?code=${encodeURIComponent(bench.target.keys.master)}`;
  const list = await bench.get(keyed("/admin/functions"));
  return {
    "i18.admin": {
      observed: {
        hoststatusNoKey: pair(await bench.get("/admin/host/status")),
        hoststatus: pair(await bench.get(keyed("/admin/host/status"))),
        fnlist: [list.status, functionsNamed(parseJsonOrText(list.text))],
        ping: pair(await bench.wire({ method: "POST", path: "/admin/host/ping" })),
        warmup: pair(await bench.get(keyed("/admin/warmup"))),
      },
    },
  };
};

function functionsNamed(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return LISTED.flatMap((name) => list.filter((entry) => at(entry, "name") === name));
}

async function httpContext(
  bench: Bench,
  id: string,
  method: string,
  headers: Record<string, string>,
): Promise<JsonObject> {
  const answer = await bench.wire({
    method,
    path: `/api/ctx/${encodeURIComponent(id)}`,
    headers,
    ...(method === "POST" && { body: "x" }),
  });
  const context = parseJson(answer.text);
  return isObject(context) ? context : {};
}

const httpContexts: Probe = async (bench) => ({
  "n1.http ctx": { observed: await httpContext(bench, "p", "GET", {}) },
  "n1b.http ctx POST traceparent": {
    observed: await httpContext(bench, "p", "POST", {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }),
  },
});

const rows: readonly OrchestrationProbe[] = [
  { id: "n2.orch+activity ctx", name: "CtxDump", input: { a: 1 } },
  { id: "n3.sub ids", name: "CtxParent", input: {}, also: ["history", "times"] },
  { id: "n4.newGuid", name: "Guid", input: {} },
];

export const setIMore: readonly Probe[] = [
  streamed,
  concurrent,
  large,
  late,
  environment,
  admin,
  httpContexts,
  ...rows.map(orchestrationProbe),
];
