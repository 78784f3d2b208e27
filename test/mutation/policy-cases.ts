// Every quick test of the policy, gathered into one file for the mutation run (vitest.mutate.config.ts):
// each mutant gets a new worker for each file, and one of them is quicker than fifteen.

import { readdirSync } from "node:fs";
import fc from "fast-check";

/** Properties and the exhaustive check would kill more, at a second or more for every mutant. */
const SLOW = [
  "conditions-any.test.ts",
  "exhaustive-bites.test.ts",
  "exhaustive.test.ts",
  "invariants.test.ts",
  "metamorphic.test.ts",
  "noise.test.ts",
];

/** The rest stops at the first test that notices, so these come last. */
const LAST = ["track-outage.test.ts", "overrides.test.ts", "check-agrees.test.ts"];

// A property beside the cases is cut short: the cases must kill, properties only add to it.
fc.configureGlobal({ interruptAfterTimeLimit: 100, markInterruptAsFailure: false });

const all = readdirSync(new URL("../policy/", import.meta.url)).filter(
  (name) => name.endsWith(".test.ts") && !SLOW.includes(name),
);
const quick = all.filter((name) => !LAST.includes(name)).sort();
for (const name of [...quick, ...LAST]) await import(`../policy/${name}`);
