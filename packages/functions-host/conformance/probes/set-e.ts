// Set e: status and management.

import { type Bench, brief } from "../bench.ts";
import { at, isObject, type Json, parseJsonOrText, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { WireAnswer } from "../wire.ts";
import { pair } from "./set-b-management.ts";

const statusAtOnce: Probe = async (bench) => {
  const instanceId = `${bench.run}-e1p`;
  await bench.start("Wait", instanceId, {});
  const answer = await bench.webhook(
    "GET",
    `instances/${instanceId}`,
    undefined,
    "&showHistory=true",
  );
  const status = parseJsonOrText(answer.text);
  return {
    "e1.status right after start": {
      observed: {
        http: answer.status,
        status: at(status, "runtimeStatus") ?? null,
        hasHistory: isObject(status) && "historyEvents" in status,
      },
    },
  };
};

const failed: Probe = async (bench) => {
  const instanceId = `${bench.run}-e3`;
  await bench.start("OrchThrow", instanceId, {});
  await bench.settle(instanceId, 10_000);
  const get = (query: string): Promise<WireAnswer> =>
    bench.webhook("GET", `instances/${instanceId}`, undefined, query);
  const waited = await bench.get(`/api/waitfor/${instanceId}?t=3000`);
  return {
    "e3.status of a failed instance": {
      observed: {
        plain: (await get("")).status,
        asError: (await get("&returnInternalServerErrorOnFailure=true")).status,
        waitFor: [waited.status, at(parseJsonOrText(waited.text), "runtimeStatus") ?? null],
      },
    },
  };
};

const endings: Probe = async (bench) => {
  const running = `${bench.run}-e4`;
  await bench.start("Wait", running, {});
  await bench.pause(1000);
  const purge = await bench.webhook("DELETE", `instances/${running}`);
  const restart = await bench.webhook(
    "POST",
    `instances/${running}/restart`,
    undefined,
    "&restartWithNewInstanceId=false",
  );
  await bench.client("terminate", running, "because & more");
  const end = await bench.settle(running, 10_000);
  const restarted = parseJsonOrText(restart.text);
  return {
    "e4.purge of a running instance": { observed: pair(purge) },
    "e4.restart of a running instance": {
      observed: [
        restart.status,
        at(restarted, "Message") ?? null,
        at(restarted, "ExceptionMessage") ?? null,
      ],
    },
    "e4.terminate with a reason that is not escaped": { observed: brief(end) },
  };
};

const customStatus: Probe = async (bench) => {
  const answers: Record<string, Json> = {};
  for (const n of [8192 - 2, 16_383]) {
    const instanceId = `${bench.run}-e6-${n}`;
    await bench.start("Custom", instanceId, { n });
    const { status } = await bench.settle(instanceId, 10_000);
    answers[n] = toJson([status?.runtimeStatus, status?.output]);
  }
  return { "e6.size of the custom status": { observed: answers } };
};

/** On a host of its own: the lists must be empty before. */
const lists: Probe = async (bench) => {
  for (const n of [1, 2, 3]) await bench.start("InputEcho", `${bench.run}-e7-${n}`, { n });
  await bench.pause(2000);
  const list = (query: string): Promise<WireAnswer> =>
    bench.webhook("GET", "instances/", undefined, query);
  const [all, top] = [await list(""), await list("&top=2")];
  const filterless = await bench.webhook(
    "DELETE",
    "instances/",
    undefined,
    "&runtimeStatus=Failed",
  );
  const nothing = await bench.webhook(
    "DELETE",
    "instances/",
    undefined,
    "&createdTimeFrom=2001-01-01T00:00:00Z&createdTimeTo=2001-01-02T00:00:00Z",
  );
  return {
    "e7.lists": {
      observed: {
        all: [all.status, inputsIn(all)],
        top: [top.status, inputsIn(top).length, typeof top.headers["x-ms-continuation-token"]],
        withoutInput: inputsIn(await list("&showInput=false")),
        completedOrFailed: inputsIn(await list("&runtimeStatus=Completed&runtimeStatus=Failed"))
          .length,
        failed: inputsIn(await list("&runtimeStatus=Failed")).length,
        unknownStatus: inputsIn(await list("&runtimeStatus=Nonsense")).length,
        purgeWithoutFilter: pair(filterless),
        purgeNothing: nothing.status,
      },
    },
  };
};

function inputsIn(answer: WireAnswer): readonly Json[] {
  const list = parseJsonOrText(answer.text);
  return (Array.isArray(list) ? list : [])
    .map((status) => at(status, "input") ?? null)
    .sort(byText);
}

const byText = (a: Json, b: Json): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

const auth: Probe = async (bench) => {
  const { keys } = bench.target;
  const status = async (method: string, path: string, code?: string): Promise<number> => {
    const query = code === undefined ? "" : `?code=${encodeURIComponent(code)}`;
    return (await bench.wire({ method, path: `/runtime/webhooks/durabletask/${path}${query}` }))
      .status;
  };
  return {
    "e8.keys and routes of the webhooks": {
      observed: {
        none: await status("GET", "instances/nope"),
        wrong: await status("GET", "instances/nope", "wrong"),
        host: await status("GET", "instances/nope", keys.host),
        system: await status("GET", "instances/nope", keys.system),
        master: await status("GET", "instances/nope", keys.master),
        unknownPath: await status("GET", "nosuch", keys.system),
        put: await status("PUT", "instances/nope", keys.system),
        badOperation: await status("POST", "instances/nope/explode", keys.system),
      },
    },
  };
};

const createAndWait: Probe = async (bench) => {
  const post = async (name: string, query: string): Promise<[WireAnswer, number]> => {
    const startMs = bench.target.nowMs();
    const answer = await bench.webhook("POST", `orchestrators/${name}`, { a: 1 }, query);
    return [answer, bench.target.nowMs() - startMs];
  };
  const [done, doneMs] = await post("InputEcho", "&timeout=10&pollingInterval=1");
  const [late, lateMs] = await post("Wait", "&timeout=3&pollingInterval=1");
  return {
    "e10.create and wait": {
      observed: {
        done: [done.status, parseJsonOrText(done.text)],
        doneMs,
        late: [late.status, typeof at(parseJsonOrText(late.text), "statusQueryGetUri")],
        lateMs,
      },
    },
  };
};

export const setE: readonly Probe[] = [
  lists,
  statusAtOnce,
  failed,
  endings,
  customStatus,
  auth,
  createAndWait,
];

async function rewound(bench: Bench, name: string): Promise<Json> {
  const instanceId = `${bench.run}-rw-${name}`;
  await bench.start(name, instanceId, {});
  const before = brief(await bench.settle(instanceId, 10_000));
  const rewind = await bench.webhook(
    "POST",
    `instances/${instanceId}/rewind`,
    undefined,
    "&reason=r",
  );
  await bench.pause(3000);
  const after = await bench.settle(instanceId, 10_000);
  const events = after.status?.historyEvents?.map(({ EventType }) => String(EventType)) ?? [];
  const rewritten = events.includes("GenericEvent");
  return { before: before.s ?? null, http: pair(rewind), after: brief(after), rewritten };
}

/** In an app of its own: the recorded list of orchestrators has no room for these. */
export const rewinding: Probe = async (bench) => ({
  "e3.rewind of a failed activity": { observed: await rewound(bench, "RewindMe") },
  "e3.rewind of a failed orchestrator": { observed: await rewound(bench, "RewindThrower") },
});
