// What the seeds of the gate must show. A few are played in npm test; `npm run swarm` plays all of them, in two
// processes, and wants every fault, every rule and every outcome to have come up.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as z from "zod";
import { FAILBACK_TABLE } from "../../shared/policy/rules/decide-failback.ts";
import { FAILOVER_TABLE } from "../../shared/policy/rules/decide-failover.ts";
import { faultMeanings } from "../../simulator/faults.ts";
import { drawPlan } from "../../swarm/draw-plan.ts";
import { judge } from "../../swarm/invariants.ts";
import { play } from "../../swarm/play.ts";
import { THOROUGH } from "../support/thorough.ts";
import { UNREACHED } from "./unreached.ts";

/** How many the gate plays: this is the one number. */
const SEEDS = THOROUGH ? 120 : 4;

const MAIN = fileURLToPath(new URL("../../swarm/main.ts", import.meta.url));

test.runIf(!THOROUGH).each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  "seed %i breaks no invariant",
  async (seed) => {
    const breaches = judge(await play(drawPlan(seed)));
    expect(breaches, `again: npm run sim -- --seed ${seed}`).toEqual([]);
  },
  120_000,
);

test("the same seed is the same run", async () => {
  const { record, rows } = await play(drawPlan(3), 360_000);
  const again = await play(drawPlan(3), 360_000);
  expect(again.record).toEqual(record);
  expect(again.rows).toEqual(rows);
}, 120_000);

const Counted = z.record(z.string(), z.number());
const Summary = z.object({
  seeds: z.number(),
  violations: z.array(z.unknown()),
  counts: z.object({ faults: Counted, rules: Counted, outcomes: Counted }),
});

function playApart(first: number, last: number): Promise<z.infer<typeof Summary>> {
  const args = ["--import", "tsx", MAIN, "--seeds", `${first}..${last}`, "--json"];
  return new Promise((resolve, reject) => {
    // It ends with 1 when an invariant was broken: the last line tells which.
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (failure, stdout) => {
      const summary = Summary.safeParse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null"));
      if (summary.success) resolve(summary.data);
      else reject(failure ?? summary.error);
    });
  });
}

test.runIf(THOROUGH)(
  "no seed breaks an invariant, and every fault, rule and outcome comes up",
  async () => {
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
