import type { Clock } from "./clock.ts";

/** The end of one call, whatever hangs in it. */
export interface Deadline {
  /** Tells whatever runs to stop. Nobody waits for it to do so. */
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

/** Thrown where work did not end in time. */
export class DeadlineMissed extends Error {
  override readonly name = "DeadlineMissed";
}

/** Runs `work` for no longer than `ms`: a token, a socket or a body that hangs cannot hold the caller. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline(clock, ms);
  try {
    const end = await deadline.race(work(deadline.signal).then((value) => ({ value })));
    if (end === "late") throw new DeadlineMissed(`Cannot wait any longer: ${ms} ms are over`);
    return end.value;
  } finally {
    deadline.end();
  }
}
