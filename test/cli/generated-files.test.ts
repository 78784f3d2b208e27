import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { GENERATED } from "../../cli/generated-files.ts";

test.each(GENERATED)("%s is fresh: npm run docs writes it", (path, render) => {
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(render());
});
