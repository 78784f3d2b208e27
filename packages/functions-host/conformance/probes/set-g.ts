// Sets g and o: how long things take on a host with default settings.

import { type Bench, brief } from "../bench.ts";
import { isObject, type Json, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";

const pastTimer: Probe = async (bench) => {
  const instanceId = bench.idFor("g0.PastTimer");
  await bench.start("PastTimer", instanceId, {});
  return { "g0.PastTimer": { observed: brief(await bench.settle(instanceId, 30_000)) } };
};

/** Runs an orchestrator that returns a list of durations. */
async function durations(bench: Bench, probe: string, name: string, input: Json): Promise<Json> {
  const instanceId = bench.idFor(probe);
  await bench.start(name, instanceId, input);
  const end = await bench.settle(instanceId, 120_000);
  return toJson(end.status?.output);
}

const timers: Probe = async (bench) => {
  const id = "g1.30 timers of 2 s: lateness ms";
  const list = await durations(bench, id, "Timers", { n: 30, ms: 2000 });
  return { [id]: { observed: statistics(list), details: list } };
};

const activities: Probe = async (bench) => {
  const id = "g2.30 sequential activities: round trip ms";
  const list = await durations(bench, id, "Acts", { n: 30 });
  return { [id]: { observed: statistics(list), details: list } };
};

const events: Probe = async (bench) => {
  const id = "g3.30 external events: raise to orchestrator turn ms";
  const instanceId = bench.idFor(id);
  await bench.start("EvLat", instanceId, { n: 30 });
  for (let n = 0; n < 30; n++) {
    await bench.pause(500 + (n % 5) * 500);
    await bench.raise(instanceId, "tick", { t: bench.target.nowMs() });
  }
  const list = toJson((await bench.settle(instanceId, 30_000)).status?.output);
  return { [id]: { observed: statistics(list), details: list } };
};

const startToCompleted: Probe = async (bench) => {
  const id = "g4.start to completed, trivial orchestration (poll 400 ms)";
  const list: number[] = [];
  while (list.length < 10) {
    const instanceId = `${bench.idFor(id)}${list.length}`;
    const startMs = bench.target.nowMs();
    await bench.start("InputEcho", instanceId, {});
    await bench.settle(instanceId, 10_000, 400);
    list.push(bench.target.nowMs() - startMs);
  }
  return { [id]: { observed: statistics(list), details: list } };
};

const fanOut: Probe = async (bench) => {
  const instanceId = bench.idFor("g5.fan-out 50");
  await bench.start("Fan", instanceId, { n: 50 });
  return { "g5.fan-out 50": { observed: brief(await bench.settle(instanceId, 30_000)) } };
};

const incident: Probe = async (bench) => {
  const id = "o1.incident 30 activities + 10 timers(1 s) + 1 event";
  const instanceId = bench.idFor(id);
  const startMs = bench.target.nowMs();
  await bench.start("Incident", instanceId, {});
  while (!isWaiting((await bench.status(instanceId))?.customStatus)) await bench.pause(50);
  const waitingMs = bench.target.nowMs();
  await bench.raise(instanceId, "approve", { by: "x" });
  const end = await bench.settle(instanceId, 10_000, 50);
  return {
    [id]: {
      observed: {
        toWaitMs: waitingMs - startMs,
        eventToDoneMs: bench.target.nowMs() - waitingMs,
        ...brief(end),
        events: end.status?.historyEvents?.length ?? 0,
      },
    },
  };
};

function isWaiting(customStatus: unknown): boolean {
  const status = toJson(customStatus);
  return isObject(status) && status.waiting === true;
}

function statistics(list: Json): Json {
  const numbers = (Array.isArray(list) ? list : [])
    .flat()
    .map(Number)
    .sort((a, b) => a - b);
  const quantile = (share: number): number => numbers[Math.floor(numbers.length * share)] ?? 0;
  const sum = numbers.reduce((total, number) => total + number, 0);
  return {
    n: numbers.length,
    min: numbers[0] ?? 0,
    p50: quantile(0.5),
    p90: quantile(0.9),
    max: numbers.at(-1) ?? 0,
    mean: Math.round(sum / numbers.length),
  };
}

export const setG: readonly Probe[] = [
  pastTimer,
  timers,
  activities,
  events,
  startToCompleted,
  fanOut,
  incident,
];
