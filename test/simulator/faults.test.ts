import { expect, test } from "vitest";
import { durationMs, Fault, faultMeanings } from "../../simulator/faults.ts";

test("times are milliseconds or ISO durations", () => {
  const region = "westeurope";
  const read = Fault.parse({ fault: "region-dark", region, at: "PT1H30M", for: "P1DT0.5S" });
  expect(read).toEqual({ fault: "region-dark", region, at: 5_400_000, for: 86_400_500 });
  expect(Fault.parse(read)).toEqual(read);
});

test.each(["P", "PT", "1H", "P1M", "P1Y", "PT1H30", "-PT1M", "PT1.5H"])(
  "%s is no duration that can be counted on",
  (text) => {
    const fault = { fault: "arm-down", at: text };
    expect(Fault.safeParse(fault).success).toBe(false);
    expect(() => durationMs(text)).toThrow("Cannot read a duration");
  },
);

test("a fault with a property it does not know is refused", () => {
  expect(Fault.safeParse({ fault: "arm-down", at: 0, regoin: "westeurope" }).success).toBe(false);
  expect(Fault.safeParse({ fault: "meteor", at: 0 }).success).toBe(false);
});

test("every fault has one name and says what it is in real life", () => {
  const meanings = faultMeanings();
  expect(meanings.size).toBe(Fault.options.length);
  for (const meaning of meanings.values()) expect(meaning.length).toBeGreaterThan(10);
});
