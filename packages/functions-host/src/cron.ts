// Schedules of timer triggers: six NCRONTAB fields, five fields, or a constant interval. UTC only.

import { parseTimeSpan } from "./time-span.ts";

export interface Schedule {
  /** Strictly after the instant. */
  nextAfter(at: number): number;
  /** A constant interval knows nothing of daylight saving. */
  readonly adjustsForDst: boolean;
  /** The platform keeps no status for these and never calls them past due. */
  readonly fasterThanMinutely: boolean;
}

const MONTHS =
  "january february march april may june july august september october november december";
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday";

interface Field {
  name: string;
  min: number;
  max: number;
  words: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "second", min: 0, max: 59, words: [] },
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day", min: 1, max: 31, words: [] },
  { name: "month", min: 1, max: 12, words: MONTHS.split(" ") },
  { name: "day of week", min: 0, max: 6, words: WEEKDAYS.split(" ") },
];

/** Reads a schedule as the timer trigger does; `%NAME%` comes from the app's settings. */
export function parseSchedule(text: string, settings: Record<string, string> = {}): Schedule {
  const resolved = text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`Cannot read the schedule: no such setting: ${name}`);
    return value;
  });
  const intervalMs = parseTimeSpan(resolved.trim());
  if (intervalMs !== null) return constant(intervalMs);
  const parts = resolved.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift("0");
  if (parts.length !== 6) throw new Error(`Cannot read the schedule: not six fields: ${text}`);
  return cron(parts.map((part, i) => parseField(part, i, text)));
}

function constant(intervalMs: number): Schedule {
  return {
    nextAfter: (at) => at + intervalMs,
    adjustsForDst: false,
    fasterThanMinutely: intervalMs < 60_000,
  };
}

function parseField(part: string, index: number, whole: string): ReadonlySet<number> {
  const field = FIELDS[index];
  if (field === undefined) throw new Error(`Cannot read the schedule: too many fields: ${whole}`);
  const allowed = new Set<number>();
  for (const item of part.split(",")) {
    const found = /^(\*|[^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(item);
    const [, from = "", to, every] = found ?? [];
    const step = every === undefined ? 1 : Number(every);
    const low = from === "*" ? field.min : number(from, field);
    const openEnd = from === "*" || every !== undefined;
    const high = to === undefined ? (openEnd ? field.max : low) : number(to, field);
    if (found === null || low === null || high === null || step < 1 || high < low) {
      throw new Error(`Cannot read the schedule: bad ${field.name} field: ${part}`);
    }
    for (let n = low; n <= high; n += step) allowed.add(n);
  }
  return allowed;
}

function number(text: string, field: Field): number | null {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    return value >= field.min && value <= field.max ? value : null;
  }
  const at = field.words.findIndex((word) => word.startsWith(text.toLowerCase()));
  return at < 0 || !/^[a-z]+$/i.test(text) ? null : at + field.min;
}

/** February 29 on a given weekday comes back within 40 years. */
const YEARS_MAX = 40;

function cron(fields: readonly ReadonlySet<number>[]): Schedule {
  const [seconds, minutes, hours, days, months, weekdays] = fields;
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) {
    throw new Error("Cannot read the schedule: a field is missing");
  }
  const dayFits = (date: Date): boolean =>
    months.has(date.getUTCMonth() + 1) &&
    days.has(date.getUTCDate()) &&
    weekdays.has(date.getUTCDay());
  const nextAfter = (at: number): number => {
    const date = new Date(Math.floor(at / 1000) * 1000 + 1000);
    const lastYear = date.getUTCFullYear() + YEARS_MAX;
    while (date.getUTCFullYear() <= lastYear) {
      if (!dayFits(date)) date.setUTCHours(24, 0, 0, 0);
      else if (!hours.has(date.getUTCHours())) date.setUTCHours(date.getUTCHours() + 1, 0, 0, 0);
      else if (!minutes.has(date.getUTCMinutes()))
        date.setUTCMinutes(date.getUTCMinutes() + 1, 0, 0);
      else if (!seconds.has(date.getUTCSeconds())) date.setUTCSeconds(date.getUTCSeconds() + 1, 0);
      else return date.getTime();
    }
    throw new Error("Cannot find the next occurrence: the schedule never matches");
  };
  return { nextAfter, adjustsForDst: true, fasterThanMinutely: seconds.size > 1 };
}
