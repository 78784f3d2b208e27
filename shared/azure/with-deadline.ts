import type { Clock } from "../ports/clock.ts";

/** Thrown where work did not end in time. */
export class DeadlineMissed extends Error {
  override readonly name = "DeadlineMissed";
}

/**
 * Runs `work` for no longer than `ms`. It is told by the signal to stop, and nobody waits for it to
 * do so: a token, a socket or a body that hangs cannot hold the caller.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer = { cancel: (): void => undefined };
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimer(clock.now() + ms, () => {
      controller.abort();
      reject(new DeadlineMissed(`Cannot wait any longer: ${ms} ms are over`));
    });
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    timer.cancel();
  }
}
