/** The only source of time outside orchestrations. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Runs `run` at that instant, unless it is cancelled before. */
  setTimer(at: number, run: () => void): { cancel(): void };
}
