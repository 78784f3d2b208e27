import { describe, expect, test } from "vitest";
import { parseSchedule } from "../src/cron.ts";

const next = (schedule: string, after: string): string =>
  new Date(parseSchedule(schedule).nextAfter(Date.parse(after))).toISOString();

describe("the next run of a timer", () => {
  test.each([
    ["*/15 * * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:00:15.000Z"],
    ["*/15 * * * * *", "2026-01-01T00:00:14.999Z", "2026-01-01T00:00:15.000Z"],
    ["0 */2 * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00.000Z"],
    ["*/2 * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00.000Z"],
    ["0 0 2 * * SAT", "2026-01-01T00:00:00Z", "2026-01-03T02:00:00.000Z"],
    ["0 30 9 * Jan Mon-Fri", "2026-01-02T10:00:00Z", "2026-01-05T09:30:00.000Z"],
    ["0 0 0 1 1 *", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["0 0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00.000Z"],
    ["0 10/20 * * * *", "2026-01-01T00:10:00Z", "2026-01-01T00:30:00.000Z"],
    ["0 5,7-9/2 * * * *", "2026-01-01T00:07:00Z", "2026-01-01T00:09:00.000Z"],
    ["00:01:10", "2026-01-01T00:00:00Z", "2026-01-01T00:01:10.000Z"],
    ["1.00:00:00", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000Z"],
  ])("%s after %s is %s", (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  test.each([
    "",
    "* * * *",
    "60 * * * * *",
    "0 0 0 * * 7",
    "0 0 0 0 * *",
    "0 5-1 * * * *",
    "a * * * * *",
  ])("'%s' is no schedule", (schedule) => {
    expect(() => parseSchedule(schedule)).toThrow("Cannot read the schedule");
  });

  test("a day that never comes is said to be one", () => {
    expect(() => next("0 0 0 31 2 *", "2026-01-01T00:00:00Z")).toThrow("never matches");
  });

  test("a setting gives the schedule, a missing one is named", () => {
    const schedule = parseSchedule("%Every%", { Every: "0 0 * * * *" });
    expect(schedule.nextAfter(Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 1, 1));
    expect(() => parseSchedule("%Every%")).toThrow("no such setting: Every");
  });
});
