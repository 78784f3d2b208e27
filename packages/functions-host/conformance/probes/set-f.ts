// Set f: what is thrown where, and what its caller sees of it.

import { brief, historyOf } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { ending, type OrchestrationProbe, orchestrationProbe } from "./orchestration-probe.ts";

const THROWN = [
  "plain",
  "string",
  "obj",
  "conn",
  "type",
  "custom",
  "cause",
  "multi",
  "empty",
  "json",
  "long",
];
const STUCK_AFTER_MS = 45_000;

const rows: readonly Omit<OrchestrationProbe, "also">[] = [
  { id: "f2.Uncaught", name: "Uncaught" },
  { id: "f2b.UncaughtCustom", name: "UncaughtCustom" },
  { id: "f3.OrchThrow", name: "OrchThrow" },
  { id: "f3b.OrchThrow after activity", name: "OrchThrow", input: { k: "after" } },
  { id: "f3c.OrchThrow string", name: "OrchThrow", input: { k: "string" } },
  { id: "f3d.OrchThrow obj", name: "OrchThrow", input: { k: "obj" } },
  { id: "f3e.OrchThrow undefined", name: "OrchThrow", input: { k: "undef" } },
  { id: "f3f.OrchThrow connstr", name: "OrchThrow", input: { k: "conn" } },
  { id: "f4.SubErr", name: "SubErr" },
  { id: "f4b.SubErrUncaught", name: "SubErrUncaught" },
  { id: "f4c.SubRetry", name: "SubRetry" },
  { id: "f5.AllOneFails(6 s sibling)", name: "AllOneFails" },
  { id: "f6.AnyFails", name: "AnyFails" },
  { id: "f7.RetryExhaust", name: "RetryExhaust" },
  { id: "f7b.RetryBackoff 1,2,3(max)", name: "RetryBackoff" },
  { id: "f8.NoSuch activity", name: "NoSuch" },
  { id: "f8b.NoSuchCaught", name: "NoSuchCaught" },
  { id: "f8c.NoSuchSub", name: "NoSuchSub" },
  { id: "f8d.NoSuchEntity", name: "NoSuchEntity" },
  { id: "f9.YieldPlain", name: "YieldPlain" },
  { id: "f9b.PlainFn", name: "PlainFn" },
];

const thrownValues = orchestrationProbe({
  id: "f1.Odd thrown values (shape in orchestrator)",
  name: "Odd",
  input: { list: THROWN },
});

const childTerminated: Probe = async (bench) => {
  const parent = `${bench.run}-f10`;
  const child = `${bench.run}-f10-c`;
  await bench.start("SubTermParent", parent, { child });
  await bench.pause(2000);
  await bench.client("terminate", child, "kill child");
  return {
    "f10.child terminated: parent sees": await ending(bench, parent, { also: ["history"] }),
  };
};

const parentTerminated: Probe = async (bench) => {
  const parent = `${bench.run}-f11`;
  await bench.start("SubTermParent", parent, { child: `${parent}-c` });
  await bench.pause(2000);
  await bench.client("terminate", parent, "kill parent");
  const end = await bench.settle(parent, 10_000);
  await bench.pause(1000);
  const child = await bench.status(`${parent}-c`);
  return {
    "f11.parent terminated: child state": {
      observed: { parent: brief(end), child: brief({ stuck: false, status: child }) },
    },
  };
};

const childWithBusyId: Probe = async (bench) => {
  const parent = `${bench.run}-f12`;
  const child = `${bench.run}-f12-busy`;
  await bench.start("Wait", child, {});
  await bench.pause(1000);
  await bench.start("SubBusy", parent, { child });
  const end = await bench.settle(parent, 15_000);
  const busy = await bench.settle(child, 5000);
  return {
    "f12.sub-orchestration with the id of a running instance": {
      observed: { parent: brief(end), busy: brief(busy) },
      details: { history: historyOf(end.status) },
    },
  };
};

const sameChildTwice: Probe = async (bench) => {
  const parent = `${bench.run}-f13`;
  await bench.start("SubDup", parent, { child: `${parent}-c` });
  return {
    "f13.same child id twice in sequence": await ending(bench, parent, { also: ["history"] }),
  };
};

export const setF: readonly Probe[] = [
  thrownValues,
  ...rows.map((row) =>
    orchestrationProbe({ input: {}, withinMs: STUCK_AFTER_MS, also: ["history", "times"], ...row }),
  ),
  childTerminated,
  parentTerminated,
  childWithBusyId,
  sameChildTwice,
];
