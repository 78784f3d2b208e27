import type { Clock } from "../shared/ports/clock.ts";

/**
 * Waits for `work`, but no longer than `ms`. A failure or a missed deadline becomes `fallback`:
 * whoever asks must be able to go on without the answer. The late answer is dropped.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  fallback: (because: string) => T,
): Promise<T> {
  return new Promise((resolve) => {
    const late = () => resolve(fallback("no-answer-in-time"));
    const timer = clock.setTimer(clock.now() + ms, late);
    work
      .catch((error: unknown) => fallback(nameOf(error)))
      .then((answer) => {
        timer.cancel();
        resolve(answer);
      });
  });
}

/** Names what went wrong without quoting it: messages may carry addresses and signatures. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "failed";
}
