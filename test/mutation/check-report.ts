// The end of `npm run mutate`. Stryker has been seen to end well with next to nothing run, under another
// version of vitest: so its report is read again, and must hold enough mutants.

import { readFileSync } from "node:fs";
import { findFaults, type MutationReport } from "./find-faults.ts";

const REPORT = new URL("../../node_modules/.cache/mutation/mutation.json", import.meta.url);
const LEAST = { score: 90, mutants: 2_500 };

const report: MutationReport = JSON.parse(readFileSync(REPORT, "utf8"));
const faults = findFaults(report, LEAST);
for (const fault of faults) console.error(`mutate: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
else console.log("mutate: score and number of mutants are as wanted");
