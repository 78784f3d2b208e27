// Set b: external events, continueAsNew, and management calls on instances that are not there,
// have ended, or are suspended.

import { type Bench, brief, briefOf, historyOf } from "../bench.ts";
import { type Json, toJson } from "../json.ts";
import type { Answer, Probe } from "../probe.ts";
import { ending, type OrchestrationProbe, orchestrationProbe } from "./orchestration-probe.ts";
import { managementOfEnded, managementOfMissing, raiseEventBodies } from "./set-b-management.ts";

const event = (afterMs: number, data: unknown) => ({ afterMs, name: "ev", data });
const continued = (id: string, to: unknown): OrchestrationProbe => ({
  id: `b11.CanVal ${id}`,
  name: "CanVal",
  input: { to },
});

const rows: readonly OrchestrationProbe[] = [
  {
    id: "b4.EvEarly(2 events before wait)",
    name: "EvEarly",
    events: [event(800, "e1"), event(300, "e2")],
  },
  { id: "b5.TwoWaiters(all)", name: "TwoWaiters", events: [event(1000, "e1"), event(1000, "e2")] },
  { id: "b5b.TwoWaitersAny", name: "TwoWaitersAny", events: [event(1000, "e1")] },
  { id: "b10.CanString", name: "CanString", input: "first" },
  continued("str", "abc"),
  continued("json", '{"a":1}'),
  continued("num", 5),
  continued("fals", "F"),
  continued("nul", "N"),
  continued("undef", "U"),
  continued("arr", [1]),
  continued("obj", { x: 1, d: "2025-01-01T00:00:00+02:00" }),
  { id: "b12.CanOpenTimer(10s open timer)", name: "CanOpenTimer" },
  { id: "b13.CanLoop x5", name: "CanLoop", input: { n: 0, max: 5 }, also: ["history", "times"] },
];

interface Rounds {
  id: string;
  name: string;
  raises: "at once" | { gapMs: number };
  also: readonly ("history" | "input")[];
}

const rounds: readonly Rounds[] = [
  {
    id: "b1.EvLoss(3 parallel events, activity, CAN)",
    name: "EvLoss",
    raises: "at once",
    also: ["input", "history"],
  },
  {
    id: "b1b.EvLossSlow(activity 3 s)",
    name: "EvLossSlow",
    raises: "at once",
    also: ["input", "history"],
  },
  { id: "b1s.EvLoss sequential gap 0ms", name: "EvLoss", raises: { gapMs: 0 }, also: ["input"] },
  {
    id: "b1s.EvLoss sequential gap 150ms",
    name: "EvLoss",
    raises: { gapMs: 150 },
    also: ["input"],
  },
  {
    id: "b1s.EvLoss sequential gap 300ms",
    name: "EvLoss",
    raises: { gapMs: 300 },
    also: ["input"],
  },
  {
    id: "b2.EvDirect(3 parallel events, CAN at once)",
    name: "EvDirect",
    raises: "at once",
    also: ["input", "history"],
  },
  { id: "b3.EvKeep(no CAN)", name: "EvKeep", raises: "at once", also: ["input", "history"] },
];

/** Raises the events 1, 2 and 3 at an instance that waits for them one by one. */
function threeEvents({ id, name, raises, also }: Rounds): Probe {
  return async (bench) => {
    const instanceId = bench.idFor(id);
    await bench.start(name, instanceId);
    await bench.pause(1000);
    await raiseThree(bench, instanceId, raises);
    return { [id]: await ending(bench, instanceId, { also, withinMs: 20_000 }) };
  };
}

async function raiseThree(
  bench: Bench,
  instanceId: string,
  raises: Rounds["raises"],
): Promise<void> {
  if (raises === "at once") {
    await Promise.all([1, 2, 3].map((n) => bench.raise(instanceId, "ev", n)));
    return;
  }
  for (const n of [1, 2, 3]) {
    await bench.raise(instanceId, "ev", n);
    await bench.pause(raises.gapMs);
  }
}

const eventsWhilePending: Probe = async (bench) => {
  const id = "b4b.events raised right after startNew (pending)";
  const instanceId = bench.idFor(id);
  await bench.start("EvEarly", instanceId);
  const first = await bench.raise(instanceId, "ev", "p1");
  const second = await bench.raise(instanceId, "ev", "p2");
  const end = await bench.settle(instanceId, 20_000);
  return { [id]: { observed: { rs: [first.ok, second.ok], ...brief(end) } } };
};

const suspension: Probe = async (bench) => {
  const instanceId = `${bench.run}-b8`;
  const steps: Record<string, Json> = {};
  await bench.start("WaitDesc", instanceId, {});
  await bench.pause(1000);
  steps.suspend = toJson(await bench.client("suspend", instanceId, "why"));
  await bench.pause(1000);
  const suspended = await bench.status(instanceId);
  steps.statusCode = toJson(suspended?.customStatus);
  steps.afterSuspend = briefOf(suspended);
  steps.raise = toJson(await bench.raise(instanceId, "go", { v: 1 }));
  await bench.pause(1500);
  steps.whileSuspended = briefOf(await bench.status(instanceId));
  steps.suspendAgain = toJson(await bench.client("suspend", instanceId, "again"));
  steps.resume = toJson(await bench.client("resume", instanceId, "ok"));
  const end = await bench.settle(instanceId, 20_000);
  const observed = { ...steps, end: brief(end) };
  return {
    "b8.suspend, event while suspended, resume": {
      observed,
      details: { history: historyOf(end.status) },
    },
  };
};

const bodiesThenTerminate: Probe = async (bench) => {
  const instanceId = `${bench.run}-b9`;
  await bench.start("Wait", instanceId, {});
  await bench.pause(1000);
  const observed = await raiseEventBodies(bench, instanceId);
  await bench.pause(1000);
  await bench.client("terminate", instanceId, "end");
  const end: Answer = await ending(bench, instanceId, { also: ["history"] });
  return { "b9.raiseEvent body variants (http)": { observed }, "b9.terminate": end };
};

export const setB: readonly Probe[] = [
  ...rows.map(orchestrationProbe),
  ...rounds.map(threeEvents),
  eventsWhilePending,
  suspension,
  bodiesThenTerminate,
  managementOfMissing,
  managementOfEnded,
];
