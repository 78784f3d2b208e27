import { type Aside, showProgress } from "../shared/text/show-progress.ts";
import { addRun, type Counts, noCounts, sayCounts } from "./count.ts";
import { drawPlan } from "./draw-plan.ts";
import { readFlags } from "./flags.ts";
import { judge } from "./invariants.ts";
import type { Plan } from "./move.ts";
import { play } from "./play.ts";
import { shrink } from "./shrink.ts";
import { sayTimedMove, tellRun } from "./tell-run.ts";
import { MINUTE } from "./troubles.ts";

const USAGE = `npm run sim -- --seed N | --seeds A..B [--minutes M] [--json]

  --seed N      plays this seed and prints one line for every event
  --seeds A..B  plays these seeds and prints a line for each that breaks an invariant
  --minutes M   ends each run after so many minutes of its time, settled or not
  --json        one line for each seed, and in the last line one object for all of them
  --help        this

Exit code: 0 when no invariant was broken, 1 when one was, 2 when the command line cannot be understood.
`;

interface Violation {
  readonly seed: number;
  readonly breaches: readonly string[];
  /** What has to happen for it. */
  readonly moves: readonly string[];
  readonly again: string;
}

/** Plays the seeds that the command line names; gives the exit code. */
export async function simulateSeeds(
  argv: readonly string[],
  {
    write,
    complain,
    aside,
  }: { write(line: string): void; complain(line: string): void; aside: Aside },
): Promise<number> {
  const reading = readFlags(argv);
  if (reading.kind === "help") {
    write(USAGE.trimEnd());
    return 0;
  }
  if (reading.kind === "refused") {
    complain(reading.because);
    return 2;
  }
  const { seeds, events, minutes, json } = reading.flags;
  const [first, last] = seeds;
  const counts = noCounts();
  const count = last - first + 1;
  const violations: Violation[] = [];
  const progress = showProgress(json ? null : aside, { things: "seeds", total: count, now });
  for (let seed = first; seed <= last; seed++) {
    const { lines, violation } = await runSeed(seed, minutes, counts);
    if (violation !== null) violations.push(violation);
    progress.clear();
    if (json)
      write(
        JSON.stringify({
          seed,
          breaches: violation?.breaches ?? [],
          ...(events ? { events: lines } : {}),
        }),
      );
    else {
      if (events) for (const line of lines) write(line);
      if (violation !== null) for (const line of sayViolation(violation)) write(line);
    }
    progress.step();
  }
  progress.clear();
  if (json) write(JSON.stringify({ seeds: count, violations, counts }));
  else {
    for (const line of sayCounts(counts)) write(line);
    write(`${count} seeds, ${violations.length} with a violation`);
  }
  return violations.length === 0 ? 0 : 1;
}

function now(): number {
  return performance.now();
}

async function runSeed(
  seed: number,
  minutes: number | null,
  counts: Counts,
): Promise<{ readonly lines: readonly string[]; readonly violation: Violation | null }> {
  const limitMs = minutes === null ? undefined : minutes * MINUTE;
  const run = await play(drawPlan(seed), limitMs);
  addRun(counts, run);
  // Cut off in the middle, an incident is open.
  const ids = (breaches: readonly string[]): readonly string[] =>
    minutes === null ? breaches : breaches.filter((line) => !/^(L3|I16):/.test(line));
  const breaches = ids(judge(run));
  const lines = tellRun(run);
  if (breaches.length === 0) return { lines, violation: null };
  const kinds = new Set(breaches.map(kindOf));
  const fails = async (other: Plan): Promise<boolean> =>
    ids(judge(await play(other, limitMs))).some((line) => kinds.has(kindOf(line)));
  const { moves } = await shrink(run.plan, fails);
  const tail = minutes === null ? "" : ` --minutes ${minutes}`;
  const again = `npm run sim -- --seed ${seed}${tail}`;
  return { lines, violation: { seed, breaches, moves: moves.map(sayTimedMove), again } };
}

function kindOf(breach: string): string {
  return breach.slice(0, breach.indexOf(":"));
}

function sayViolation({ seed, breaches, moves, again }: Violation): readonly string[] {
  return [
    `seed ${seed} breaks:`,
    ...breaches.map((line) => `  ${line}`),
    "with:",
    ...moves.map((line) => `  ${line}`),
    `again: ${again}`,
  ];
}
