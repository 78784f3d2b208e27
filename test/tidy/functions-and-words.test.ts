// More of test/tidy.test.ts: a rule that has never been seen to fail proves nothing.

import { describe, expect, test } from "vitest";
import { checkDependencies } from "./check-dependencies.ts";
import { checkMeanings } from "./check-meanings.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkSentences } from "./check-sentences.ts";
import { sourceFile } from "./source-file.ts";

describe("dependencies", () => {
  const page = sourceFile("docs/decisions/dependencies.md", "| `zod` | schemas |");

  test.each([
    ["package.json", '{ "dependencies": { "zod": "4.6.7", "left-pad": "1.0.0" } }'],
    [
      "packages/host/package.json",
      '{ "devDependencies": { "zod": "4.6.7", "left-pad": "1.0.0" } }',
    ],
    ["package.json", "{}"],
  ])("%s: %s is refused", (path, text) => {
    expect(checkDependencies([page, sourceFile(path, text)])).toHaveLength(1);
  });
});

describe("functions", () => {
  test.each([
    ["a function", "function far(a: A, b: B, c: C, d: D, e: E): void {}"],
    ["a generator", "export function* far<T>(a: A<T>, b: B, c: C, d: D, e: E): Steps<T> {}"],
    ["an arrow", "const far = async (a: A, b: B, { c }: C, d: D, e = (x: X, y: Y) => x): E => d;"],
    [
      "a constructor",
      "class Far { constructor(private readonly a: A, b: B, c: C, d: D, ...e: E[]) {} }",
    ],
  ])("%s of five parameters is refused", (_, text) => {
    expect(checkParameters([sourceFile("cli/x.ts", text)])).toHaveLength(1);
  });

  test.each([
    "function near(a: A, b: Map<B, C>, { c, d, e }: C, d: D): void {}",
    "far(a, b, c, d, e);",
    "const pick = far(a, b, c, d, e) ? { a: 1 } : { b: 2 };",
  ])("%s is fine", (text) => {
    expect(checkParameters([sourceFile("cli/x.ts", text)])).toEqual([]);
  });

  test.each([
    "export function bare(): void {}",
    "// This is no sentence of it.\nexport async function* bare(): Steps<void> {}",
    "export const bare = (a: A): B => a.b;",
    "/** Of something else. */\n\nexport function bare(): void {}",
  ])("%s has no sentence", (text) => {
    expect(checkSentences([sourceFile("shared/x.ts", text)])).toHaveLength(1);
  });

  test("with a sentence are fine", () => {
    const text = "/** What it gives. */\nexport function told(): void {}";
    expect(checkSentences([sourceFile("shared/x.ts", text)])).toEqual([]);
  });
});

describe("one word, one meaning", () => {
  test.each([
    ["orchestrations/x.ts", "yield* call(context, lookAndDecide, work);"],
    ["orchestrations/x.ts", "yield* pause(context, afterMs);"],
    ["functions/seeing/x.ts", "interface Asked {}"],
    ["shared/domain/x.ts", "const remindedAt = 0;"],
    ["judge/x.ts", "const scenario = read();"],
    ["shared/azure/sql-face.ts", ""],
  ])("%s: %s is refused", (path, text) => {
    expect(checkMeanings([sourceFile(path, text)])).toHaveLength(1);
  });

  test.each([
    ["orchestrations/x.ts", "const { call } = facts; // call(…)"],
    ["functions/triggers/x.ts", "pause(app, group);"],
    ["shared/text/surface.ts", ""],
  ])("%s: %s is fine", (path, text) => {
    expect(checkMeanings([sourceFile(path, text)])).toEqual([]);
  });
});
