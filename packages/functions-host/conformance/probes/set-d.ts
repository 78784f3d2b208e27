// Set d: starting an instance whose id is already there, racing starts, odd ids and names.

import { type Bench, brief, briefOf } from "../bench.ts";
import { at, type Json, toJson } from "../json.ts";
import type { Answer, Probe } from "../probe.ts";
import type { WireAnswer } from "../wire.ts";

/** Starts over HTTP; of an accepted start only that a payload came was kept. */
async function post(bench: Bench, name: string, instanceId: string, input: Json): Promise<Json> {
  return started(
    await bench.webhook("POST", `orchestrators/${name}/${encodeURIComponent(instanceId)}`, input),
  );
}

function started({ status, text }: WireAnswer): Json {
  return [status, status === 202 ? "payload" : text];
}

async function startByClient(
  bench: Bench,
  name: string,
  instanceId: string,
  input: Json,
): Promise<Json> {
  const answer = await bench.client("startNew", name, { instanceId, input });
  return toJson(answer.ok ? "ok" : answer.err);
}

/** Asks for the same id twice, through the client and over HTTP. */
async function duplicate(
  bench: Bench,
  instanceId: string,
  n: number,
): Promise<{ client: Json; http: Json }> {
  const answer = await bench.client("startNew", "Wait", { instanceId, input: { n } });
  const http = await post(bench, "Wait", instanceId, { n });
  return { client: toJson(answer.ok ? { ok: answer.r } : answer.err), http };
}

/** d1 while it runs, then d5 after it was terminated. */
const running: Probe = async (bench) => {
  const instanceId = `${bench.run}-d1`;
  await bench.start("Wait", instanceId, { n: 1 });
  await bench.pause(2000);
  const before = await bench.status(instanceId);
  const again = await duplicate(bench, instanceId, 2);
  await bench.pause(2000);
  const now = await bench.status(instanceId);
  const d1: Answer = {
    observed: {
      ...again,
      inputNow: toJson(now?.input),
      status: toJson(now?.runtimeStatus),
      createdSame: before?.createdTime === now?.createdTime,
    },
  };
  await bench.client("terminate", instanceId, "x");
  await bench.settle(instanceId, 10_000);
  const afterEnd = await duplicate(bench, instanceId, 3);
  await bench.pause(2000);
  const last = await bench.status(instanceId);
  return {
    "d1.dup while Running": d1,
    "d5.dup after Terminated (client then http)": {
      observed: {
        ...afterEnd,
        now: { s: toJson(last?.runtimeStatus), input: toJson(last?.input) },
      },
    },
  };
};

const racing: Probe = async (bench) => {
  const instanceId = `${bench.run}-d2`;
  const answers = await Promise.all(
    [1, 2, 3, 4].map((n) => bench.client("startNew", "Wait", { instanceId, input: { n } })),
  );
  await bench.pause(2000);
  const status = await bench.status(instanceId);
  const rs = answers.map(({ ok, err }): Json => (ok ? "ok" : [at(toJson(err), "message") ?? null]));
  return {
    "d2.four racing starts": {
      observed: { rs, input: toJson(status?.input), s: toJson(status?.runtimeStatus) },
    },
  };
};

const atOnce: Probe = async (bench) => {
  const instanceId = `${bench.run}-d2b`;
  await bench.start("Wait", instanceId, { n: 1 });
  // The probe wanted to be earlier; when it was recorded the instance was Running already.
  await bench.pause(500);
  const again = await duplicate(bench, instanceId, 2);
  await bench.pause(2000);
  const status = await bench.status(instanceId);
  return {
    "d2b.dup immediately (Pending)": { observed: again },
    "d2b.after": { observed: { input: toJson(status?.input), s: toJson(status?.runtimeStatus) } },
  };
};

