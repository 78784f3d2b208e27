import { expect, test } from "vitest";
import type { SecondarySql } from "../../shared/domain/facts.ts";
import { judgeSecondary } from "../../shared/policy/evidence/judge-secondary.ts";

test.each<readonly [ours: SecondarySql, theirs: readonly SecondarySql[], together: SecondarySql]>([
  ["answers", [], "answers"],
  ["silent", [], "silent"],
  ["unknown", [], "unknown"],
  ["answers", ["answers"], "answers"],
  ["answers", ["silent"], "answers"],
  ["answers", ["unknown"], "answers"],
  ["silent", ["answers"], "answers"],
  ["silent", ["silent"], "silent"],
  ["silent", ["unknown"], "silent"],
  ["unknown", ["answers"], "answers"],
  ["unknown", ["silent"], "silent"],
  ["unknown", ["unknown"], "unknown"],
  ["silent", ["silent", "answers"], "answers"],
  ["unknown", ["unknown", "silent"], "silent"],
])("to us it is %s and to the others %j: %s", (ours, theirs, together) => {
  expect(judgeSecondary([ours, ...theirs])).toBe(together);
});

test("nobody was asked: unknown", () => {
  expect(judgeSecondary([])).toBe("unknown");
});
