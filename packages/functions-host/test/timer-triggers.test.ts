import { app, type InvocationContext, type Timer } from "@azure/functions";
import { expect, test } from "vitest";
import { VirtualClock } from "../src/clock.ts";
import { MINUTE, openBench, SECOND, START_AT } from "./bench.ts";

interface Fired {
  atMs: number;
  timer: Timer;
  context: InvocationContext;
}

function recorder(clock: VirtualClock) {
  const fired: Fired[] = [];
  const handler = (timer: Timer, context: InvocationContext): void => {
    fired.push({ atMs: clock.now() - START_AT, timer, context });
  };
  return { fired, handler };
}

async function open(
  options: Parameters<typeof app.timer>[1] | ((h: Fired[]) => void),
  exact = true,
) {
  const clock = new VirtualClock(START_AT);
  const { fired, handler } = recorder(clock);
  const register = (): void => {
    if (typeof options !== "function")
      app.timer("timer", { ...options, handler: options.handler ?? handler });
  };
  const bench = await openBench(register, { clock, ...(exact ? { latency: "none" } : {}) });
  return { ...bench, fired, handler, register };
}

const onSchedule = (schedule: string, more: object = {}) =>
  ({ schedule, ...more }) as Parameters<typeof app.timer>[1];

test("a timer fires on its schedule and is told when it last did", async () => {
  const { pass, fired } = await open(onSchedule("0 * * * * *"));
  await pass(2 * MINUTE + SECOND);
  expect(fired.map(({ atMs }) => atMs)).toEqual([MINUTE, 2 * MINUTE]);
  expect(fired.map(({ timer }) => timer)).toEqual([
    {
      schedule: { adjustForDST: true },
      scheduleStatus: {
        last: "0001-01-01T00:00:00+00:00",
        next: "2026-01-01T00:01:00+00:00",
        lastUpdated: "0001-01-01T00:00:00+00:00",
      },
      isPastDue: false,
    },
    {
      schedule: { adjustForDST: true },
      scheduleStatus: {
        last: "2026-01-01T00:01:00+00:00",
        next: "2026-01-01T00:02:00+00:00",
        lastUpdated: "2026-01-01T00:01:00+00:00",
      },
      isPastDue: false,
    },
  ]);
});

test.each([["*/15 * * * * *"], ["00:00:20"]])(
  "%s fires more than once a minute: no status is kept",
  async (schedule) => {
    const { pass, fired } = await open(onSchedule(schedule));
    await pass(MINUTE);
    expect(fired.length).toBeGreaterThan(2);
    expect(fired.every(({ timer }) => timer.scheduleStatus === null)).toBe(true);
  },
);

test("an interval knows nothing of daylight saving", async () => {
  const { pass, fired } = await open(onSchedule("00:01:10"));
  await pass(3 * MINUTE);
  expect(fired.map(({ atMs }) => atMs)).toEqual([70 * SECOND, 140 * SECOND]);
  expect(fired[0]?.timer.schedule).toEqual({ adjustForDST: false });
});

test("runOnStartup runs once more, a second after the start", async () => {
  const { pass, fired } = await open(onSchedule("0 0 0 1 6 *", { runOnStartup: true }));
  await pass(MINUTE);
  expect(fired.map(({ atMs, timer }) => [atMs, timer.isPastDue])).toEqual([[SECOND, false]]);
});

test("a run that takes longer than the interval is followed at once, never doubled", async () => {
  const clock = new VirtualClock(START_AT);
  const spans: [number, number][] = [];
  const handler = async (): Promise<void> => {
    const from = clock.now() - START_AT;
    await clock.sleep(33 * SECOND);
    spans.push([from, clock.now() - START_AT]);
  };
  const { pass } = await openBench(
    () => app.timer("slow", { schedule: "*/20 * * * * *", handler }),
    {
      clock,
      latency: "none",
    },
  );
  await pass(2 * MINUTE);
  expect(spans).toEqual([
    [20_000, 53_000],
    [53_010, 86_010],
    [86_020, 119_020],
  ]);
});

test("a failing run is retried as the function asks, and the schedule goes on", async () => {
  const clock = new VirtualClock(START_AT);
  const seen: unknown[] = [];
  await openBench(
    () =>
      app.timer("retrier", {
        schedule: "0 * * * * *",
        retry: { strategy: "fixedDelay", delayInterval: { seconds: 2 }, maxRetryCount: 2 },
        handler: (_, { retryContext }) => {
          seen.push([
            clock.now() - START_AT,
            retryContext?.retryCount,
            retryContext?.exception?.message,
          ]);
          throw new Error("timer boom");
        },
      }),
    { clock, latency: "none" },
  ).then(({ pass }) => pass(2 * MINUTE));
  expect(seen).toEqual([
    [60_000, 0, undefined],
    [62_000, 1, expect.stringMatching(/^Microsoft.Azure.WebJobs.*timer boom$/s)],
    [64_000, 2, expect.stringMatching(/^Microsoft.Azure.WebJobs.*timer boom$/s)],
    [120_000, 0, undefined],
  ]);
});

test("after the host was down, a timer runs once and is past due; a fast one just goes on", async () => {
  const clock = new VirtualClock(START_AT);
  const seen: string[] = [];
  const register = (): void => {
    for (const [name, schedule] of [
      ["minutely", "0 * * * * *"],
      ["fast", "*/30 * * * * *"],
    ] as const) {
      app.timer(name, {
        schedule,
        handler: ({ isPastDue }) => void seen.push(`${name} ${isPastDue}`),
      });
    }
  };
  const first = await openBench(register, { clock, latency: "none" });
  await first.pass(MINUTE + SECOND);
  await first.host.stop();
  await clock.runUntil(clock.now() + 4 * MINUTE);
  seen.length = 0;
  const second = await openBench(register, { clock, latency: "none", store: first.host.store });
  await second.pass(35 * SECOND);
  expect(seen).toEqual(["minutely true", "fast false"]);
});
