import type { Clock } from "../ports/clock.ts";

/** Longer timers would overflow and fire at once. Nothing here waits for days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export function createWallClock(): Clock {
  const clock: Clock = {
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => clock.setTimer(clock.now() + ms, resolve)),
    setTimer: (at, run) => {
      const ms = Math.min(Math.max(0, at - Date.now()), LONGEST_TIMER_MS);
      const timer = setTimeout(run, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  return clock;
}
