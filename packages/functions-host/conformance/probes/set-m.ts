// Set m: entities, which our host refuses. The probes only ask as far as the refusal.

import { type Bench, brief } from "../bench.ts";
import { toJson } from "../json.ts";
import type { Probe } from "../probe.ts";

const ORCHESTRATORS = {
  "m1.EntityOps": "EntityOps",
  "m2.EntityErr": "EntityErr",
  "m3.EntityOrder 20 signals": "EntityOrder",
  "m4.LockTwo": "LockTwo",
  "m5.EntityDel": "EntityDel",
  "m6.Lock contention": "Lock",
};

function orchestrator(id: string, name: string): Probe {
  return async (bench) => {
    const instanceId = bench.idFor(id);
    await bench.start(name, instanceId, {});
    return { [id]: { observed: brief(await bench.settle(instanceId, 5000)) } };
  };
}

const fromClient: Probe = async (bench) => {
  const counter = { $entity: ["Ctr", bench.run] };
  const signal = toJson(await bench.client("signalEntity", counter, "add", 1));
  return {
    "m6.state": { observed: toJson(await bench.client("readEntityState", counter)) },
    "m7.20 client signals in sequence": { observed: signal },
    "m7b.20 parallel client signals": { observed: signal },
  };
};

async function entityOverHttp(bench: Bench): Promise<string> {
  return (await bench.webhook("GET", "entities/Ctr/x")).text;
}

const overHttp: Probe = async (bench) => ({
  "m8.entity http": { observed: await entityOverHttp(bench) },
});

export const setM: readonly Probe[] = [
  ...Object.entries(ORCHESTRATORS).map(([id, name]) => orchestrator(id, name)),
  fromClient,
  overHttp,
];
