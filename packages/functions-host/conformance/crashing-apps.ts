/** What app code throws at itself after it called `process.exit`: nothing behind the call may run. */
class Exited extends Error {}

export interface CrashingApps {
  /** To be told of an exception in a timer callback. */
  uncaught(thrown: unknown): void;
  release(): void;
}

/**
 * Turns what would end the process of a worker into a call: here the worker's process is the
 * process of the tests, and has to live on.
 */
export function catchCrashes(crash: (exitCode: number) => void): CrashingApps {
  const { exit } = process;
  const listeners = process.listeners("unhandledRejection");
  const uncaught = (thrown: unknown): void => {
    if (!(thrown instanceof Exited)) crash(1);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", uncaught);
  process.exit = (code) => {
    crash(Number(code ?? 0));
    throw new Exited();
  };
  return {
    uncaught,
    release: () => {
      process.exit = exit;
      process.off("unhandledRejection", uncaught);
      for (const listener of listeners) process.on("unhandledRejection", listener);
    },
  };
}