const afterEnd: Probe = async (bench) => {
  const d3 = `${bench.run}-d3`;
  await bench.start("InputEcho", d3, { n: 1 });
  await bench.settle(d3, 10_000);
  const again = await startByClient(bench, "InputEcho", d3, { n: 2 });
  const d3End = await bench.settle(d3, 10_000);

  const d4 = `${bench.run}-d4`;
  await bench.start("OrchThrow", d4, {});
  await bench.settle(d4, 10_000);
  const other = await startByClient(bench, "InputEcho", d4, { n: 2 });
  const d4End = await bench.settle(d4, 10_000);
  return {
    "d3.restart after Completed": {
      observed: { client: again, out: toJson(d3End.status?.output) },
    },
    "d4.start other orchestrator after Failed": {
      observed: {
        client: other,
        out: toJson(d4End.status?.output),
        name: toJson(d4End.status?.name),
      },
    },
  };
};

const suspended: Probe = async (bench) => {
  const instanceId = `${bench.run}-d6`;
  await bench.start("Wait", instanceId, { n: 1 });
  await bench.pause(1000);
  await bench.client("suspend", instanceId, "s");
  await bench.pause(1500);
  const again = await duplicate(bench, instanceId, 2);
  await bench.pause(1000);
  await bench.client("terminate", instanceId, "x");
  const end = await bench.settle(instanceId, 10_000);
  return {
    "d6.dup while Suspended": { observed: { ...again } },
    "d6.terminate while Suspended": { observed: brief(end) },
  };
};

const oddIds: Probe = async (bench) => {
  const ids: Record<string, string> = {
    at: "@bad",
    slash: "a/b",
    hash: "a#b",
    q: "a?b",
    back: "a\\b",
    ctl: "a\u0001b",
    long100: "l".repeat(100),
    long101: "l".repeat(101),
    long300: "l".repeat(300),
    space: `${bench.run} sp`,
    uni: `${bench.run}ü`,
    dots: `${bench.run}a.b:c@d`,
    empty: "",
  };
  const observed: Record<string, Json> = {};
  for (const [key, instanceId] of Object.entries(ids)) {
    // Over a network every call takes time: an id that two keys share has ended in between.
    await bench.pause(200);
    const answer = await bench.client("startNew", "EmptyId", { instanceId, input: {} });
    const client = answer.ok
      ? `ok ${String(answer.r).slice(0, 20)}`
      : (at(toJson(answer.err), "message") ?? null);
    observed[key] = { client, http: await post(bench, "EmptyId", instanceId, {}) };
  }
  return { "d7.instance ids": { observed } };
};

const oddNames: Probe = async (bench) => {
  const [byClient, byHttp] = [`${bench.run}-d8`, `${bench.run}-d8h`];
  const client = await startByClient(bench, "Nope", byClient, {});
  const http = await bench.webhook("POST", `orchestrators/Nope/${byHttp}`, {});
  await bench.settle(byHttp, 10_000);
  const activityName = await startByClient(bench, "Plain", `${bench.run}-d8a`, {});
  const observed: Json = {
    client,
    http: [http.status, http.text],
    status: [200, briefOf(await bench.status(byHttp))],
    activityName,
  };

  const lower = `${bench.run}-d8l`;
  const lowerClient = await startByClient(bench, "inputecho", lower, { a: 1 });
  const end = await bench.settle(lower, 10_000);
  return {
    "d8.unknown orchestrator / activity name": { observed },
    "d8.lower-case name": {
      observed: { client: lowerClient, ...brief(end), name: toJson(end.status?.name) },
    },
  };
};

const generatedId: Probe = async (bench) => {
  const { r } = await bench.client("startNew", "InputEcho", { input: {} });
  return {
    "d9.generated id": { observed: { r: toJson(r), ok: /^[0-9a-f]{32}$/.test(String(r)) } },
  };
};

export const setD: readonly Probe[] = [
  running,
  racing,
  atOnce,
  afterEnd,
  suspended,
  oddIds,
  oddNames,
  generatedId,
];
