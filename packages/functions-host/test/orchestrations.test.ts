import * as df from "durable-functions";
import { describe, expect, test } from "vitest";
import { fromNow, MINUTE, openBench, orchestration, SECOND } from "./bench.ts";

function register(): void {
  df.app.activity("Add", { handler: ({ a, b }: { a: number; b: number }) => ({ sum: a + b }) });
  df.app.activity("Echo", { handler: (input: unknown) => ({ input, type: typeof input }) });
  df.app.activity("Give", { handler: ({ what }: { what: string }) => RESULTS[what] });
  df.app.activity("Break", {
    handler: ({ message }: { message: string }) => {
      throw new Error(message);
    },
  });
  orchestration("Chain", function* (c) {
    const first = (yield c.df.callActivity("Add", { a: 1, b: 2 })) as { sum: number };
    yield c.df.createTimer(fromNow(c, MINUTE));
    const event = yield c.df.waitForExternalEvent("go");
    const second = yield c.df.callActivity("Add", { a: first.sum, b: 4 });
    return { event, second };
  });
  orchestration("Rounds", function* (c) {
    const { n } = c.df.getInput() as { n: number };
    yield c.df.callActivity("Add", { a: n, b: 1 });
    c.df.setCustomStatus({ n });
    if (n < 5) c.df.continueAsNew({ n: n + 1 });
    return { n };
  });
  orchestration("Parent", function* (c) {
    const child = yield c.df.callSubOrchestrator("Rounds", { n: 4 }, `${c.df.instanceId}-child`);
    try {
      yield c.df.callSubOrchestrator("Fails", { why: "no luck" });
    } catch (error) {
      return { child, caught: error instanceof Error ? error.message.split("\n")[0] : null };
    }
    return null;
  });
  orchestration("Fails", function* (c) {
    yield c.df.callActivity("Add", { a: 1, b: 1 });
    throw new Error((c.df.getInput() as { why: string }).why);
  });
  orchestration("Catches", function* (c) {
    const retry = new df.RetryOptions(5 * SECOND, 3);
    try {
      yield c.df.callActivityWithRetry("Break", retry, { message: "boom; Password=abc" });
    } catch (error) {
      return { message: (error as Error).message.split("\n")[0] };
    }
    return null;
  });
  orchestration("Values", function* (c) {
    const inputs = [];
    for (const value of [true, null, "123", 5, { a: 1 }, [1]]) {
      inputs.push(yield c.df.callActivity("Echo", value));
    }
    const results: Record<string, unknown> = {};
    for (const what of Object.keys(RESULTS))
      results[what] = yield c.df.callActivity("Give", { what });
    return { inputs, results };
  });
  orchestration("Waits", function* (c) {
    return { got: yield c.df.waitForExternalEvent("go") };
  });
}

const RESULTS: Record<string, unknown> = {
  huge: 1e21,
  wrapped: 1.2345678901234567e19,
  nan: Number.NaN,
  nothing: undefined,
  text: '{"a":1}',
  flag: true,
};

