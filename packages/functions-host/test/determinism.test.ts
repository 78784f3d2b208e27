import { app } from "@azure/functions";
import * as df from "durable-functions";
import { expect, test } from "vitest";
import { VirtualClock } from "../src/clock.ts";
import { startHost } from "../src/host.ts";
import type { Host, HostLine } from "../src/host-options.ts";
import { DAY, fromNow, MINUTE, orchestration, SECOND, START_AT } from "./bench.ts";

/** Fan-out, race, event, children and rounds: enough for orders to differ. */
function register(clock: VirtualClock): () => void {
  return () => {
    df.app.activity("Work", {
      handler: async ({ n }: { n: number }) => {
        await clock.sleep(10 * (n % 3));
        return { n };
      },
    });
    orchestration("Child", function* (c) {
      return yield c.df.callActivity("Work", c.df.getInput());
    });
    orchestration("Main", function* (c) {
      const { round } = c.df.getInput() as { round: number };
      const all = (yield c.df.Task.all(
        [0, 1, 2, 3].map((n) => c.df.callActivity("Work", { n })),
      )) as { n: number }[];
      const timer = c.df.createTimer(fromNow(c, MINUTE));
      const event = c.df.waitForExternalEvent("go");
      const winner = yield c.df.Task.any([event, timer]);
      if (winner === event) timer.cancel();
      const child = (yield c.df.callSubOrchestrator("Child", { n: round })) as { n: number };
      const sum = all.reduce((total, { n }) => total + n, child.n);
      if (round < 2) c.df.continueAsNew({ round: round + 1 });
      return { sum };
    });
    app.timer("poke", {
      schedule: "*/20 * * * * *",
      extraInputs: [df.input.durableClient()],
      handler: async (_, context) => {
        const client = df.getClient(context);
        await client.raiseEvent("main", "go", { at: 1 }).catch(() => undefined);
      },
    });
    df.app.client.http("begin", {
      handler: async (_, client) => ({
        body: await client.startNew("Main", { instanceId: "main", input: { round: 0 } }),
      }),
    });
  };
}

async function simulate(seed: number): Promise<{ outputs: unknown[]; traces: string[] }> {
  const clock = new VirtualClock(START_AT);
  const hosts: Host[] = [];
  const problems: string[] = [];
  const log = ({ level, message }: HostLine): void => {
    if (level === "error") problems.push(message);
  };
  for (const name of ["weu", "neu"]) {
    const app = { kind: "registered", register: register(clock) } as const;
    hosts.push(await startHost({ name, app, hostJson: {}, clock, seed, log }));
  }
  for (const host of hosts) void host.fetch({ method: "POST", url: "/api/begin" });
  const ended = (host: Host): boolean =>
    host.instances().some((one) => one.instanceId === "main" && one.status === "Completed");
  await clock.runUntil(() => hosts.every(ended), { limitAt: START_AT + DAY });
  await clock.runUntil(clock.now() + 30 * SECOND);
  const main = (host: Host) => host.instances().find((one) => one.instanceId === "main");
  expect(problems).toEqual([]);
  const result = {
    outputs: hosts.map((host) => main(host)?.output),
    traces: hosts.map((host) => host.traceHash()),
  };
  for (const host of hosts) host.kill();
  return result;
}

test("40 seeds give 40 schedules of two hosts, and one outcome", async () => {
  const traces = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const run = await simulate(seed);
    expect(run.outputs).toEqual([{ sum: 8 }, { sum: 8 }]);
    traces.add(run.traces.join());
  }
  expect(traces.size).toBe(40);
});

test("the same seed repeats a run to the letter", async () => {
  for (const seed of [1, 2, 3]) expect(await simulate(seed)).toEqual(await simulate(seed));
});
