import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { judgeScenario } from "../../simulator/judge/judge-scenario.ts";
import { parseScenarios } from "../../simulator/judge/parse-scenarios.ts";

const text = readFileSync(new URL("../scenarios/scenarios.json", import.meta.url), "utf8");
const { scenarios, problems } = parseScenarios(text, "scenarios.json");

test("the catalogue of incidents is in the format", () => {
  expect(problems).toEqual([]);
  expect(scenarios).toHaveLength(28);
});

describe("every incident of the catalogue comes out as expected", () => {
  for (const scenario of scenarios) {
    test(`${scenario.id} ${scenario.title}`, async () => {
      const { result } = await judgeScenario(scenario);
      expect(result).toMatchObject({ decision: scenario.expected?.decision, ok: true });
    });
  }
});
