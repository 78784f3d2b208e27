import type { Clock } from "../shared/ports/clock.ts";
import { DeadlineMissed, withDeadline } from "../shared/ports/deadline.ts";

/**
 * Waits for `work` that is made of several calls, but no longer than `ms`. A failure or a missed deadline
 * becomes `fallback`: whoever asks must be able to go on without the answer. The late answer is dropped.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  fallback: (because: string) => T,
): Promise<T> {
  try {
    return await withDeadline(clock, ms, () => work);
  } catch (error) {
    return fallback(error instanceof DeadlineMissed ? "no-answer-in-time" : nameOf(error));
  }
}

/** Names what went wrong without quoting it: messages may carry addresses and signatures. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "failed";
}
