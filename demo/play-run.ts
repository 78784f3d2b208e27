import type { Entry } from "./entry.ts";
import type { Run } from "./start-run.ts";
import type { Watched } from "./watch-run.ts";

/** Between two looks at what has happened. The same at every speed, so that the timeline is, too. */
const BUSY_STEP_MS = 1_000;
const IDLE_STEP_MS = 15_000;
/** People see this much of the quiet after an event before the rest of it is skipped. */
const QUIET_SHOWN_MS = 20_000;

export interface Show {
  entries(entries: readonly Entry[]): void;
  /** After every step, with whether the time to the next event is being skipped. */
  step(skipping: boolean): void | Promise<void>;
}

/**
 * Lets simulated time pass up to an instant. While something is under way it passes at the given
 * speed; a quiet stretch takes only as long as it takes to compute.
 */
export async function playRun(
  run: Run,
  watched: Watched,
  untilAt: number,
  options: {
    readonly speed: number | "max";
    readonly show: Show;
    readonly signal: AbortSignal;
    /** Whether quiet stretches are skipped. */
    readonly skip?: boolean;
  },
): Promise<void> {
  const { clock } = run;
  const { speed, show, signal, skip = true } = options;
  let lastEntryAt: number | null = null;
  while (clock.now() < untilAt && !signal.aborted) {
    const busy = watched.busy();
    const quietMs = lastEntryAt === null ? 0 : clock.now() - lastEntryAt;
    const skipping = skip && !busy && quietMs > QUIET_SHOWN_MS;
    const stepMs = !skipping ? BUSY_STEP_MS : IDLE_STEP_MS;
    const startedAt = performance.now();
    await clock.runUntil(Math.min(untilAt, clock.now() + stepMs));
    const news = watched.news();
    if (news.length > 0) lastEntryAt = clock.now();
    show.entries(news);
    await show.step(skipping);
    if (speed !== "max" && !skipping) {
      await restOf(stepMs / speed - (performance.now() - startedAt));
    }
  }
}

function restOf(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
