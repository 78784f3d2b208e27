// The tasks of one replay: what was issued under which number, and what waits for what.

import type { Action, RetrySpec } from "./actions.ts";
import { allOf, firstOf, Task } from "./task.ts";

/** A task that was asked for; once recorded it becomes an event and a message. */
export type Decision =
  | { kind: "activity"; name: string; inputText: string | null }
  | { kind: "timer"; fireAt: number }
  | { kind: "child"; name: string; childId: string; inputJson: string; version: string | null };

export interface IssueContext {
  executionId: string;
  isActivity(name: string): boolean;
  isOrchestrator(name: string): boolean;
  /** Says what is fragile on the real platform, as soon as it is seen. */
  warn(finding: string): void;
}

const DAY_MS = 86_400_000;
/** What Azure Storage allows a single timer; longer ones are made of hops. */
const SHORT_TIMER_MS_MAX = 6 * DAY_MS;
const TIMER_HOP_MS = 3 * DAY_MS;
/** Below it a timer is as likely to be over before it begins. */
const TIMER_MS_MIN = 2000;

interface Waiter {
  name: string;
  task: Task;
}

/** The ledger of one replay. */
export class IssuedTasks {
  now = 0;
  nextId = 0;
  continueAsNewJson: string | null = null;
  readonly unrecorded = new Map<number, Decision>();
  private readonly context: IssueContext;
  private readonly open = new Map<number, Task>();
  private readonly waiters = new Map<string, Waiter[]>();
  private readonly buffered = new Map<string, string[]>();
  private stickyLongTimer = false;

  constructor(context: IssueContext) {
    this.context = context;
  }

  get openCount(): number {
    return this.open.size;
  }

  /** Names of events that came and were not waited for. */
  get unread(): readonly string[] {
    return [...this.buffered.values()].flat();
  }

  issue(action: Action): Task {
    switch (action.kind) {
      case "activity":
        return this.issueActivity(action);
      case "child":
        return this.issueChild(action);
      case "timer":
        return this.issueTimer(action.fireAt, action.cancelled);
      case "event":
        return this.issueWait(action.name);
      case "any":
        return this.issueRace(action.of);
      case "all":
        return allOf(action.of.map((one) => this.issue(one)));
      case "continue-as-new":
        this.continueAsNewJson = JSON.stringify(action.input ?? null);
        return Task.settled("done");
      case "refused":
        // Only what is about an unknown entity comes this far, and goes the way of unknown names.
        return Task.settled("failed");
      default:
        return action satisfies never;
    }
  }

  settle(id: number, outcome: "done" | "failed"): void {
    const task = this.open.get(id);
    if (task === undefined) return;
    this.open.delete(id);
    task.settle(outcome);
  }

  /** The newest wait gets it; names are compared without case here, but not by the SDK. */
  raise(name: string): void {
    const waiter = this.waiters.get(name.toLowerCase())?.pop();
    if (waiter === undefined) {
      const early = this.buffered.get(name.toLowerCase()) ?? [];
      this.buffered.set(name.toLowerCase(), [...early, name]);
      return;
    }
    this.checkSpelling(waiter.name, name);
    if (waiter.task.abandoned)
      this.context.warn(`event swallowed by a wait that lost a race: ${name}`);
    waiter.task.settle("done");
  }

  private checkSpelling(awaited: string, raised: string): void {
    if (awaited !== raised) {
      this.context.warn(`event name differs in case: awaited ${awaited}, raised ${raised}`);
    }
  }

  private issueRace(of: readonly Action[]): Task {
    const tasks = of.map((one) => this.issue(one));
    const whole = firstOf(tasks);
    whole.onSettled(() => {
      for (const task of tasks) task.abandoned = true;
    });
    return whole;
  }

  /** An unknown name takes no number and raises nothing: the SDK waits for it for ever. */
  private issueActivity({ name, input, retry }: Action & { kind: "activity" }): Task {
    if (!this.context.isActivity(name)) return this.unknown("activity", name);
    const decision = { kind: "activity", name, inputText: activityInput(input) } as const;
    const start = (): Task => this.schedule(decision).task;
    return retry === null ? start() : this.retrying(start, retry);
  }

