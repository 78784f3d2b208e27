import { Cron } from "croner";
import type { Window } from "../../domain/policy.ts";

/** Is the window open at this instant? It opens at the occurrence and closes `forMs` later. */
export function isOpen(window: Window, at: number): boolean {
  return closesAt(window, at) !== null;
}

/** When a window closes that is open at this instant; null when it is not. */
export function closesAt(window: Window, at: number): number | null {
  const opened = opensNext(window, at - window.forMs);
  return opened !== null && opened <= at ? opened + window.forMs : null;
}

/** The next opening strictly after this instant; null when there is none. */
export function opensNext(window: Window, at: number): number | null {
  const cron = new Cron(window.schedule, { timezone: window.timezone });
  return cron.nextRun(new Date(at))?.getTime() ?? null;
}
