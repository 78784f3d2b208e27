// The place of the one worker of a host: who is in it, what is running, and what happens when it dies.
//
// P1. Every invocation is answered exactly once, by the worker or by what ended it, unless the host itself
//     is gone: then by nobody.
// P2. A third crash within half an hour takes the host down.

import type { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import type { InvocationOutcome, InvocationRequest, Worker, WorkerDeath } from "./worker.ts";

/** How a call ended, as the host sees it. */
export type Invoked =
  | InvocationOutcome
  | { kind: "worker-exited"; exit: string }
  | { kind: "no-worker" }
  | { kind: "timed-out"; limitMs: number };

export interface WorkerSlotOptions {
  /** `onExit` tells of a worker that ended by itself. */
  load(onExit: (exit: string) => void): Promise<Worker>;
  /** How long the host is without a worker after a crash, before the new one loads. */
  gapMs: number;
  clock: Clock;
  agenda: Agenda;
  /** Null: no limit. */
  functionTimeoutMs: number | null;
  onDeath(because: WorkerDeath): void;
  /** The host cannot go on. */
  onHostFailure(because: string): void;
}

/** The host looks at its time-outs this much later than they are due. */
const TIMEOUT_GRACE_MS = 2000;
/** What the host waits for a killed worker before it answers for the culprit. */
const CULPRIT_WAIT_MS = 10_000;
const CRASH_WINDOW_MS = 30 * 60_000;
const CRASHES_MAX = 3;
const SHUTDOWN_MS = 100;

interface Running {
  answer(outcome: Invoked): void;
  readonly worker: Worker;
}

/** Holds one worker at a time and answers for it when it dies. */
export class WorkerSlot {
  private readonly options: WorkerSlotOptions;
  private worker: Worker | null = null;
  private readonly running = new Set<Running>();
  private waiting: (() => void)[] = [];
  private crashes: number[] = [];
  private closed = false;
  private readonly sticky = new Set<string>();

  constructor(options: WorkerSlotOptions) {
    this.options = options;
  }

  get current(): Worker | null {
    return this.worker;
  }

  get ready(): boolean {
    return this.worker !== null;
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  async start(): Promise<Worker> {
    this.worker = await this.loaded();
    return this.worker;
  }

  /** Runs now, or once a new worker is there. */
  whenReady(run: () => void): void {
    if (this.worker === null) this.waiting.push(run);
    else run();
  }

  invoke(request: InvocationRequest): Promise<Invoked> {
    const { worker } = this;
    if (worker === null) return Promise.resolve({ kind: "no-worker" });
    return new Promise((resolve, reject) => {
      const one: Running = { worker, answer: () => undefined };
      const limit = this.watch(one);
      one.answer = (outcome) => {
        if (!this.running.delete(one)) return;
        limit?.timer.cancel();
        if (!this.closed) resolve(outcome);
      };
      this.running.add(one);
      // A stuck call is one that the worker never gets to.
      if (this.sticky.delete(request.functionName)) return;
      worker.invoke(request).then((outcome) => {
        // A call that never yielded hears of its time-out only now.
        if (limit === null || this.options.clock.now() <= limit.at) return one.answer(outcome);
        limit.timer.cancel();
        this.timeOut(one, limit.ms);
      }, reject);
    });
  }

  /** The next call of this function never returns. */
  stickNext(functionName: string): void {
    this.sticky.add(functionName);
  }

  /** The worker process dies with everything in it. */
  crash(exit: string): void {
    const { worker, options } = this;
    if (worker === null || this.closed) return;
    this.vacate(worker, "crash");
    for (const one of [...this.running]) {
      if (one.worker === worker) one.answer({ kind: "worker-exited", exit });
    }
    const now = options.clock.now();
    this.crashes = [...this.crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    if (this.crashes.length >= CRASHES_MAX) {
      const because = "Exceeded language worker restart retry count for runtime:node";
      // Those in flight are still answered.
      options.agenda.after(SHUTDOWN_MS, () => options.onHostFailure(because));
      return;
    }
    options.agenda.after(options.gapMs, () => this.reload());
  }

  /** The host goes: nobody is answered any more. */
  close(because: WorkerDeath): void {
    this.closed = true;
    this.running.clear();
    this.waiting = [];
    if (this.worker !== null) this.vacate(this.worker, because);
  }

  private async loaded(): Promise<Worker> {
    const own: { worker: Worker | null } = { worker: null };
    own.worker = await this.options.load((exit) => {
      if (own.worker !== null && own.worker === this.worker) this.crash(exit);
    });
    return own.worker;
  }

  private vacate(worker: Worker, because: WorkerDeath): void {
    this.worker = null;
    worker.end();
    this.options.onDeath(because);
  }

  private reload(): void {
    this.options.clock.hold(this.loaded()).then(
      (worker) => {
        if (this.closed) return worker.end();
        this.worker = worker;
        for (const run of this.waiting.splice(0)) run();
      },
      (thrown: unknown) => {
        // The host has gone meanwhile, and perhaps its app with it.
        if (this.closed) return;
        const { clock, onHostFailure } = this.options;
        const because = `The app could not be loaded again: ${String(thrown)}`;
        onHostFailure(because);
        // A mistake of the app, not of the weather: it must not pass unseen.
        clock.setTimer(clock.now(), () => {
          throw new Error(`Cannot go on: ${because}`);
        });
      },
    );
  }

  private watch(one: Running): { at: number; ms: number; timer: { cancel(): void } } | null {
    const { functionTimeoutMs: ms, clock } = this.options;
    if (ms === null) return null;
    const at = clock.now() + ms + TIMEOUT_GRACE_MS;
    return { at, ms, timer: clock.setTimer(at, () => this.timeOut(one, ms)) };
  }

  /** Kills the worker the culprit runs in; one whose worker is gone already is only told. */
  private timeOut(culprit: Running, limitMs: number): void {
    if (this.closed || !this.running.has(culprit)) return;
    const { agenda, gapMs } = this.options;
    if (this.worker !== culprit.worker) {
      culprit.answer({ kind: "timed-out", limitMs });
      return;
    }
    this.vacate(culprit.worker, "timeout");
    agenda.after(gapMs, () => this.reload());
    agenda.after(CULPRIT_WAIT_MS, () => culprit.answer({ kind: "timed-out", limitMs }));
  }
}
