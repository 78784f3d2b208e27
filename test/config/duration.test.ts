import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, readDuration } from "../../shared/text/duration.ts";

describe("readDuration()", () => {
  test.each([
    ["PT0S", 0],
    ["PT30S", 30_000],
    ["PT0.5S", 500],
    ["PT1.001S", 1001],
    ["PT5M", 300_000],
    ["PT1H30M", 5_400_000],
    ["P1D", 86_400_000],
    ["P1DT12H", 129_600_000],
    ["P2W", 1_209_600_000],
  ])("%s is %i ms", (text, ms) => {
    expect(readDuration(text)).toEqual({ kind: "ok", value: ms });
  });

  test.each([
    ["30", "not-a-duration", "PT30S"],
    ["30s", "not-a-duration", "PT30S"],
    ["5 min", "not-a-duration", "PT5M"],
    ["2h", "not-a-duration", "PT2H"],
    ["3 days", "not-a-duration", "P3D"],
    ["1500ms", "not-a-duration", "PT1.5S"],
    ["pt5m", "not-a-duration", "PT5M"],
    ["-PT5M", "duration-signed", "PT5M"],
    ["P1M", "duration-of-no-fixed-length", "PT30M"],
    ["P1Y2D", "duration-of-no-fixed-length", "P30D"],
    ["P", "not-a-duration", "PT30S"],
    ["PT", "not-a-duration", "PT30S"],
    ["P1DT", "not-a-duration", "PT30S"],
    ["PT0.0001S", "not-a-duration", "PT30S"],
    ["P1W2D", "not-a-duration", "PT30S"],
    ["PT5M ", "not-a-duration", "PT5M"],
    ["", "not-a-duration", "PT30S"],
    ["P1001D", "duration-too-long", "P1000D"],
  ])("'%s' is refused because: %s", (text, because, written) => {
    const reading = readDuration(text);
    expect(reading).toMatchObject({ kind: "refused", because });
    expect(reading).toHaveProperty("write", expect.stringContaining(written));
  });

  test("whatever is written by us is read as the same length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000_000 }), (ms) => {
        expect(readDuration(formatDuration(ms))).toEqual({ kind: "ok", value: ms });
      }),
    );
  });
});
