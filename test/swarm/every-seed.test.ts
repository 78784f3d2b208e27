// What all seeds of the gate must show, played in two processes: `npm run swarm`. Every fault, every rule and every
// outcome has to come up.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as z from "zod";
import manifest from "../../package.json" with { type: "json" };
import { FAILBACK_TABLE } from "../../shared/policy/rules/decide-failback.ts";
import { FAILOVER_TABLE } from "../../shared/policy/rules/decide-failover.ts";
import { faultMeanings } from "../../simulator/faults.ts";
import { THOROUGH } from "../support/thorough.ts";
import { UNREACHED } from "./unreached.ts";

/** How many the gate plays: this is the one number. */
const SEEDS = 120;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** As deep in the tree as the file that it is made of. */
const BUNDLE = "dist/swarm.mjs";

/** Puts the swarm into one file: to run the sources as they are takes a fifth more, and seconds to load them. */
async function bundleSwarm(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["swarm/main.ts"],
    outfile: BUNDLE,
    bundle: true,
    platform: "node",
    format: "esm",
    external: Object.keys(manifest.dependencies),
  });
}

const Counted = z.record(z.string(), z.number());
const Summary = z.object({
  seeds: z.number(),
  violations: z.array(z.unknown()),
  counts: z.object({ faults: Counted, rules: Counted, outcomes: Counted }),
});

function playApart(first: number, last: number): Promise<z.infer<typeof Summary>> {
  const args = [BUNDLE, "--seeds", `${first}..${last}`, "--json"];
  return new Promise((resolve, reject) => {
    // It ends with 1 when an invariant was broken: the last line tells which.
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (failure, stdout) => {
      const summary = Summary.safeParse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null"));
      if (summary.success) resolve(summary.data);
      else reject(failure ?? summary.error);
    });
  });
}

test.runIf(THOROUGH)(
  "no seed breaks an invariant, and every fault, rule and outcome comes up",
  async () => {
    await bundleSwarm();
    const halves = await Promise.all([playApart(1, SEEDS / 2), playApart(SEEDS / 2 + 1, SEEDS)]);
    expect(halves.flatMap(({ violations }) => violations)).toEqual([]);
    const seen = new Set(
      halves.flatMap(({ counts }) => Object.values(counts).flatMap((names) => Object.keys(names))),
    );
    const wanted = [
      ...faultMeanings().keys(),
      ...["host-crash", "host-kill", "host-stop", "pause", "approve", "deny"],
      ...["call-failover", "call-failback"],
      ...FAILOVER_TABLE.map(({ id }) => `fail-over: ${id}`),
      ...FAILBACK_TABLE.map(({ id }) => `fail-back: ${id}`),
      ...["no-incident", "not-confirmed", "recovered", "failed-over", "stood-down"],
    ];
    expect(wanted.filter((name) => !seen.has(name))).toEqual(
      wanted.filter((name) => name in UNREACHED),
    );
  },
  30 * 60_000,
);
