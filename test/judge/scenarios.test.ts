import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { judgeMany } from "../../judge/judge-many.ts";
import type { JudgeResult } from "../../judge/judge-scenario.ts";
import { parseScenarios } from "../../judge/parse-scenarios.ts";
import { THOROUGH } from "../support/thorough.ts";

const FOLDER = new URL("../scenarios/", import.meta.url);
const CATALOGUE = "scenarios.json";

const read = (file: string) => parseScenarios(readFileSync(new URL(file, FOLDER), "utf8"), file);
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
const others = files.filter((file) => file !== CATALOGUE).flatMap((file) => read(file).scenarios);

test("every file of incidents is in the format, and no two share an id", () => {
  expect(files.flatMap((file) => read(file).problems)).toEqual([]);
  const ids = files.flatMap((file) => read(file).scenarios.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each([
  ["the catalogue", read(CATALOGUE).scenarios, 28],
  ["the others", others.filter((_, index) => THOROUGH || index % 10 === 0), THOROUGH ? 130 : 13],
] as const)("every incident of %s comes out as expected", (_, scenarios, atLeast) => {
  let results: readonly JudgeResult[] = [];

  beforeAll(async () => {
    results = await judgeMany(scenarios, {});
  }, 300_000);

  test("there are as many as there should be", () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each(scenarios.map((scenario) => [`${scenario.id} ${scenario.title}`, scenario] as const))(
    "%s",
    (_, { id, expected }) => {
      const result = results.find((each) => each.id === id);
      expect(result).toMatchObject({ decision: expected?.decision, ok: true });
    },
  );
});
