import type { Clock } from "../../ports/clock.ts";

/** The end of one call, whatever hangs in it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The work's own end, or "late". */
  race<T>(work: Promise<T>): Promise<T | "late">;
  /** To be called when the work is over. */
  end(): void;
}

/** Starts counting now. */
export function createDeadline(clock: Clock, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = clock.setTimer(clock.now() + timeoutMs, () => controller.abort());
  const late = new Promise<"late">((resolve) => {
    signal.addEventListener("abort", () => resolve("late"), { once: true });
  });
  return {
    signal,
    race: (work) => Promise.race([work, late]),
    end: () => timer.cancel(),
  };
}