  private issueChild(action: Action & { kind: "child" }): Task {
    const { name, input, retry, version } = action;
    if (!this.context.isOrchestrator(name)) return this.unknown("orchestrator", name);
    const start = (): Task => {
      const childId = action.childId || `${this.context.executionId}:${this.nextId}`;
      const inputJson = JSON.stringify(input ?? null);
      return this.schedule({ kind: "child", name, childId, inputJson, version }).task;
    };
    return retry === null ? start() : this.retrying(start, retry);
  }

  private unknown(what: string, name: string): Task {
    this.context.warn(`unknown ${what}, waited for in vain: ${name}`);
    return Task.settled("failed");
  }

  private issueWait(name: string): Task {
    const key = name.toLowerCase();
    const [first, ...later] = this.buffered.get(key) ?? [];
    if (first !== undefined) {
      this.checkSpelling(name, first);
      this.buffered.set(key, later);
      return Task.settled("done");
    }
    const task = new Task();
    this.waiters.set(key, [...(this.waiters.get(key) ?? []), { name, task }]);
    return task;
  }

  private issueTimer(fireAt: number, cancelled: boolean): Task {
    if (fireAt - this.now < TIMER_MS_MIN) this.context.warn("timer shorter than 2 s");
    const long = fireAt - this.now > SHORT_TIMER_MS_MAX;
    if (long) {
      this.context.warn("timer longer than 6 days");
      this.stickyLongTimer = true;
    }
    return this.stickyLongTimer
      ? this.hopping(fireAt, long, cancelled)
      : this.timer(fireAt, cancelled);
  }

  /** Sets timers until the instant is reached; firing early, that can be more than the SDK counts. */
  private hopping(fireAt: number, long: boolean, cancelled: boolean): Task {
    const whole = new Task();
    const hop = (hopAt: number): void => {
      if (this.now >= fireAt) {
        this.stickyLongTimer = false;
        whole.settle("done");
        return;
      }
      const one = this.timer(hopAt, cancelled);
      if (one.outcome === "failed") {
        // A cancelled long timer leaves the flag up, and every later timer runs this loop.
        whole.settle("failed");
        return;
      }
      one.onSettled(() => hop(fireAt - this.now > TIMER_HOP_MS ? this.now + TIMER_HOP_MS : fireAt));
    };
    hop(long ? this.now + TIMER_HOP_MS : fireAt);
    return whole;
  }

  private timer(fireAt: number, cancelled = false): Task {
    const { id, task } = this.schedule({ kind: "timer", fireAt });
    if (cancelled) {
      this.open.delete(id);
      task.settle("failed");
    }
    return task;
  }

  private schedule(decision: Decision): { id: number; task: Task } {
    const id = this.nextId++;
    const task = new Task();
    this.unrecorded.set(id, decision);
    this.open.set(id, task);
    return { id, task };
  }

  private retrying(start: () => Task, spec: RetrySpec): Task {
    const whole = new Task();
    const firstAt = this.now;
    const attempt = (failures: number): void => {
      const one = start();
      one.onSettled(() => {
        if (one.outcome === "done") return whole.settle("done");
        if (this.now - firstAt >= spec.timeoutMs) return whole.settle("failed");
        const lastFailed = failures + 1 >= spec.attemptsMax;
        // The timer after the last failure is real: the SDK counts on its number.
        const delayMs = lastFailed ? 0 : delayAfter(failures, spec);
        this.timer(this.now + delayMs).onSettled(() => {
          if (lastFailed) whole.settle("failed");
          else attempt(failures + 1);
        });
      });
    };
    attempt(0);
    return whole;
  }
}

function delayAfter(failures: number, spec: RetrySpec): number {
  return Math.min(spec.firstIntervalMs * spec.backoff ** failures, spec.intervalMsMax);
}

/** The text an activity gets: the extension prints a boolean the .NET way. */
function activityInput(input: unknown): string | null {
  if (input === null || input === undefined) return null;
  if (typeof input === "string") return input;
  if (typeof input === "boolean") return input ? "True" : "False";
  return JSON.stringify(input);
}
