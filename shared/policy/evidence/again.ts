const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The waits between one telling of what lasts, or one sending of an ask, and the next; the last one is repeated. */
export const AGAIN_MS: readonly number[] = [15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS];

/** Which telling of what was first told at that instant is due, counted from one. */
export function tellingDue(firstAt: number, now: number): number {
  let telling = 1;
  let dueAt = firstAt;
  for (;;) {
    dueAt += AGAIN_MS[telling - 1] ?? AGAIN_MS.at(-1) ?? HOUR_MS;
    if (now < dueAt) return telling;
    telling += 1;
  }
}
