import type { Clock } from "../src/clock.ts";

interface Timer {
  cancel(): void;
}

/** The timers and the date that app code sees, on the host's clock. */
export interface AppClock {
  /** A dead process has no timers: what was set before is never run. */
  forgetTimers(): void;
  release(): void;
}

/** Puts app code on the host's clock until it is released. */
export function useClockInApps(clock: Clock, onUncaught: (thrown: unknown) => void): AppClock {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    Date: globalThis.Date,
  };
  let generation = 0;
  const replaced = {
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer => {
      const setBy = generation;
      return clock.setTimer(clock.now() + Number(ms), () => {
        if (setBy !== generation) return;
        try {
          run(...args);
        } catch (thrown) {
          onUncaught(thrown);
        }
      });
    },
    clearTimeout: (timer: Timer | undefined): void => timer?.cancel(),
    Date: dateOf(clock),
  };
  Object.assign(globalThis, replaced);
  return {
    forgetTimers: () => {
      generation++;
    },
    release: () => {
      Object.assign(globalThis, real);
    },
  };
}

function dateOf(clock: Clock): DateConstructor {
  const RealDate = Date;
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget),
    get: (target, property) =>
      property === "now" ? () => clock.now() : Reflect.get(target, property),
  });
}
