import type { LossBound, Sample, SecondaryCommit } from "../../domain/loss.ts";
import type { FailoverReceipt } from "../../domain/receipt.ts";

/**
 * What a forced failover has cost, as an interval. At least: a commit of the primary that we saw
 * is newer than the newest one that the new primary has. At most: the bound that was accepted.
 */
export function measureLoss(input: {
  readonly bound: LossBound;
  readonly samples: readonly Sample[];
  readonly secondaryCommits: readonly SecondaryCommit[];
  readonly sampleEveryMs: number;
}): FailoverReceipt["loss"] {
  const kept = new Map(
    input.secondaryCommits.map((row) => [
      row.database,
      instantOf(row.measuredAt, row.lastCommitAgeMs),
    ]),
  );
  let atLeastMs = 0;
  for (const sample of input.samples) {
    const seen = instantOf(sample.measuredAt, sample.lastCommitAgeMs);
    const newest = kept.get(sample.database) ?? null;
    if (seen !== null && newest !== null) atLeastMs = Math.max(atLeastMs, seen - newest);
  }
  const atMostMs = input.bound.kind === "bounded" ? input.bound.atMostMs : null;
  return {
    atLeastSeconds: seconds(atMostMs === null ? atLeastMs : Math.min(atLeastMs, atMostMs)),
    atMostSeconds: atMostMs === null ? null : seconds(atMostMs),
    resolutionSeconds: seconds(input.sampleEveryMs),
  };
}

function instantOf(measuredAt: number, ageMs: number | null): number | null {
  return ageMs === null ? null : measuredAt - ageMs;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
