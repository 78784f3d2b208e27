// `npm run mutate -- AREA [CONCURRENCY]`: Stryker on one area, and a second reading of its report. Stryker has
// been seen to end well with next to nothing run, under another version of vitest: so it is not believed,
// but read.

import { readFileSync, rmSync } from "node:fs";
import { Stryker } from "@stryker-mutator/core";
import { type Area, findArea } from "./areas.ts";
import { countMutants, describeCounts, findFaults, type MutationReport } from "./find-faults.ts";

const [name, concurrency = "2"] = process.argv.slice(2);

async function mutate({ mutate, least }: Area): Promise<readonly string[]> {
  const fileName = `node_modules/.cache/mutation/${name}.json`;
  rmSync(fileName, { force: true });
  await new Stryker({
    mutate: [...mutate],
    concurrency: Number(concurrency),
    jsonReporter: { fileName },
  }).runMutationTest();
  const report: MutationReport = JSON.parse(readFileSync(fileName, "utf8"));
  console.log(`mutate: ${name}: ${describeCounts(countMutants(report))}`);
  return findFaults(report, least);
}

function areaOrExit(): Area {
  try {
    return findArea(name);
  } catch (error) {
    // Whoever mistyped a name has no use for a stack.
    console.error(`mutate: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}

const area = areaOrExit();
// Read by vitest.mutate.config.ts, in the process that runs the tests.
process.env.MUTATED_AREA = name;
for (const fault of await mutate(area)) {
  console.error(`mutate: ${fault}`);
  process.exitCode = 1;
}
