import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { JudgeResult } from "../../judge/judge-incident-file.ts";
import { judgeMany } from "../../judge/judge-many.ts";
import { parseIncidentFiles } from "../../judge/parse-incident-files.ts";

const FOLDER = new URL("../incident-files/", import.meta.url);
const CATALOGUE = "catalogue.json";

const read = (file: string) =>
  parseIncidentFiles(readFileSync(new URL(file, FOLDER), "utf8"), file);
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
const catalogue = read(CATALOGUE).incidentFiles;
const others = files
  .filter((file) => file !== CATALOGUE)
  .flatMap((file) => read(file).incidentFiles);

test("every file of incidents is in the format, and no two share an id", () => {
  expect(files.flatMap((file) => read(file).problems)).toEqual([]);
  const ids = files.flatMap((file) => read(file).incidentFiles.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each([
  ["the catalogue", catalogue, 36],
  ["the others", others, 200],
] as const)("every incident of %s comes out as expected", (_, incidentFiles, atLeast) => {
  let results: readonly JudgeResult[] = [];

  beforeAll(async () => {
    results = await judgeMany(incidentFiles, {});
  }, 900_000);

  test("there are as many as there should be", () => {
    expect(incidentFiles.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each(
    incidentFiles.map(
      (incidentFile) => [`${incidentFile.id} ${incidentFile.title}`, incidentFile] as const,
    ),
  )("%s", (_, { id, expected }) => {
    const result = results.find((each) => each.id === id);
    expect(result).toMatchObject({ decision: expected?.decision, ok: true, crowded: [] });
  });
});
