import type { Entry } from "./entry.ts";
import type { Finding } from "./judge-run.ts";
import type { Outcome } from "./outcome.ts";
import type { Run } from "./start-run.ts";

/** The one document that `--json` prints. */
export function runDocument(
  { scenario, world, group }: Run,
  outcome: Outcome,
  findings: readonly Finding[],
  entries: readonly Entry[],
): object {
  const { end, rule, phases, loss, failback } = outcome;
  const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    scenario: scenario.name,
    seed: world.seed,
    mode: group.policy.mode,
    outcome: end,
    rule,
    timeline: [...entries]
      .sort((a, b) => a.at - b.at)
      .map(({ at, ...entry }) => ({ at: instant(at), ...entry })),
    phases,
    loss,
    failback: failback && {
      ...failback,
      failedOverAt: instant(failback.failedOverAt),
      protectedAt: instant(failback.protectedAt),
      doneAt: instant(failback.doneAt),
    },
    expectations: findings,
    asExpected: findings.every(({ holds }) => holds),
  };
}
