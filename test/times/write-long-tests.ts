// Writes the list of long tests into CONTRIBUTING.md, from a run of the whole suite on a quiet machine:
// npm test -- --reporter=json --outputFile=FILE && npx tsx test/times/write-long-tests.ts FILE

import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { fillLongTests } from "./fill-long-tests.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = `${ROOT}CONTRIBUTING.md`;

const Report = z.object({
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

const { testResults } = Report.parse(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
const files = testResults.map(({ name, startTime, endTime }) => ({
  path: relative(ROOT, name),
  startedAt: startTime,
  endedAt: endTime,
}));
writeFileSync(PAGE, fillLongTests(readFileSync(PAGE, "utf8"), files, availableParallelism()));
