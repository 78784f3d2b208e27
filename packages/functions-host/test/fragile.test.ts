import * as df from "durable-functions";
import { describe, expect, test } from "vitest";
import { type Bench, DAY, fromNow, MINUTE, openBench, orchestration, SECOND } from "./bench.ts";

const failuresLeft = new Map<string, number>();

function register(): void {
  df.app.activity("Plain", { handler: (input: unknown) => input });
  df.app.activity("Flaky", {
    handler: ({ id, times }: { id: string; times: number }) => {
      const left = failuresLeft.get(id) ?? times;
      failuresLeft.set(id, left - 1);
      if (left > 0) throw new Error(`not yet: ${id}`);
      return { id };
    },
  });
  orchestration("RetryRaced", function* (c) {
    const timer = c.df.createTimer(fromNow(c, MINUTE));
    const input = { id: c.df.instanceId, times: 1 };
    const work = c.df.callActivityWithRetry("Flaky", new df.RetryOptions(5 * SECOND, 5), input);
    const winner = yield c.df.Task.any([work, timer]);
    if (winner === work) timer.cancel();
    const x = yield c.df.callActivity("Plain", { x: 1 });
    yield c.df.createTimer(fromNow(c, 5 * SECOND));
    return { x, y: yield c.df.callActivity("Plain", { y: 2 }) };
  });
  orchestration("RetryAmongAll", function* (c) {
    const input = (part: string, times: number) => ({ id: c.df.instanceId + part, times });
    try {
      yield c.df.Task.all([
        c.df.callActivity("Flaky", input("a", 99)),
        c.df.callActivityWithRetry("Flaky", new df.RetryOptions(5 * SECOND, 5), input("b", 2)),
      ]);
    } catch {
      const results = [];
      for (const n of [1, 2, 3]) results.push((yield c.df.callActivity("Plain", { n })) ?? null);
      return results;
    }
    return null;
  });
  orchestration("TimerReused", function* (c) {
    const timer = c.df.createTimer(fromNow(c, MINUTE));
    yield c.df.Task.any([c.df.waitForExternalEvent("go"), timer]);
    yield c.df.Task.any([c.df.waitForExternalEvent("go2"), timer]);
    return { x: (yield c.df.callActivity("Plain", { x: 1 })) ?? "lost" };
  });
  orchestration("ActivityReused", function* (c) {
    const slow = c.df.callActivity("Plain", { slow: 1 });
    const quick = c.df.callActivity("Plain", { quick: 1 });
    yield c.df.Task.any([quick, slow]);
    const both = yield c.df.Task.all([quick, slow]);
    return { both, tail: yield c.df.callActivity("Plain", { tail: 1 }) };
  });
  orchestration("LongCancelled", function* (c) {
    const timer = c.df.createTimer(fromNow(c, 10 * DAY));
    yield c.df.Task.any([c.df.waitForExternalEvent("go"), timer]);
    timer.cancel();
    yield c.df.createTimer(fromNow(c, 5 * SECOND));
    return { x: (yield c.df.callActivity("Plain", { x: 1 })) ?? "lost" };
  });
  orchestration("RetryTimeout", function* (c) {
    const retry = new df.RetryOptions(2 * SECOND, 10);
    Object.assign(retry, { retryTimeoutInMilliseconds: 3 * SECOND });
    return yield c.df.callActivityWithRetry("Flaky", retry, { id: c.df.instanceId, times: 99 });
  });
  orchestration("StaleWait", function* (c) {
    const early = c.df.waitForExternalEvent("go");
    yield c.df.Task.any([early, c.df.createTimer(fromNow(c, 5 * SECOND))]);
    yield c.df.createTimer(fromNow(c, MINUTE));
    return { got: yield c.df.waitForExternalEvent("go") };
  });
  orchestration("OtherCase", function* (c) {
    return { got: yield c.df.waitForExternalEvent("MyEvent") };
  });
}

async function run(name: string, events: readonly string[], options = {}): Promise<Bench> {
  // A poller that looks every second: timers come early, as on any app that sets this.
  const storageProvider = { maxQueuePollingInterval: "00:00:01" };
  const hostJson = { extensions: { durableTask: { storageProvider } } };
  const bench = await openBench(register, { hostJson, ...options });
  failuresLeft.clear();
  await bench.start(name, "x");
  for (const event of events) {
    await bench.pass(20 * SECOND);
    await bench.raise("x", event, { event });
  }
  await bench.pass(3 * MINUTE);
  return bench;
}

interface Row {
  name: string;
  events: readonly string[];
  status: string;
  output?: unknown;
  finding: string;
}

