// npm run bench: every bench, or those that are named.   -- NAME… --json

import { showProgress } from "../shared/text/show-progress.ts";
import type { Bench, Finding } from "./bench.ts";
import { coldLoad } from "./cold-load.ts";
import { detectors } from "./detectors.ts";
import { durableCost } from "./durable-cost.ts";
import { firstLook } from "./first-look.ts";
import { graceToRequest } from "./grace-to-request.ts";
import { incidentsUnderNoise } from "./incidents-under-noise.ts";
import { longRun } from "./long-run.ts";
import { lostTogether } from "./lost-together.ts";
import { outwardCalls } from "./outward-calls.ts";
import { printFinding } from "./print-finding.ts";

const BENCHES: readonly Bench[] = [
  coldLoad,
  firstLook,
  graceToRequest,
  durableCost,
  incidentsUnderNoise,
  outwardCalls,
  lostTogether,
  longRun,
  detectors,
];

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => word !== "--json");
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const known = BENCHES.map(({ name }) => name).join(", ");
  console.error(`Cannot run ${unknown.join(", ")}: no such bench. There are: ${known}`);
  process.exit(2);
}

const wanted = BENCHES.filter(({ name }) => names.length === 0 || names.includes(name));
const progress = showProgress(json ? null : process.stderr, {
  things: "benches",
  total: wanted.length,
  now: () => performance.now(),
});
const findings: (Finding & { name: string; question: string })[] = [];
for (const bench of wanted) {
  const startedAt = performance.now();
  const finding = await bench.run();
  findings.push({ name: bench.name, question: bench.question, ...finding });
  progress.clear();
  if (!json) console.log(printFinding(bench, finding));
  console.error(`${bench.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  progress.step();
}
progress.clear();
if (json) {
  const machine = { node: process.version, platform: `${process.platform}-${process.arch}` };
  console.log(JSON.stringify({ machine, findings }, null, 2));
}
