import { Cron } from "croner";
import { nearest } from "../text/nearest.ts";
import { ok, type Reading, refused } from "../text/reading.ts";

/** Occurrences are looked for from here on, so that the answer does not depend on today. */
const FROM = new Date(Date.UTC(2024, 0, 1));
const OCCURRENCES = 60;
const LENGTH_MAX = 200;
const EXAMPLE = '"0 2 * * SAT": minute, hour, day of month, month, day of week';

/** Checks a cron expression of five fields that has at least one occurrence. */
export function readSchedule(text: string): Reading<string> {
  if (text.length > LENGTH_MAX) return refused("schedule-syntax", "is too long", EXAMPLE);
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) {
    return refused("schedule-fields", `must have five fields, and has ${fields.length}`, EXAMPLE);
  }
  const cron = parseCron(text, "UTC");
  if (cron === null) return refused("schedule-syntax", "must be a cron expression", EXAMPLE);
  if (cron.nextRun(FROM) === null) {
    return refused("schedule-never", "names a day that never comes", EXAMPLE);
  }
  const [, , dayOfMonth = "", , dayOfWeek = ""] = fields;
  if (isRestricted(dayOfMonth) && isRestricted(dayOfWeek)) {
    const what = "names days of the month and days of the week, and would open on either";
    return refused("schedule-two-days", what, oneOfThem(fields));
  }
  return ok(text);
}

function isRestricted(days: string): boolean {
  return days !== "*" && days !== "?";
}

/** What was probably meant: with both named, cron takes a day that is either. */
function oneOfThem([minute, hour, dayOfMonth = "", month, dayOfWeek]: readonly string[]): string {
  const week = WEEKS.indexOf(dayOfMonth) + 1;
  const days = week === 0 ? dayOfWeek : `${dayOfWeek}#${week}`;
  return `"${minute} ${hour} * ${month} ${days}"; SAT#1 is the first Saturday of a month`;
}

/** The days of the month on which a day of the week comes for the first time, the second and so on. */
const WEEKS = ["1-7", "8-14", "15-21", "22-28"];

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
