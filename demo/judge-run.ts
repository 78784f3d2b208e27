import type { Outcome } from "./outcome.ts";
import { type Expectation, expectationsOf, type Seen } from "./scenarios/expectations.ts";
import type { Run } from "./start-run.ts";

export interface Finding {
  readonly says: string;
  readonly holds: boolean;
}

/** Holds what was expected of the scenario against what really happened in the world. */
export function judgeRun(
  run: Run,
  outcome: Outcome,
  expected: readonly Expectation[] = expectationsOf(run.scenario.name, run.group.policy.mode),
): readonly Finding[] {
  const seen: Seen = {
    record: run.world.record,
    group: run.group,
    faults: run.faults.map((fault) => ({
      fault: fault.fault,
      startAt: run.startAt + fault.at,
      endAt: run.startAt + fault.at + (fault.for ?? Number.POSITIVE_INFINITY),
    })),
    endAt: run.endAt,
    lossAtMostSeconds: outcome.loss.atMostSeconds,
  };
  return expected
    .filter(({ applies }) => applies?.(seen) ?? true)
    .map(({ says, holds }) => ({ says, holds: holds(seen) }));
}
