import type { Clock } from "./clock.ts";

/** The timers of one host, so that they end with it. */
export class Agenda {
  private readonly clock: Clock;
  private readonly pending = new Map<symbol, { at: number; cancel(): void }>();
  private open = true;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  at(at: number, run: () => void): { cancel(): void } {
    if (!this.open) return { cancel: () => undefined };
    const key = Symbol();
    const timer = this.clock.setTimer(at, () => {
      this.pending.delete(key);
      run();
    });
    const cancel = (): void => {
      timer.cancel();
      this.pending.delete(key);
    };
    this.pending.set(key, { at, cancel });
    return { cancel };
  }

  after(ms: number, run: () => void): { cancel(): void } {
    return this.at(this.clock.now() + ms, run);
  }

  /** Never comes back once the host is dead: nobody is there to go on. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  nextAt(): number | null {
    let next: number | null = null;
    for (const { at } of this.pending.values()) if (next === null || at < next) next = at;
    return next;
  }

  close(): void {
    this.open = false;
    for (const { cancel } of [...this.pending.values()]) cancel();
  }
}
