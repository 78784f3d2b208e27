// Runs timer functions on their schedules, one at a time each, and remembers when they ran.

import type { Agenda } from "./agenda.ts";
import { clientInputs } from "./client-inputs.ts";
import type { Clock } from "./clock.ts";
import { parseSchedule, type Schedule } from "./cron.ts";
import type { Latency } from "./latency.ts";
import type { Random } from "./random.ts";
import type { Store, TimerStatus } from "./store.ts";
import { unawaited } from "./unawaited.ts";
import type { RegisteredFunction } from "./worker.ts";
import type { Invoked, WorkerSlot } from "./worker-slot.ts";

export interface TimerTriggerOptions {
  store: Store;
  clock: Clock;
  agenda: Agenda;
  latency: Latency;
  random: Random;
  slot: WorkerSlot;
  settings: Record<string, string>;
  timerLeaseRetryMs: number;
  durableClient(): string;
  log(level: string, message: string): void;
  trace(entry: string): void;
}

/** The first look at the schedules comes this long after the start of the host. */
const STARTUP_MS = 1000;
/** A run that comes late because the last one took so long follows at once. */
const CATCH_UP_MS = 10;

/** The timer functions of an app. */
export class TimerTriggers {
  private readonly options: TimerTriggerOptions;
  running = 0;

  constructor(options: TimerTriggerOptions) {
    this.options = options;
  }

  start(functions: readonly RegisteredFunction[]): void {
    const { clock, store, agenda } = this.options;
    const timers = functions
      .filter((one) => one.kind === "timer")
      .map((one) => new TimerTrigger(one, this.options, this));
    const { timerLeaseRetryMs } = this.options;
    // Who meets the lease of another does not learn when it ends: it tries again now and then.
    const listen = (): void => {
      if (clock.now() < store.timerLeaseUntil) agenda.after(timerLeaseRetryMs, listen);
      else for (const timer of timers) timer.start();
    };
    listen();
  }
}

class TimerTrigger {
  private readonly fn: RegisteredFunction;
  private readonly options: TimerTriggerOptions;
  private readonly schedule: Schedule;
  private readonly monitored: boolean;
  private readonly count: { running: number };

  constructor(fn: RegisteredFunction, options: TimerTriggerOptions, count: { running: number }) {
    this.fn = fn;
    this.options = options;
    this.count = count;
    this.schedule = parseSchedule(String(fn.trigger.schedule), options.settings);
    this.monitored = fn.trigger.useMonitor !== false && !this.schedule.fasterThanMinutely;
  }

  start(): void {
    const { clock, agenda } = this.options;
    const now = clock.now();
    const status = this.monitored ? this.statusAtStart(now) : null;
    const pastDue = status !== null && now > status.nextAt;
    if (pastDue || this.fn.trigger.runOnStartup === true) {
      agenda.after(STARTUP_MS, () => this.runBeside(now, pastDue));
    } else {
      this.arm(status?.nextAt ?? this.schedule.nextAfter(now));
    }
  }

  private statusAtStart(now: number): TimerStatus {
    const { store } = this.options;
    const known = store.timers.get(this.fn.name);
    const since = known?.lastAt ?? known?.lastUpdatedAt ?? null;
    const unchanged =
      known !== undefined && (since === null || this.schedule.nextAfter(since) === known.nextAt);
    if (unchanged) return known;
    const nextAt = this.schedule.nextAfter(now);
    const fresh = {
      lastAt: known?.lastAt ?? null,
      nextAt,
      lastUpdatedAt: known?.lastUpdatedAt ?? null,
    };
    store.timers.set(this.fn.name, fresh);
    return fresh;
  }

  private arm(dueAt: number): void {
    const { agenda, latency } = this.options;
    agenda.at(dueAt - latency.triggerEarly(), () => this.runBeside(dueAt, false));
  }

  private runBeside(dueAt: number, pastDue: boolean): void {
    unawaited(this.run(dueAt, pastDue), (because) => this.options.log("critical", because));
  }

