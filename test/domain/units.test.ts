import { describe, expect, test } from "vitest";
import { instantIn, wholeIn } from "../../shared/domain/units.ts";

describe("an instant of the outside", () => {
  test.each([
    ["2026-01-15T09:00:00Z", Date.UTC(2026, 0, 15, 9)],
    ["2026-01-15T09:00:00.1234567Z", Date.UTC(2026, 0, 15, 9, 0, 0, 123)],
    ["2026-01-15T10:00:00+01:00", Date.UTC(2026, 0, 15, 9)],
    ["Thu, 15 Jan 2026 09:00:00 GMT", Date.UTC(2026, 0, 15, 9)],
  ])("is %s", (text, at) => expect(instantIn(text)).toBe(at));

  test.each([
    ...[null, undefined, "", "5", "0", "now", "tomorrow 2026", "2026", "2026-01-15"],
    ...["2026-01-15T09:00:00", "2026-13-15T09:00:00Z", "2026-01-15T99:00:00Z", "NaN"],
    ...["Thu, 99 Jan 2026 09:00:00 GMT", `2026-01-15T09:00:00${"0".repeat(100_000)}Z`],
  ])("is none of %j", (text) => expect(instantIn(text)).toBeNull());
});

describe("a whole number of the outside", () => {
  test.each([
    ["0", 0],
    ["10", 10],
    ["999999999999999", 999_999_999_999_999],
  ])("is %s", (text, number) => expect(wholeIn(text)).toBe(number));

  test.each([null, undefined, "", "-1", "1e3", "0x10", "1.5", " 1", "NaN", "1".repeat(16)])(
    "is none of %j",
    (text) => expect(wholeIn(text)).toBeNull(),
  );
});
