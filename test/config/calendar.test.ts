import { Cron } from "croner";
import { expect, test } from "vitest";
import { readSchedule } from "../../shared/config/calendar.ts";

test.each([
  ["0 2 1-7 * SAT", "0 2 * * SAT#1"],
  ["0 2 8-14 * SAT", "0 2 * * SAT#2"],
  ["0 2 15-21 * 6", "0 2 * * 6#3"],
  ["30 1 22-28 * SUN", "30 1 * * SUN#4"],
  ["0 6 1-5 * MON-FRI", "0 6 * * MON-FRI"],
  ["0 2 13 * FRI", "0 2 * * FRI"],
  ["0 2 */2 * MON", "0 2 * * MON"],
])(
  "a schedule of days of the month and of the week (%s) is refused, with another to write",
  (text, write) => {
    const reading = readSchedule(text);
    expect(reading).toMatchObject({ kind: "refused", because: "schedule-two-days" });
    expect(reading.kind === "refused" ? reading.write : "").toContain(`"${write}"`);
    expect(readSchedule(write).kind).toBe("ok");
  },
);

test.each(["0 2 * * SAT#1", "0 2 * * SAT", "0 2 1-7 * *", "0 2 L * ?", "0 2 ? * MON", "0 2 * * *"])(
  "a schedule of one of them (%s) is sound",
  (text) => expect(readSchedule(text).kind).toBe("ok"),
);

test("what is proposed is the first Saturday of a month, and no other day", () => {
  const runs = new Cron("0 2 * * SAT#1", { timezone: "UTC", mode: "5-part", paused: true });
  const days = runs.nextRuns(12, new Date(Date.UTC(2026, 0, 1)));
  expect(days.map((day) => day.getUTCDay())).toEqual(Array(12).fill(6));
  expect(days.every((day) => day.getUTCDate() <= 7)).toBe(true);
});
