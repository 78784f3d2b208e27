import { describe, expect, test } from "vitest";
import { findArea } from "./areas.ts";
import { countMutants, describeCounts, findFaults, type MutationReport } from "./find-faults.ts";

const least = { score: 90, mutants: 10 };
const STATIC = { statusReason: 'Static mutant (and "ignoreStatic" was enabled)' };

function report(statuses: Record<string, number>, statics = 0): MutationReport {
  const named = Object.entries(statuses).flatMap(([status, many]) =>
    Array.from({ length: many }, () => ({ status })),
  );
  const ignored = Array.from({ length: statics }, () => ({ status: "Ignored", ...STATIC }));
  return { files: { "shared/policy/some.ts": { mutants: [...named, ...ignored] } } };
}

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

  test("tells the static ones apart from those that a comment leaves out, and counts neither as killed", () => {
    const counts = countMutants(report({ Killed: 8, Survived: 1, NoCoverage: 1, Ignored: 1 }, 4));
    expect(counts).toEqual({
      killed: 8,
      survived: 1,
      unreached: 1,
      static: 4,
      excused: 1,
      broken: 0,
    });
    expect(describeCounts(counts)).toBe(
      "80.0 % of 10 tested mutants were killed (1 survived, 1 reached by no test); 4 static ones were not tried, 26.7 % of all; 1 are excused by a comment",
    );
  });
});

test("an area that does not exist, or that was not named, is answered with those that do", () => {
  const areas = "one of policy, ledger, functions";
  expect(() => findArea("polcy")).toThrow(`Cannot mutate: say which area, ${areas}: polcy`);
  expect(() => findArea(undefined)).toThrow(`${areas}: none was given`);
});
