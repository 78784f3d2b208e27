// Set k: an invocation runs into the function timeout, and takes its neighbours with it.

import { type Bench, historyOf, subjectOf } from "../bench.ts";
import type { JsonObject } from "../json.ts";
import type { Probe } from "../probe.ts";
import { durationOf, ended, processId, whenBack } from "./workers.ts";

const httpOverLimit: Probe = async (bench) => {
  const log = bench.watchLog();
  const p0 = await processId(bench);
  const http = await durationOf(bench, "/api/slow?ms=20000");
  const p1 = await processId(bench);
  return {
    "k2.http function 20 s": { observed: { http, p0, p1 }, details: log() },
  };
};

const activityOverLimit: Probe = async (bench) => {
  const log = bench.watchLog(subjectOf);
  const [culprit, innocent] = [`${bench.run}-k1`, `${bench.run}-k1b`];
  const pidBefore = await processId(bench);
  const http3s = durationOf(bench, "/api/slow?ms=3000");
  await bench.start("Long", culprit, { ms: 25_000 });
  await bench.pause(6000);
  const http8s = durationOf(bench, "/api/slow?ms=8000");
  await bench.start("Long", innocent, { ms: 7000 });
  const long = await bench.settle(culprit, 60_000);
  return {
    "k1.activity 25 s, functionTimeout 10 s": {
      observed: {
        http3s: await http3s,
        http8sInFlight: await http8s,
        long: ended(long),
        innocent7s: await endedBy(bench, innocent),
        pidBefore,
        pidAfter: await processId(bench),
      },
      details: {
        log: log(),
        history: historyOf(long.status, "kept"),
      },
    },
  };
};

async function endedBy(bench: Bench, instanceId: string): Promise<JsonObject> {
  return ended(await bench.settle(instanceId, 60_000));
}

const activitySpins: Probe = async (bench) => {
  const log = bench.watchLog(subjectOf);
  const instanceId = `${bench.run}-k3`;
  await bench.start("Long", instanceId, { act: "Spin", ms: 16_000 });
  const end = await bench.settle(instanceId, 240_000);
  return {
    "k3.activity spins CPU 16 s": {
      observed: ended(end),
      details: { log: log() },
    },
  };
};

const orchestratorSpins: Probe = async (bench) => {
  await whenBack(bench);
  const log = bench.watchLog();
  const instanceId = `${bench.run}-k4`;
  await bench.start("Spinner", instanceId, { ms: 14_000 });
  const end = await bench.settle(instanceId, 77_000);
  // The worker is busy: only the host itself can end this.
  await bench.webhook("POST", `instances/${instanceId}/terminate`);
  return {
    "k4.orchestrator spins CPU 14 s": {
      observed: ended(end),
      details: { log: log() },
    },
  };
};

/** One after the other: each waits until the worker is back. */
export const setK: readonly Probe[] = [httpOverLimit, activityOverLimit];

/** Busy loops: they stop a host that has its worker in its own process. */
export const setKSpinning: readonly Probe[] = [activitySpins, orchestratorSpins];
