// Set l: the worker dies. `process.exit` and what is thrown outside an invocation are the app's own
// doing; SIGKILL comes from outside.

import { historyOf, subjectOf } from "../bench.ts";
import type { Probe } from "../probe.ts";
import { durationOf, ended, processId, whenBack } from "./workers.ts";

const UNTIL_WORKER_IS_BACK_MS = 2000;

/** One route that ends the worker, with an innocent request in flight. */
function crashByRoute(route: "exit" | "reject" | "throwlater"): Probe {
  return async (bench) => {
    const p0 = await processId(bench);
    const slow = durationOf(bench, "/api/slow?ms=5000");
    await bench.pause(300);
    const http = await durationOf(bench, `/api/${route}`);
    const slowInFlight = await slow;
    await bench.pause(UNTIL_WORKER_IS_BACK_MS);
    const p1 = await processId(bench);
    return { [`l3.${route}`]: { observed: { http, slowInFlight, p0, p1, restarted: true } } };
  };
}

const activityExits: Probe = async (bench) => {
  const log = bench.watchLog(subjectOf);
  const [culprit, innocent] = [`${bench.run}-l1`, `${bench.run}-l1b`];
  const p0 = await processId(bench);
  await bench.start("One", innocent, { act: "Sleep", ms: 20_000 });
  const slow = durationOf(bench, "/api/slow?ms=20000");
  await bench.pause(4000);
  await bench.start("One", culprit, { act: "ExitOnce" });
  const exit = await bench.settle(culprit, 30_000);
  const other = await bench.settle(innocent, 30_000);
  return {
    "l1.activity process.exit(1) once": {
      observed: {
        p0,
        p1: await processId(bench),
        httpInFlight: await slow,
        exit: ended(exit),
        innocentActivity: ended(other),
      },
      details: { log: log(), history: historyOf(exit.status, "kept") },
    },
  };
};

const activityExitsAlways: Probe = async (bench) => {
  const log = bench.watchLog(subjectOf);
  const instanceId = `${bench.run}-l2`;
  await bench.start("One", instanceId, { act: "ExitAlways" });
  const after = await bench.settle(instanceId, 15_000);
  await bench.client("terminate", instanceId, "x");
  const term = await bench.settle(instanceId, 15_000);
  return {
    "l2.activity exits always": {
      observed: { after: ended(after), term: ended(term), hostStillAlive: await processId(bench) },
      details: log(),
    },
  };
};

const orchestratorExits: Probe = async (bench) => {
  const log = bench.watchLog(subjectOf);
  const instanceId = `${bench.run}-l5`;
  await bench.start("OrchExit", instanceId, {});
  const end = await bench.settle(instanceId, 15_000);
  await bench.pause(UNTIL_WORKER_IS_BACK_MS);
  return {
    "l5.orchestrator process.exit(1) once": {
      observed: ended(end),
      details: log(),
    },
  };
};

const killedFromOutside: Probe = async (bench) => {
  const startMs = bench.target.nowMs();
  const log = bench.watchLog(subjectOf);
  const instanceId = `${bench.run}-l6`;
  const p0 = await processId(bench);
  await bench.start("One", instanceId, { act: "Sleep", ms: 20_000 });
  await bench.pause(500);
  const killMs = bench.target.nowMs();
  bench.target.killWorker();
  const workerBackMs = (await whenBack(bench)) - killMs;
  const end = await bench.settle(instanceId, 15_000);
  return {
    "l6.worker SIGKILL during activity": {
      observed: { p0, p1: await processId(bench), workerBackMs, ...ended(end) },
      details: { kill: (killMs - startMs) / 1000, log: log() },
    },
  };
};

/** Three crashes are all a host takes: each list has a host of its own. */
export const crashesByRoute = [
  crashByRoute("exit"),
  crashByRoute("reject"),
  crashByRoute("throwlater"),
];
export const crashesInActivities = [activityExits, killedFromOutside];
export const crashesOfOrchestrators = [orchestratorExits, activityExitsAlways];