const ROWS: readonly Row[] = [
  {
    name: "RetryRaced",
    events: [],
    status: "Failed",
    output: expect.stringMatching(
      /^Non-Deterministic workflow detected: .* timer task with sequence number 2 named but/,
    ),
    finding: "retries inside Task.any or Task.all: Flaky",
  },
  {
    name: "RetryAmongAll",
    events: [],
    status: "Completed",
    output: [null, null, { n: 1 }],
    finding: "retries inside Task.any or Task.all: Flaky",
  },
  {
    name: "TimerReused",
    events: ["go", "go2"],
    status: "Completed",
    output: { x: "lost" },
    finding: "the same timer in two races",
  },
  {
    name: "ActivityReused",
    events: [],
    status: "Completed",
    output: { both: [{ quick: 1 }, { slow: 1 }], tail: { quick: 1 } },
    finding: "the code went on, the host still waits for something it was asked for",
  },
  {
    name: "LongCancelled",
    events: ["go"],
    status: "Completed",
    output: { x: "lost" },
    finding: "timer longer than 6 days",
  },
  {
    name: "RetryTimeout",
    events: [],
    status: "Running",
    finding: "retryTimeoutInMilliseconds: Flaky",
  },
  {
    name: "StaleWait",
    events: ["go"],
    status: "Running",
    finding: "event swallowed by a wait that lost a race: go",
  },
  {
    name: "OtherCase",
    events: ["myevent"],
    status: "Running",
    finding: "event name differs in case: awaited MyEvent, raised myevent",
  },
];

describe("a fragile pattern goes wrong as on the real host, and lint names it", () => {
  test.each(ROWS)("$name", async ({ name, events, status, output, finding }) => {
    const findings: string[] = [];
    const bench = await run(name, events, { lint: (found: string) => findings.push(found) });
    const view = bench.instance("x");
    expect(view.status).toBe(status);
    if (output !== undefined) expect(view.output).toEqual(output);
    expect(findings).toContain(`x: ${finding}`);
  });

  test("in lint mode the first finding fails the test by itself", async () => {
    await expect(run("StaleWait", ["go"], { lint: true })).rejects.toThrow(
      "Cannot rely on it: x: event swallowed",
    );
  });
});

describe("lint also names", () => {
  const CASES: readonly {
    title: string;
    body: Parameters<typeof orchestration>[1];
    finding: string;
  }[] = [
    {
      title: "a timer under two seconds",
      *body(c) {
        yield c.df.createTimer(fromNow(c, SECOND));
      },
      finding: "timer shorter than 2 s",
    },
    {
      title: "a bare value as input",
      *body(c) {
        yield c.df.callActivity("Plain", true);
      },
      finding: "not an object: input of Plain",
    },
    {
      title: "a loser that nobody cancelled",
      *body(c) {
        const timer = c.df.createTimer(fromNow(c, 10 * SECOND));
        yield c.df.Task.any([c.df.callActivity("Plain", {}), timer]);
      },
      finding: "the code ended with a task still open",
    },
    {
      title: "a property called Timestamp",
      *body(c) {
        yield c.df.callActivity("Plain", { Timestamp: "2026-01-01" });
      },
      finding: "property called Timestamp: input of Plain",
    },
    {
      title: "a throw of something else than an Error",
      // biome-ignore lint/correctness/useYield: it throws before it could
      *body() {
        throw "a string";
      },
      finding: "threw something that is not an Error",
    },
    {
      title: "a name that nobody registered",
      *body(c) {
        yield c.df.callActivity("Nope", {});
      },
      finding: "unknown activity, waited for in vain: Nope",
    },
    {
      title: "a history longer than 500 events",
      *body(c) {
        for (let n = 0; n < 130; n++) yield c.df.callActivity("Plain", { n });
      },
      finding: "history longer than 500 events",
    },
    {
      title: "an event lost by continueAsNew",
      *body(c) {
        if (c.df.getInput() === null) return;
        yield c.df.waitForExternalEvent("go");
        yield c.df.createTimer(fromNow(c, 10 * SECOND));
        c.df.continueAsNew({});
      },
      finding: "event lost by continueAsNew: go",
    },
  ];

  test.each(CASES)("$title", async ({ body, finding }) => {
    const findings: string[] = [];
    const bench = await openBench(
      () => {
        df.app.activity("Plain", { handler: (input: unknown) => input });
        orchestration("Case", body);
      },
      { lint: (found) => findings.push(found) },
    );
    await bench.start("Case", "x");
    for (const n of [1, 2]) await bench.raise("x", "go", { n });
    await bench.pass(MINUTE);
    expect(findings).toContain(`x: ${finding}`);
  });

  test("an event raised without data", async () => {
    const findings: string[] = [];
    const bench = await openBench(register, { lint: (found) => findings.push(found) });
    await bench.start("OtherCase", "x");
    const answer = await bench.post(
      "/runtime/webhooks/durabletask/instances/x/raiseEvent/go?code=system-key",
      "",
      { "content-type": "application/json" },
    );
    expect(answer.status).toBe(400);
    expect(findings).toContain("x: event raised without data: go");
  });

  test("nothing in a sound orchestration", async () => {
    const bench = await openBench(
      () => {
        df.app.activity("Plain", { handler: (input: unknown) => input });
        orchestration("Sound", function* (c) {
          for (let n = 0; n < 3; n++) {
            const timer = c.df.createTimer(fromNow(c, MINUTE));
            const work = c.df.callActivity("Plain", { n });
            const winner = yield c.df.Task.any([work, timer]);
            if (winner === work) timer.cancel();
          }
          return { done: true };
        });
      },
      { lint: true },
    );
    await bench.start("Sound", "x");
    expect((await bench.settle("x")).output).toEqual({ done: true });
    expect(bench.host.lint()).toEqual([]);
  });
});
