// Set a: where the SDK and the extension count differently, and what stays open at the end.

import { brief, briefOf, historyOf, timesOf } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { type OrchestrationProbe, orchestrationProbe, type Raise } from "./orchestration-probe.ts";

const full = ["history", "times"] as const;
const go: Raise = { afterMs: 1400, name: "go", data: 1 };
const tick = (n: number): Raise => ({ afterMs: 3000, name: "tick", data: n });

const rows: readonly OrchestrationProbe[] = [
  { id: "a1.AnyRetryWin(retry once, cancel timer)", name: "AnyRetryWin", also: full },
  { id: "a1b.AnyRetryWin0(no retry needed)", name: "AnyRetryWin0" },
  { id: "a2.AllRetryCaught", name: "AllRetryCaught", also: full },
  {
    id: "a3.ReuseTimer",
    name: "ReuseTimer",
    events: [
      { afterMs: 2000, name: "go", data: 1 },
      { afterMs: 2000, name: "go2", data: 2 },
    ],
    also: full,
  },
  { id: "a4.ReuseActivity", name: "ReuseActivity", also: full },
  {
    id: "a5.LongCancel(10d timer cancelled, then 5s timer)",
    name: "LongCancel",
    input: { ms: 5000 },
    events: [go],
    also: ["history"],
  },
  { id: "a6.RetryTimeout", name: "RetryTimeout", withinMs: 40_000, also: full },
  {
    id: "a7b.StaleWaiter2(newer waiter present)",
    name: "StaleWaiter2",
    events: [{ afterMs: 5000, name: "go", data: "v1" }],
  },
  {
    id: "a8.CapsMismatch",
    name: "Caps",
    events: [{ ...go, name: "myevent" }],
    withinMs: 40_000,
    also: full,
  },
  { id: "a9.AnyRetryRace(timer wins, retry continues)", name: "AnyRetryRace", also: full },
  { id: "a10.CancelThenRetry", name: "CancelThenRetry", events: [go], also: full },
  { id: "a11.Loser(open timer 15s)", name: "Loser" },
  { id: "a11b.LoserCancel", name: "LoserCancel" },
  { id: "a11c.LoserAct(open activity 12s)", name: "LoserAct" },
  { id: "a11d.LoserFail(open timer 12s, throw)", name: "LoserFail" },
  { id: "a11e.LoserEvent(open event wait)", name: "LoserEvent" },
  { id: "a11f.NeverYielded", name: "NeverYielded", also: full },
  { id: "a12.ReyieldPending", name: "ReyieldPending" },
  { id: "a13.TimeoutThenLate", name: "TimeoutThenLate" },
  { id: "a14.WinnerPlainCancel", name: "WinnerPlainCancel" },
  { id: "a15.ManualRetry", name: "ManualRetry" },
  { id: "a16.DeadlineLoop", name: "DeadlineLoop", events: [0, 1, 2, 3].map(tick) },
  { id: "a17.NonDetName", name: "NonDet", withinMs: 20_000, also: ["history"] },
  { id: "a18.NonDetKind", name: "NonDetKind", also: full },
];

/** A waiter that nobody waits for any more swallows the first event. */
const staleWaiter: Probe = async (bench) => {
  const instanceId = bench.idFor("a7.StaleWaiter");
  await bench.start("StaleWaiter", instanceId, {});
  await bench.pause(3000);
  await bench.raise(instanceId, "go", "late-1");
  await bench.pause(9000);
  const middle = await bench.status(instanceId);
  await bench.raise(instanceId, "go", "late-2");
  const end = await bench.settle(instanceId, 20_000);
  return {
    "a7.mid": { observed: briefOf(middle) },
    "a7.StaleWaiter": {
      observed: brief(end),
      details: { history: historyOf(end.status), ...timesOf(end.status) },
    },
  };
};

export const setA: readonly Probe[] = [
  ...rows.map((row) => orchestrationProbe({ input: {}, ...row })),
  staleWaiter,
];
