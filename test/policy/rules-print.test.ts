import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderRules } from "../../cli/render-rules.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the decision tables are the ones that were agreed on", () =>
  expect(renderRules("text")).toBe(read("test/golden/decision-tables.txt")));

test("docs/rules.md is fresh: npm run docs writes it", () =>
  expect(renderRules("markdown")).toBe(read("docs/rules.md")));
