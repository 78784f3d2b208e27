import type { Clock } from "functions-host/clock";

/** A clock that is wrong by so much, for now. */
export class SkewedClock implements Clock {
  skewMs: number;
  private readonly world: Clock;

  constructor(world: Clock, skewMs = 0) {
    this.world = world;
    this.skewMs = skewMs;
  }

  now(): number {
    return this.world.now() + this.skewMs;
  }

  sleep(ms: number): Promise<void> {
    return this.world.sleep(ms);
  }

  /** Timers count the time that is left; setting the clock does not move them. */
  setTimer(at: number, run: () => void): { cancel(): void } {
    return this.world.setTimer(at - this.skewMs, run);
  }

  hold<T>(realWork: Promise<T>): Promise<T> {
    return this.world.hold(realWork);
  }
}
