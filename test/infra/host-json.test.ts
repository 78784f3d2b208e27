// host.json against the page that gives a reason for each of its values.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import hostJson from "../../host.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };

const PAGE = readFileSync(new URL("../../docs/run-on-azure.md", import.meta.url), "utf8");
const ROW = /^\| `([\w.]+)` \| `([^`]+)` \| (measured|simulated|documented) \| (.+) \|$/gm;
const rows = [...PAGE.matchAll(ROW)].map(([, path = "", value = "", , why = ""]) => ({
  path,
  value,
  why,
}));

/** Every value with its path, in the order of the file. */
function valuesIn(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    valuesIn(inner, path === "" ? key : `${path}.${key}`),
  );
}

test("every value of host.json has a row with its reason, and no row speaks of another value", () => {
  const told = rows.map(({ path, value }) => [path, value]);
  expect(told.sort()).toEqual([...valuesIn(hostJson)].sort());
  expect(rows.filter(({ why }) => why.trim().length < 15)).toEqual([]);
});

test("motors are marked with the release that started them", () => {
  expect(hostJson.extensions.durableTask.defaultVersion).toBe(packageJson.version);
});
