import { Cron } from "croner";
import type { Window } from "../../domain/policy.ts";

/** Did the window last open less than its length ago? Read backwards, where the rules read forwards. */
export function isWithin({ schedule, timezone, forMs }: Window, at: number): boolean {
  // Asked for what began before the next millisecond: an opening at this very instant counts.
  const [opened] = new Cron(schedule, { timezone }).previousRuns(1, new Date(at + 1));
  return opened !== undefined && at < opened.getTime() + forMs;
}
