// Set c: what a value is after it went through an input, an output, an event.

import { type Bench, brief } from "../bench.ts";
import { isObject, type Json, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";

const OBJECT = { a: 1, Timestamp: "2025-01-01T00:00:00Z" };
const VALUES: Readonly<Record<string, Json>> = {
  true: true,
  false: false,
  null: null,
  string: "abc",
  digits: "123",
  jsonText: '{"a":1}',
  empty: "",
  zero: 0,
  number: 1.5,
  array: [1, "a", null],
  object: OBJECT,
};

/** Starts one instance for each value and keeps what each of them made of it. */
async function each(
  bench: Bench,
  probe: string,
  begin: (instanceId: string, value: Json) => Promise<unknown>,
): Promise<Json> {
  const outputs = await Promise.all(
    Object.entries(VALUES).map(async ([key, value]) => {
      const instanceId = `${bench.run}-${probe}-${key}`;
      await begin(instanceId, value);
      return [key, brief(await bench.settle(instanceId, 10_000)).out ?? null] as const;
    }),
  );
  return Object.fromEntries(outputs);
}

const inputs: Probe = async (bench) => ({
  "c1.startNew inputs": {
    observed: await each(bench, "c1", (id, value) => bench.start("InputEcho", id, value)),
  },
});

const noInput: Probe = async (bench) => {
  const [byClient, byHttp] = [`${bench.run}-c1none`, `${bench.run}-c2none`];
  await bench.start("InputEcho", byClient);
  await bench.webhook("POST", `orchestrators/InputEcho/${byHttp}`);
  return {
    "c1.no input": { observed: brief(await bench.settle(byClient, 10_000)) },
    "c2.HTTP without body": { observed: brief(await bench.settle(byHttp, 10_000)) },
  };
};

const bodies: Probe = async (bench) => ({
  "c2.HTTP bodies": {
    observed: await each(bench, "c2", (id, value) =>
      bench.webhook("POST", `orchestrators/InputEcho/${id}`, value),
    ),
  },
});

function byName(id: string, name: string, input: Json): Probe {
  return async (bench) => {
    const instanceId = bench.idFor(id);
    await bench.start(name, instanceId, input);
    return { [id]: { observed: toJson((await bench.settle(instanceId, 15_000)).status?.output) } };
  };
}

const events: Probe = async (bench) => ({
  "c7.event data": {
    observed: await each(bench, "c7", async (id, value) => {
      await bench.start("WaitDesc", id, {});
      await bench.pause(1000);
      await bench.raise(id, "go", value);
    }),
  },
});

/** Nothing was written down of a buffer, of negative zero and of 2 ** 53 + 1. */
const UNDESCRIBED = new Set(["buf", "neg", "big64"]);

const activityResults: Probe = async (bench) => {
  const instanceId = `${bench.run}-c4`;
  await bench.start("Returns", instanceId, {});
  const output = toJson((await bench.settle(instanceId, 15_000)).status?.output);
  const described = Object.entries(isObject(output) ? output : {}).filter(
    ([key]) => !UNDESCRIBED.has(key),
  );
  return { "c4.activity results": { observed: Object.fromEntries(described) } };
};

const list = Object.values(VALUES);

export const setC: readonly Probe[] = [
  inputs,
  noInput,
  bodies,
  byName("c3.activity inputs", "ActInputs", { list }),
  activityResults,
  byName("c5.child inputs", "SubInputs", { list }),
  byName("c6.child outputs", "SubRets", {}),
  events,
];
