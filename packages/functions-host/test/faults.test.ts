import { app } from "@azure/functions";
import * as df from "durable-functions";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../src/clock.ts";
import { faultsOf } from "../src/faults.ts";
import type { Host } from "../src/host-options.ts";
import { benchOf, fromNow, MINUTE, openBench, orchestration, SECOND, START_AT } from "./bench.ts";

/** An app whose activities take time, and that counts what it does. */
function slowApp(clock: VirtualClock) {
  const seen = { sleeps: 0, loads: 0, ticks: [] as { at: number; pastDue: boolean }[] };
  const register = (): void => {
    seen.loads++;
    df.app.activity("Sleep", {
      handler: async ({ ms }: { ms: number }) => {
        seen.sleeps++;
        await clock.sleep(ms);
        return { ms };
      },
    });
    df.app.activity("Plain", { handler: (input: unknown) => input });
    orchestration("Sleeps", function* (c) {
      try {
        return yield c.df.callActivity("Sleep", c.df.getInput());
      } catch (error) {
        return { caught: (error as Error).message.split(" \n")[0] };
      }
    });
    orchestration("Naps", function* (c) {
      yield c.df.createTimer(fromNow(c, 10 * MINUTE));
      return yield c.df.callActivity("Plain", { woke: true });
    });
    orchestration("Busy", function* (c) {
      for (let n = 0; n < 30; n++) {
        try {
          yield c.df.callActivity("Plain", { n });
        } catch {
          // The next one may do better.
        }
      }
      return { done: true };
    });
    app.http("slow", {
      handler: async (request) => {
        await clock.sleep(Number(request.query.get("ms")));
        return { body: "done" };
      },
    });
    app.timer("tick", {
      schedule: "0 * * * * *",
      handler: (timer) => void seen.ticks.push({ at: clock.now(), pastDue: timer.isPastDue }),
    });
  };
  return { register, seen };
}

async function openSlow(options: Parameters<typeof openBench>[1] = {}) {
  const clock = new VirtualClock(START_AT);
  const { register, seen } = slowApp(clock);
  return { register, seen, ...(await openBench(register, { clock, ...options })) };
}