  private async run(dueAt: number, pastDue: boolean): Promise<void> {
    const { clock, store, trace, agenda } = this.options;
    const startedAt = clock.now();
    trace(`${startedAt} timer ${this.fn.name}`);
    this.count.running++;
    const status = this.monitored ? (store.timers.get(this.fn.name) ?? null) : null;
    await this.invokeWithRetries(timerText(this.schedule, status, pastDue));
    this.count.running--;
    // The clock may fire early; the next run must not be this one again.
    const lastAt = Math.max(startedAt, dueAt);
    const nextAt = this.schedule.nextAfter(lastAt);
    if (this.monitored) store.timers.set(this.fn.name, { lastAt, nextAt, lastUpdatedAt: lastAt });
    if (nextAt > clock.now()) this.arm(nextAt);
    else agenda.after(CATCH_UP_MS, () => this.runBeside(nextAt, false));
  }

  private async invokeWithRetries(text: string): Promise<void> {
    const { agenda, log, random } = this.options;
    const retriesMax = this.fn.retry?.maxRetryCount ?? 0;
    let exception: string | null = null;
    for (let n = 0; retriesMax < 0 || n <= retriesMax; n++) {
      if (n > 0) await agenda.wait(this.retryDelayMs(n, random));
      const problem = problemOf(await this.invoke(text, n, retriesMax, exception));
      if (problem === null) return;
      log("error", `Executed 'Functions.${this.fn.name}' (Failed): ${problem}`);
      exception = exceptionText(this.fn.name, problem);
    }
  }

  private retryDelayMs(retry: number, random: Random): number {
    const { delayInterval, minimumInterval, maximumInterval } = this.fn.retry ?? {};
    if (delayInterval !== undefined) return delayInterval.seconds * 1000;
    const low = (minimumInterval?.seconds ?? 1) * 1000;
    const high = (maximumInterval?.seconds ?? 60) * 1000;
    return Math.round(Math.min(high, low * 2 ** (retry - 1) * random.between(0.8, 1.2)));
  }

  private invoke(
    text: string,
    retryCount: number,
    maxRetryCount: number,
    message: string | null,
  ): Promise<Invoked> {
    const exception = message === null ? {} : { exception: { message } };
    const retryContext =
      this.fn.retry === null ? {} : { retryContext: { retryCount, maxRetryCount, ...exception } };
    return this.options.slot.invoke({
      invocationId: this.options.random.uuid(),
      functionName: this.fn.name,
      inputData: [
        { name: this.fn.triggerName, data: { json: text } },
        ...clientInputs(this.fn, this.options.durableClient()),
      ],
      ...retryContext,
    });
  }
}

/** What the next attempt is told of the last. */
function exceptionText(name: string, problem: string): string {
  return (
    `Microsoft.Azure.WebJobs.Host.FunctionInvocationException : Exception while executing function: Functions.${name} ` +
    `---> Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException : Result: Failure\nException: ${problem}`
  );
}

function problemOf(outcome: Invoked): string | null {
  switch (outcome.kind) {
    case "returned":
      return null;
    case "threw":
      return outcome.message;
    case "worker-exited":
      return outcome.exit;
    case "no-worker":
      return "Did not find any initialized language workers";
    case "timed-out":
      return "Timeout value was exceeded";
    default:
      return outcome satisfies never;
  }
}

function timerText(schedule: Schedule, status: TimerStatus | null, pastDue: boolean): string {
  return JSON.stringify({
    Schedule: { AdjustForDST: schedule.adjustsForDst },
    ScheduleStatus: status && {
      Last: offsetInstant(status.lastAt),
      Next: offsetInstant(status.nextAt),
      LastUpdated: offsetInstant(status.lastUpdatedAt),
    },
    IsPastDue: pastDue,
  });
}

function offsetInstant(at: number | null): string {
  if (at === null) return "0001-01-01T00:00:00+00:00";
  return new Date(at).toISOString().replace(/\.?0*Z$/, "+00:00");
}
