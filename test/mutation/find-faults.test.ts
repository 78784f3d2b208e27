import { describe, expect, test } from "vitest";
import { findFaults } from "./find-faults.ts";

const least = { score: 90, mutants: 10 };
const report = (statuses: Record<string, number>) => ({
  files: {
    "shared/policy/some.ts": {
      mutants: Object.entries(statuses).flatMap(([status, many]) =>
        Array.from({ length: many }, () => ({ status })),
      ),
    },
  },
});

describe("a mutation report", () => {
  test("passes with nine of ten killed, by a test or by time", () => {
    expect(findFaults(report({ Killed: 8, Timeout: 1, Survived: 1 }), least)).toEqual([]);
    expect(findFaults(report({ Killed: 9, NoCoverage: 1, Ignored: 5 }), least)).toEqual([]);
  });

  test("fails with one more that survived, or that no test reached", () => {
    expect(findFaults(report({ Killed: 9, Survived: 2 }), least)).toHaveLength(1);
    expect(findFaults(report({ Killed: 9, NoCoverage: 2 }), least)).toHaveLength(1);
  });

  test("fails with too few mutants, though all of them are killed", () =>
    expect(findFaults(report({ Killed: 9 }), least)).toEqual([
      "9 mutants were tested; 10 are wanted",
    ]));

  test("fails where mutants ended in an error, or nothing was run at all", () => {
    expect(findFaults(report({ Killed: 10, RuntimeError: 1 }), least)).toHaveLength(1);
    expect(findFaults({ files: {} }, least)).toHaveLength(2);
  });
});
