import type { Chronicle } from "./chronicle.ts";
import { nameOf } from "./move.ts";

/** How often each fault, each rule of the tables and each outcome came up. */
export interface Counts {
  readonly faults: Record<string, number>;
  readonly rules: Record<string, number>;
  readonly outcomes: Record<string, number>;
}

export function noCounts(): Counts {
  return { faults: {}, rules: {}, outcomes: {} };
}

/** Adds what came up in one run: each name once for a run, however often it did. */
export function addRun(counts: Counts, run: Chronicle): void {
  const rows = Object.values(run.rows);
  const ends = rows.flatMap(({ incidents }) => incidents.map(({ end }) => end ?? "open"));
  add(counts.faults, run.plan.moves.map(nameOf));
  const decided = rows.flatMap((each) => each.decided);
  // What a call is refused by is told to whoever calls, and leaves no receipt.
  const refused = run.orders.flatMap(({ what, refusedBy }) =>
    refusedBy === undefined
      ? []
      : [`${what === "failback" ? "fail-back" : "fail-over"}: ${refusedBy}`],
  );
  add(counts.rules, [...decided, ...refused]);
  add(counts.outcomes, ends.length === 0 ? ["no-incident"] : ends);
}

function add(into: Record<string, number>, names: readonly string[]): void {
  for (const name of new Set(names)) into[name] = (into[name] ?? 0) + 1;
}

/** As lines for a person, the most frequent first. */
export function sayCounts(counts: Counts): readonly string[] {
  return Object.entries(counts).map(([what, names]: [string, Record<string, number>]) => {
    const sorted = Object.entries(names).sort(([, a], [, b]) => b - a);
    return `${what}: ${sorted.map(([name, times]) => `${name} ${times}`).join(", ")}`;
  });
}
