import { unawaited } from "./unawaited.ts";

/** The only source of time of a host. Instants are epoch milliseconds. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  setTimer(at: number, run: () => void): { cancel(): void };
  /** Tells the clock of work that time must wait for: a dynamic import, a socket. */
  hold<T>(realWork: Promise<T>): Promise<T>;
}

interface Entry {
  at: number;
  order: number;
  run: (() => void) | null;
}

/** A queue of timers ordered by instant, then by the order in which they were set. */
class TimerQueue {
  private readonly heap: Entry[] = [];
  private order = 0;

  add(at: number, run: () => void): { cancel(): void } {
    const entry: Entry = { at, order: this.order++, run };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return {
      cancel: () => {
        entry.run = null;
      },
    };
  }

  nextAt(): number | null {
    while (this.heap[0]?.run === null) this.take();
    return this.heap[0]?.at ?? null;
  }

  take(): Entry | null {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return null;
    if (last !== first) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  clear(): void {
    this.heap.length = 0;
  }

  private before(i: number, j: number): boolean {
    const a = this.heap[i];
    const b = this.heap[j];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(i: number, j: number): void {
    const a = this.heap[i];
    const b = this.heap[j];
    if (a === undefined || b === undefined) return;
    this.heap[i] = b;
    this.heap[j] = a;
  }

  private rise(from: number): void {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.before(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private sink(from: number): void {
    for (let i = from; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const child = this.before(right, left) ? right : left;
      if (!this.before(child, i)) return;
      this.swap(i, child);
      i = child;
    }
  }
}

/** Time that moves only when nothing is left to do: hours cost microseconds, and a seed repeats a run. */
export class VirtualClock implements Clock {
  private readonly queue = new TimerQueue();
  private readonly held = new Set<Promise<unknown>>();
  private current: number;
  private running = false;

  constructor(startAt: number) {
    this.current = startAt;
  }

  now(): number {
    return this.current;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimer(this.current + ms, resolve));
  }

  setTimer(at: number, run: () => void): { cancel(): void } {
    return this.queue.add(Math.max(at, this.current), run);
  }

  hold<T>(realWork: Promise<T>): Promise<T> {
    const done = realWork.then(
      () => undefined,
      () => undefined,
    );
    this.held.add(done);
    const forget = done.then(() => this.held.delete(done));
    unawaited(forget, () => undefined);
    return realWork;
  }

  /** Runs what is due, in order, until the instant is reached or the condition holds. */
  async runUntil(
    until: number | (() => boolean),
    options: { limitAt?: number } = {},
  ): Promise<void> {
    if (this.running) throw new Error("Cannot run the clock: it is already running");
    this.running = true;
    try {
      await this.run(until, options.limitAt ?? Number.POSITIVE_INFINITY);
    } finally {
      this.running = false;
    }
  }

  private async run(until: number | (() => boolean), limitAt: number): Promise<void> {
    const end = typeof until === "number" ? until : limitAt;
    for (;;) {
      await this.drain();
      if (typeof until === "function" && until()) return;
      const nextAt = this.queue.nextAt();
      if (nextAt === null || nextAt > end) break;
      this.current = Math.max(this.current, nextAt);
      this.queue.take()?.run?.();
    }
    if (typeof until === "number") {
      this.current = Math.max(this.current, until);
      return;
    }
    const why =
      this.queue.nextAt() === null ? "nothing is left to happen" : "the limit was reached";
    throw new Error(`Cannot run until the condition holds: ${why}: ${isoOf(this.current)}`);
  }

  /** Microtasks run before the next turn; the second turn lets a chain that yields once finish. */
  private async drain(): Promise<void> {
    do {
      await Promise.all(this.held);
      await turn();
      await turn();
    } while (this.held.size > 0);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

/** setTimeout overflows beyond this and fires at once. */
const REAL_TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** Wall time, faster than life if wanted, and able to skip what nobody waits for. */
export class ScaledClock implements Clock {
  private readonly queue = new TimerQueue();
  private speed: number;
  private anchorAt: number;
  private anchorRealMs = performance.now();
  private wake: ReturnType<typeof setTimeout> | null = null;
  private closed = false;

  constructor(options: { startAt?: number; speed: number }) {
    this.speed = options.speed;
    this.anchorAt = options.startAt ?? Date.now();
  }

  now(): number {
    return Math.floor(this.exactNow());
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimer(this.now() + ms, resolve));
  }

  setTimer(at: number, run: () => void): { cancel(): void } {
    const timer = this.queue.add(at, run);
    this.arm();
    return timer;
  }

  hold<T>(realWork: Promise<T>): Promise<T> {
    return realWork;
  }

  setSpeed(speed: number): void {
    this.moveAnchor(this.exactNow());
    this.speed = speed;
    this.arm();
  }

  /** Jumps forward and fires what became due, each timer once. */
  skipTo(at: number): void {
    if (at > this.exactNow()) this.moveAnchor(at);
    this.arm();
  }

  /** Nothing fires any more, and nothing that is set after it keeps the process alive. */
  close(): void {
    this.closed = true;
    this.queue.clear();
    this.arm();
  }

  private exactNow(): number {
    return this.anchorAt + (performance.now() - this.anchorRealMs) * this.speed;
  }

  private moveAnchor(at: number): void {
    this.anchorAt = at;
    this.anchorRealMs = performance.now();
  }

  private arm(): void {
    if (this.wake !== null) clearTimeout(this.wake);
    this.wake = null;
    const nextAt = this.queue.nextAt();
    if (nextAt === null || this.closed) return;
    const realMs = Math.max(0, Math.ceil((nextAt - this.exactNow()) / this.speed));
    this.wake = setTimeout(() => this.fire(), Math.min(realMs, REAL_TIMEOUT_MS_MAX));
  }

  private fire(): void {
    const due: Entry[] = [];
    for (let at = this.queue.nextAt(); at !== null && at <= this.now(); at = this.queue.nextAt()) {
      const entry = this.queue.take();
      if (entry !== null) due.push(entry);
    }
    this.arm();
    for (const entry of due) entry.run?.();
  }
}