describe("a worker that crashes", () => {
  test("fails its activities for good, and the orchestration can go on", async () => {
    const { start, pass, host, settle, seen } = await openSlow();
    await start("Sleeps", "x", { ms: MINUTE });
    await pass(10 * SECOND);
    host.crashWorker();
    expect((await settle("x")).output).toEqual({
      caught: "Activity function 'Sleep' failed: node exited with code 137 (0x89)",
    });
    expect(seen).toMatchObject({ sleeps: 1, loads: 2 });
  });

  test("answers 500 to what is in flight and to what comes before the next worker", async () => {
    const { clock, host, get, pass } = await openSlow();
    const inFlight = host.fetch({ method: "GET", url: "/api/slow?ms=60000" });
    await pass(SECOND);
    host.crashWorker();
    expect((await get("/api/slow?ms=1")).status).toBe(500);
    await clock.runUntil(clock.now() + SECOND);
    expect((await inFlight).status).toBe(500);
    expect((await get("/api/slow?ms=1")).status).toBe(200);
  });

  test("costs some of the busy orchestrations their life, and not all", async () => {
    const { start, pass, host } = await openSlow();
    const names = Array.from({ length: 20 }, (_, n) => `busy-${n}`);
    for (const name of names) await start("Busy", name);
    host.crashWorker();
    await pass(10 * MINUTE);
    const failed = host.instances().filter((one) => one.status === "Failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(20);
    expect(failed[0]?.output).toMatch(/^Non-Deterministic workflow detected/);
  });

  test("takes the host down at the third time in half an hour", async () => {
    const because: string[] = [];
    const { pass, host } = await openSlow({ onFailure: (why) => because.push(why) });
    for (const wait of [0, MINUTE, MINUTE]) {
      await pass(wait);
      expect(host.alive).toBe(true);
      host.crashWorker();
    }
    await pass(SECOND);
    expect(host.alive).toBe(false);
    expect(because).toEqual(["Exceeded language worker restart retry count for runtime:node"]);
  });
});

test("an app that does not load a second time fails the run loudly", async () => {
  let loads = 0;
  const bench = await openBench(() => {
    loads++;
    if (loads > 1) throw new Error("no second time");
  });
  bench.host.crashWorker();
  await expect(bench.pass(MINUTE)).rejects.toThrow("no second time");
  expect(bench.host.alive).toBe(false);
});

describe("a host that is gone", () => {
  const ways = [
    ["killed", (host: Host) => host.kill()],
    ["stopped", (host: Host) => void host.stop()],
  ] as const;
  const oneMinute = {
    extensions: {
      durableTask: { storageProvider: { workItemQueueVisibilityTimeout: "00:01:00" } },
    },
  };
  const waits = [
    ["300 s", 300 * SECOND, {}],
    ["60 s, where host.json says so", 60 * SECOND, oneMinute],
  ] as const;
  const ended = ways.flatMap(([how, end]) =>
    waits.map(([when, waitMs, hostJson]) => ({ how, end, when, waitMs, hostJson })),
  );

  test.each(ended)(
    "$how: an activity in flight comes again after $when",
    async ({ end, waitMs, hostJson }) => {
      const { clock, register, start, pass, host, seen } = await openSlow({ hostJson });
      await start("Sleeps", "x", { ms: MINUTE });
      await pass(10 * SECOND);
      end(host);
      await pass(20 * SECOND);
      expect(host.alive).toBe(false);
      const next = await openBench(register, { clock, hostJson, store: host.store });
      await next.pass(waitMs - 40 * SECOND);
      expect(seen.sleeps).toBe(1);
      await next.pass(15 * SECOND);
      expect(seen.sleeps).toBe(2);
      expect((await next.settle("x")).output).toEqual({ ms: MINUTE });
    },
  );

  test("killed: nothing it had begun has any effect", async () => {
    const { start, pass, host, instance } = await openSlow();
    await start("Sleeps", "x", { ms: MINUTE });
    await pass(10 * SECOND);
    host.kill();
    await pass(10 * MINUTE);
    expect(instance("x").status).toBe("Running");
    await expect(host.fetch({ method: "GET", url: "/api/slow" })).rejects.toThrow(
      "connection refused",
    );
  });

  test("killed: timers set before fire on the next one", async () => {
    const { clock, register, start, pass, host } = await openSlow();
    await start("Naps", "x");
    await pass(MINUTE);
    host.kill();
    const next = await openBench(register, { clock, store: host.store, seed: 2 });
    expect((await next.settle("x")).output).toEqual({ woke: true });
    expect(clock.now() - START_AT).toBeGreaterThan(9 * MINUTE);
    expect(clock.now() - START_AT).toBeLessThan(11 * MINUTE);
  });

  test("killed: timer triggers are silent for a minute, then run once, past due", async () => {
    const { clock, register, pass, host, seen } = await openSlow();
    await pass(150 * SECOND);
    expect(seen.ticks).toHaveLength(2);
    host.kill();
    const next = await openBench(register, { clock, store: host.store });
    await next.pass(59 * SECOND);
    expect(seen.ticks).toHaveLength(2);
    await next.pass(34 * SECOND);
    expect(seen.ticks.map(({ pastDue }) => pastDue)).toEqual([false, false, true, false]);
  });

  test("killed: with a lease of 15 s timer triggers are silent for so long", async () => {
    const hostJson = {
      singleton: {
        listenerLockPeriod: "00:00:15",
        listenerLockRecoveryPollingInterval: "00:00:15",
      },
    };
    const { clock, register, pass, host, seen } = await openSlow({ hostJson });
    await pass(150 * SECOND);
    host.kill();
    await openBench(register, { clock, hostJson, store: host.store });
    await pass(20 * SECOND);
    expect(seen.ticks).toHaveLength(2);
    await pass(25 * SECOND);
    expect(seen.ticks).toHaveLength(3);
  });

  test("tells the owner of the ports, so that code of a dead worker can be refused", async () => {
    const deaths: string[] = [];
    const { host, pass } = await openSlow({ onWorkerDeath: (because) => deaths.push(because) });
    host.crashWorker();
    await pass(SECOND);
    host.kill();
    expect(deaths).toEqual(["crash", "host-kill"]);
  });
});

describe("a host that is stopped", () => {
  /** When the orchestration goes on and the timer ticks on the next host, by the seed. */
  async function stopMidway(seed: number, sleepMs: number) {
    const { clock, register, start, pass, host, seen } = await openSlow({ seed });
    await pass(40 * SECOND);
    await start("Sleeps", "x", { ms: sleepMs });
    await pass(2 * SECOND);
    void host.stop();
    await clock.runUntil(() => !host.alive);
    const downAt = clock.now();
    const next = await openBench(register, { clock, seed, store: host.store });
    await next.settle("x");
    return {
      sleeps: seen.sleeps,
      afterMs: clock.now() - downAt,
      leased: host.store.timerLeaseUntil,
    };
  }
  const seeds = Array.from({ length: 24 }, (_, seed) => seed);

  test("loses the result of an activity that ends meanwhile in about half of the stops", async () => {
    const runs = await Promise.all(seeds.map((seed) => stopMidway(seed, 8 * SECOND)));
    expect(runs.filter(({ sleeps }) => sleeps !== 1)).toEqual([]);
    const late = runs.filter(({ afterMs }) => afterMs > 290 * SECOND).length;
    const soon = runs.filter(({ afterMs }) => afterMs < 30 * SECOND).length;
    expect(late + soon).toBe(seeds.length);
    expect(late).toBeGreaterThan(6);
    expect(soon).toBeGreaterThan(4);
  });

  test("runs one that outlasts its ten seconds again, and keeps the lease of the timers sometimes", async () => {
    const runs = await Promise.all(seeds.map((seed) => stopMidway(seed, 20 * SECOND)));
    expect(runs.filter(({ sleeps }) => sleeps !== 2)).toEqual([]);
    const kept = runs.filter(({ leased }) => leased > 0).length;
    expect(kept).toBeGreaterThan(4);
    expect(kept).toBeLessThan(20);
  });

  test("still ticks while it waits for an activity, and begins no other", async () => {
    const { start, pass, host, seen } = await openSlow();
    await pass(53 * SECOND);
    await start("Sleeps", "x", { ms: 30 * SECOND });
    await pass(2 * SECOND);
    void host.stop();
    await start("Sleeps", "y", { ms: SECOND });
    await pass(6 * SECOND);
    expect([seen.ticks.length, seen.sleeps, host.alive]).toEqual([1, 1, true]);
    await pass(5 * SECOND);
    expect(host.alive).toBe(false);
  });

  test("is gone at once where nothing is under way", async () => {
    const { pass, host } = await openSlow();
    await pass(10 * SECOND);
    await host.stop();
    expect(host.alive).toBe(false);
    expect(host.store.timerLeaseUntil).toBe(0);
  });
});

test.each([
  ["controlQueueVisibilityTimeout", "ControlQueueVisibilityTimeout"],
  ["workItemQueueVisibilityTimeout", "WorkItemQueueVisibilityTimeout"],
])("a host does not start with %s of 30 s", async (key, name) => {
  const hostJson = {
    extensions: { durableTask: { storageProvider: { [key]: "00:00:30" } } },
  };
  await expect(openSlow({ hostJson })).rejects.toThrow(`${name} must be between 1 and 60 minutes.`);
});

describe("a call that takes longer than the function timeout", () => {
  const hostJson = { functionTimeout: "00:00:10" };

  test("takes its worker with it, and can be caught by its orchestration", async () => {
    const { clock, start, settle, pass, seen } = await openSlow({ hostJson });
    await start("Sleeps", "x", { ms: 60 * SECOND });
    const startedAt = clock.now();
    await pass(13 * SECOND);
    expect(seen.loads).toBe(2);
    expect((await settle("x")).output).toEqual({
      caught:
        "Activity function 'Sleep' failed: Timeout value of 00:00:10 was exceeded by function: Functions.Sleep",
    });
    expect(clock.now() - startedAt).toBeGreaterThan(18 * SECOND);
  });

  test("leaves every other call hanging until that one's own time-out", async () => {
    const { clock, start, pass, host } = await openSlow({ hostJson });
    await start("Sleeps", "x", { ms: 60 * SECOND });
    await pass(5 * SECOND);
    const sentAt = clock.now();
    const innocent = host.fetch({ method: "GET", url: "/api/slow?ms=9000" });
    let answeredAt = 0;
    void innocent.then(() => {
      answeredAt = clock.now();
    });
    await pass(20 * SECOND);
    expect((await innocent).status).toBe(500);
    expect(answeredAt - sentAt).toBe(12 * SECOND);
  });
});

describe("a fault plan", () => {
  test("is carried out at its instants", async () => {
    const { pass, host, seen } = await openSlow({
      hostJson: { functionTimeout: "00:01:00" },
      faults: {
        kind: "explicit",
        faults: [
          { kind: "host-kill", at: START_AT + 5 * MINUTE },
          { kind: "stuck", at: START_AT + 2 * MINUTE - SECOND, functionName: "tick" },
          { kind: "worker-crash", at: START_AT + MINUTE + SECOND },
        ],
      },
    });
    await pass(MINUTE + 2 * SECOND);
    expect(seen.loads).toBe(2);
    await pass(2 * MINUTE + 2 * SECOND);
    expect(seen.loads).toBe(3);
    expect(seen.ticks).toHaveLength(1);
    await pass(2 * MINUTE);
    expect(host.alive).toBe(false);
  });

  test("drawn from a seed is the same each time, and other seeds have other kinds", () => {
    const plan = (seed: number) =>
      faultsOf({
        kind: "seeded",
        seed,
        from: START_AT,
        until: START_AT + 60 * MINUTE,
        functions: ["tick"],
      });
    expect(plan(7)).toEqual(plan(7));
    const kinds = new Set(
      Array.from({ length: 50 }, (_, seed) =>
        [...new Set(plan(seed).map((fault) => fault.kind))].sort().join(","),
      ),
    );
    expect(kinds.size).toBeGreaterThan(8);
  });
});

describe("a restarted host", () => {
  test("goes on with what was stored, whoever registers the functions now", async () => {
    const { clock, register, start, raise, host, pass } = await openBench(() => {
      orchestration("Waits", function* (c) {
        return { got: yield c.df.waitForExternalEvent("go") };
      });
    }).then((bench) => ({
      ...bench,
      register: () =>
        orchestration("Waits", function* (c) {
          return { got: yield c.df.waitForExternalEvent("go"), by: "the second" };
        }),
    }));
    await start("Waits", "x");
    await pass(SECOND);
    const raised = host.fetch({
      method: "POST",
      url: "/runtime/webhooks/durabletask/instances/x/raiseEvent/go?code=system-key",
      headers: { "content-type": "application/json" },
      body: "1",
    });
    await clock.runUntil(() => host.store.messages.size > 0);
    host.kill();
    await raised.catch(() => undefined);
    expect(host.store.messages.size).toBe(1);
    const next = await openBench(register, { clock, store: host.store });
    expect((await next.settle("x")).output).toEqual({ got: 1, by: "the second" });
    expect(benchOf(clock, next.host).instance("x").status).toBe("Completed");
    void raise;
  });
});