describe("an orchestration", () => {
  test("runs activities, waits for timers and events, and ends", async () => {
    const { start, raise, settle, pass } = await openBench(register);
    expect(await start("Chain", "x")).toBe(202);
    await pass(2 * MINUTE);
    expect(await raise("x", "go", { by: "ada" })).toBe(202);
    expect(await settle("x")).toMatchObject({
      status: "Completed",
      output: { event: { by: "ada" }, second: { sum: 7 } },
    });
  });

  test("continues as new with its custom status, and keeps only the last execution's history", async () => {
    const { start, settle, historyOf } = await openBench(register);
    await start("Rounds", "x", { n: 1 });
    expect(await settle("x")).toMatchObject({ output: { n: 5 }, customStatus: { n: 5 } });
    const history = await historyOf("x");
    expect(history.map((event) => event.EventType)).toEqual([
      "ExecutionStarted",
      "TaskCompleted",
      "ExecutionCompleted",
    ]);
    expect(history[0]).toMatchObject({ Input: '{"n":5}', Generation: null });
  });

  test("hears from its children how they ended", async () => {
    const { start, settle } = await openBench(register);
    await start("Parent", "x");
    expect((await settle("x")).output).toEqual({
      child: { n: 5 },
      caught: "Orchestrator function 'Fails' failed: no luck ",
    });
  });

  test("gives up after its retries, told of the failure without its secrets", async () => {
    const { start, settle, historyOf } = await openBench(register, { latency: "none" });
    await start("Catches", "x");
    expect((await settle("x")).output).toEqual({
      message: "Activity function 'Break' failed:  boom; [Hidden Credential] ",
    });
    const timers = (await historyOf("x")).filter((event) => event.EventType === "TimerFired");
    // The one after the last failure fires at once.
    expect(timers).toHaveLength(3);
  });

  test("sees values as the real platform bends them", async () => {
    const { start, settle } = await openBench(register);
    await start("Values", "x");
    expect((await settle("x")).output).toEqual({
      inputs: [
        { input: "True", type: "string" },
        { type: "undefined" },
        { input: "123", type: "string" },
        { input: 5, type: "number" },
        { input: { a: 1 }, type: "object" },
        { input: [1], type: "object" },
      ],
      results: {
        huge: 3875820019684212700,
        wrapped: -6101065172474984000,
        nan: "NaN",
        nothing: null,
        text: '{"a":1}',
        flag: true,
      },
    });
  });

  test("keeps events while suspended, and shows the reason as output", async () => {
    const { start, raise, settle, pass, post, instance } = await openBench(register);
    const steer = async (operation: string): Promise<number> =>
      (
        await post(`/runtime/webhooks/durabletask/instances/x/${operation}`, "", {
          "x-functions-key": "system-key",
        })
      ).status;
    await start("Waits", "x");
    await pass(SECOND);
    expect(await steer("suspend?reason=why")).toBe(202);
    await pass(SECOND);
    await raise("x", "go", 1);
    await pass(SECOND);
    expect(instance("x")).toMatchObject({ status: "Suspended", output: "why" });
    expect(await steer("resume")).toBe(202);
    expect(await settle("x")).toMatchObject({ status: "Completed", output: { got: 1 } });
  });
});

describe("time on the observed host", () => {
  test("timers come up to a second early while the app is busy, and late when it is idle", async () => {
    const { start, settle } = await openBench(() => {
      orchestration("Timers", function* (c) {
        const { count, ms } = c.df.getInput() as { count: number; ms: number };
        const lateMs = [];
        for (let n = 0; n < count; n++) {
          const due = fromNow(c, ms).getTime();
          yield c.df.createTimer(new Date(due));
          lateMs.push(c.df.currentUtcDateTime.getTime() - due);
        }
        return lateMs;
      });
    });
    await start("Timers", "busy", { count: 30, ms: 2 * SECOND });
    const busy = (await settle("busy")).output as number[];
    expect(Math.min(...busy)).toBeGreaterThan(-1000);
    expect(Math.max(...busy)).toBeLessThan(0);
    await start("Timers", "idle", { count: 5, ms: MINUTE });
    const idle = (await settle("idle")).output as number[];
    expect(Math.min(...idle)).toBeGreaterThan(5 * SECOND);
    expect(Math.max(...idle)).toBeLessThan(31 * SECOND);
  });

  test("events raised at the same time overtake each other", async () => {
    const { clock, host, settle, start, pass } = await openBench(() => {
      orchestration("Collect", function* (c) {
        const got = [];
        while (got.length < 8) got.push(yield c.df.waitForExternalEvent("go"));
        return got;
      });
    });
    await start("Collect", "x");
    await pass(SECOND);
    const sent = [0, 1, 2, 3, 4, 5, 6, 7];
    for (const n of sent) {
      void host.fetch({
        method: "POST",
        url: "/runtime/webhooks/durabletask/instances/x/raiseEvent/go?code=system-key",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(n),
      });
    }
    await clock.runUntil(clock.now() + SECOND);
    const got = (await settle("x")).output as number[];
    expect([...got].sort()).toEqual(sent);
    expect(got).not.toEqual(sent);
  });

  test("racing starts are all accepted, and one of them runs", async () => {
    let runs = 0;
    const { clock, host, settle } = await openBench(() => {
      df.app.activity("Count", { handler: () => ({ runs: ++runs }) });
      orchestration("Once", function* (c) {
        yield c.df.callActivity("Count", {});
        return c.df.getInput();
      });
    });
    const answers = [0, 1, 2, 3, 4, 5].map((n) =>
      host.fetch({
        method: "POST",
        url: "/runtime/webhooks/durabletask/orchestrators/Once/x?code=system-key",
        body: JSON.stringify({ n }),
      }),
    );
    await clock.runUntil(clock.now() + SECOND);
    const statuses = (await Promise.all(answers)).map((answer) => answer.status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202]);
    expect((await settle("x")).output).toHaveProperty("n");
    expect(runs).toBe(1);
  });
});
