// One test for every recorded answer.
//
// P1. An answer counts when it is the one of any recorded run.
// P2. Every probe is asked of a host with seed 1. Where a race decided on the real host, hosts with
//     further seeds are asked until the recorded outcome comes, `SEEDS_MAX` at most.
// P3. A known difference may match under no seed that was tried, and all around it has to match.

import { beforeAll, describe, expect, test } from "vitest";
import type { AppName } from "./app-folders.ts";
import { ask, type Order, type Outcome } from "./ask.ts";
import { type Comparison, compare } from "./compare.ts";
import type { Json } from "./json.ts";
import { KNOWN_DIFFERENCES, type KnownDifference } from "./known-differences.ts";
import type { Probe } from "./probe.ts";
import { isRace } from "./races.ts";
import { startOnSocket } from "./socket-target.ts";
import { startVirtual } from "./virtual-target.ts";

export interface Suite {
  /** The set, as in the list of known differences. */
  name: string;
  app: AppName;
  /** In this process on virtual time, or behind a socket on the wall clock. */
  host: "virtual" | "on a socket";
  /** How much faster than life the wall clock goes. */
  speed?: number;
  recorded: ReadonlyMap<string, readonly Json[]>;
  probes: readonly Probe[];
  order: Order;
}

const SEEDS_MAX = 25;

/** Puts every probe of a set to our host, and makes one test of every recorded answer. */
export function conformance(suite: Suite): void {
  describe(suite.name, () => {
    let outcomes: readonly Outcome[] = [];
    beforeAll(async () => {
      outcomes = await askUntilAllMatch(suite);
    }, 120_000);

    for (const [id, runs] of suite.recorded) {
      const known = differenceOf(suite, id);
      switch (known?.kind) {
        case undefined:
          test(`${id}: answers as the real host`, () => sameOnce(id, outcomes, runs));
          break;
        case "differs":
          test(`${id}: differs, ${known.because}`, () => {
            sameOnce(id, outcomes, runs, known.at);
            neverTheSame(id, outcomes, runs);
          });
          break;
        case "refused":
          test(`${id}: refused by name, ${known.because}`, () => saysSo(id, outcomes, known.says));
          break;
        default:
          known satisfies never;
      }
    }
  });
}

function differenceOf({ name }: Suite, id: string): KnownDifference | undefined {
  return KNOWN_DIFFERENCES[`${name}/${id}`];
}

async function askUntilAllMatch(suite: Suite): Promise<readonly Outcome[]> {
  const open = new Map([...suite.recorded].filter(([id]) => isRace(id)));
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed === 1 || (open.size > 0 && seed <= SEEDS_MAX); seed++) {
    const outcome = await askOnce(suite, seed);
    outcomes.push(outcome);
    for (const [id, runs] of open) {
      const known = differenceOf(suite, id);
      const except = known?.kind === "differs" ? known.at : [];
      if (comparisonOf(id, outcome, runs, except)?.kind === "same") open.delete(id);
    }
  }
  return outcomes;
}

async function askOnce(suite: Suite, seed: number): Promise<Outcome> {
  const { app, host, speed, probes, order } = suite;
  const target = await (host === "virtual" ? startVirtual(app, seed) : startOnSocket(app, speed));
  return ask(target, probes, order, seed);
}

function comparisonOf(
  id: string,
  { answers }: Outcome,
  runs: readonly Json[],
  except: readonly string[] = [],
): Comparison | null {
  const answer = answers.get(id);
  return answer === undefined ? null : compare(id, answer, runs, except);
}

function sameOnce(
  id: string,
  outcomes: readonly Outcome[],
  runs: readonly Json[],
  except: readonly string[] = [],
): void {
  const asked = isRace(id) ? outcomes : outcomes.slice(0, 1);
  const found = asked.map((outcome) => comparisonOf(id, outcome, runs, except));
  if (found.some((comparison) => comparison?.kind === "same")) return;
  const [first] = found;
  if (first?.kind !== "different") throw new Error(unanswered(id, outcomes));
  const { at, actual, expected } = first;
  expect({ [at]: actual }, `${id} differs at ${at}`).toEqual({ [at]: expected });
}

function neverTheSame(id: string, outcomes: readonly Outcome[], runs: readonly Json[]): void {
  for (const outcome of outcomes) {
    const comparison = comparisonOf(id, outcome, runs);
    if (comparison === null) throw new Error(unanswered(id, outcomes));
    expect(comparison.kind, `${id} is listed as a known difference, but matches`).toBe("different");
  }
}

function saysSo(id: string, outcomes: readonly Outcome[], says: RegExp): void {
  const answer = outcomes[0]?.answers.get(id);
  if (answer === undefined) throw new Error(unanswered(id, outcomes));
  expect(JSON.stringify(answer)).toMatch(says);
}

function unanswered(id: string, outcomes: readonly Outcome[]): string {
  const failures = new Set(outcomes.flatMap((outcome) => outcome.failures));
  return `Cannot compare: no probe answered: ${id}\n${[...failures].join("\n")}`;
}
