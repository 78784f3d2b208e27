import { Cron } from "croner";
import { nearest } from "../text/nearest.ts";
import { ok, type Reading, refused } from "../text/reading.ts";

/** Occurrences are looked for from here on, so that the answer does not depend on today. */
const FROM = new Date(Date.UTC(2024, 0, 1));
const OCCURRENCES = 60;
const EXAMPLE = '"0 2 * * SAT": minute, hour, day of month, month, day of week';

/** Checks a cron expression of five fields that has at least one occurrence. */
export function readSchedule(text: string): Reading<string> {
  const fields = text.trim().split(/\s+/).length;
  if (fields !== 5) {
    return refused("schedule-fields", `must have five fields, and has ${fields}`, EXAMPLE);
  }
  const cron = parseCron(text, "UTC");
  if (cron === null) return refused("schedule-syntax", "must be a cron expression", EXAMPLE);
  if (cron.nextRun(FROM) === null) {
    return refused("schedule-never", "names a day that never comes", EXAMPLE);
  }
  return ok(text);
}

/** Checks the name of an IANA time zone. */
export function readTimezone(text: string): Reading<string> {
  if (/^[A-Za-z]/.test(text) && isTimezone(text)) return ok(text);
  const meant = nearest(text, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
  return refused(
    "unknown-timezone",
    "must be an IANA time zone",
    meant ?? "a name such as Europe/Berlin, or UTC",
  );
}

/** Whether a window reopens before it has closed, every time. */
export function neverCloses(window: {
  readonly schedule: string;
  readonly forMs: number;
  readonly timezone: string;
}): boolean {
  const starts = parseCron(window.schedule, window.timezone)?.nextRuns(OCCURRENCES, FROM) ?? [];
  const gaps = starts
    .slice(1)
    .map((start, index) => start.getTime() - (starts[index]?.getTime() ?? 0));
  return gaps.length > 0 && gaps.every((gapMs) => gapMs <= window.forMs);
}

function parseCron(schedule: string, timezone: string): Cron | null {
  try {
    return new Cron(schedule, { timezone, mode: "5-part", paused: true });
  } catch {
    return null;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
