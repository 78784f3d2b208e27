import type { LossBound, Sample, SecondaryCommit } from "../../domain/loss.ts";

export interface LossEvidence {
  readonly onsetAt: number | null;
  readonly samples: readonly Sample[];
  readonly secondaryCommits: readonly SecondaryCommit[];
}

/** The most that can be lost by forcing: the bound of the worst database, or why there is none. */
export function boundLoss(evidence: LossEvidence): LossBound {
  const { onsetAt, samples, secondaryCommits } = evidence;
  if (onsetAt === null) return { kind: "unknown", because: "no-onset", database: null };
  const databases = [...new Set([...samples, ...secondaryCommits].map((e) => e.database))].sort();
  const bounds = databases.map((database) => ({
    database,
    atMostMs: boundDatabase(
      onsetAt,
      samples.filter((s) => s.database === database && s.measuredAt <= onsetAt),
      secondaryCommits.filter((c) => c.database === database && c.measuredAt >= onsetAt),
    ),
  }));
  let worst: LossBound = { kind: "unknown", because: "no-evidence", database: null };
  for (const { database, atMostMs } of bounds) {
    if (atMostMs === null) return { kind: "unknown", because: "no-evidence", database };
    if (atMostMs < 0) return { kind: "unknown", because: "negative-bound", database };
    if (worst.kind === "unknown" || atMostMs > worst.atMostMs) {
      worst = { kind: "bounded", atMostMs, database };
    }
  }
  return worst;
}

function boundDatabase(
  onsetAt: number,
  samples: Sample[],
  commits: SecondaryCommit[],
): number | null {
  const bounds = [
    ...samples.flatMap((sample) => boundBySample(onsetAt, sample, commits)),
    ...commits.flatMap((commit) => boundByCommit(onsetAt, commit)),
  ];
  // The least of them, even below zero: a primary that committed after "its onset" shows that the
  // onset is wrong, and then the other bounds, which count from it, are wrong as well.
  return bounds.length === 0 ? null : Math.min(...bounds);
}

function boundBySample(onsetAt: number, sample: Sample, commits: SecondaryCommit[]): number[] {
  const ageMs = onsetAt - sample.measuredAt;
  const mark = sample.lastCommitMark;
  const caughtUp =
    mark !== null && commits.some((c) => c.lastCommitMark !== null && c.lastCommitMark >= mark);
  if (caughtUp) return [ageMs];
  // No lag reported is not no lag.
  return sample.lagSeconds === null ? [] : [ageMs + Math.ceil(sample.lagSeconds * 1000)];
}

function boundByCommit(onsetAt: number, commit: SecondaryCommit): number[] {
  if (commit.lastCommitAgeMs === null) return [];
  // Age on the secondary's clock, instant on ours: no two clocks are compared.
  return [onsetAt - (commit.measuredAt - commit.lastCommitAgeMs)];
}
