import type { LossBound, Sample, SecondaryCommit } from "../../domain/loss.ts";

export interface LossEvidence {
  readonly onsetAt: number | null;
  readonly samples: readonly Sample[];
  readonly secondaryCommits: readonly SecondaryCommit[];
  /** Written every few seconds: of it nobody needs to ask whether it was merely idle. Null without one. */
  readonly canaryDatabase: string | null;
}

/** How far ages that were read in two places may differ, though they are of one commit. */
const SLACK_MS = 10_000;
const CONTRADICTED = "bounds-contradict";

/** The most that can be lost by forcing: the bound of the worst database, or why there is none. */
export function boundLoss(evidence: LossEvidence): LossBound {
  const { onsetAt, samples, secondaryCommits, canaryDatabase } = evidence;
  if (onsetAt === null) return { kind: "unknown", because: "no-onset", database: null };
  const databases = [...new Set([...samples, ...secondaryCommits].map((e) => e.database))].sort();
  const bounds = findBounds(evidence);
  let worst: LossBound = { kind: "unknown", because: "no-evidence", database: null };
  for (const database of databases) {
    const { atMostMs = null } = bounds.find((bound) => bound.database === database) ?? {};
    if (atMostMs === null) return { kind: "unknown", because: "no-evidence", database };
    if (atMostMs < 0) return { kind: "unknown", because: "negative-bound", database };
    if (database === canaryDatabase) {
      const missingMs = missingOf(database, onsetAt, atMostMs, evidence);
      if (missingMs !== null) return contradicted(database, atMostMs, missingMs);
    }
    if (worst.kind === "unknown" || atMostMs > worst.atMostMs) {
      worst = { kind: "bounded", atMostMs, database };
    }
  }
  return worst;
}

/** Two witnesses say what cannot both be: neither may be believed, whoever else is. */
export function isContradicted(loss: LossBound): boolean {
  return loss.kind === "unknown" && loss.because.startsWith(CONTRADICTED);
}

function contradicted(database: string, atMostMs: number, missingMs: number): LossBound {
  const [bound, missing] = [atMostMs, missingMs].map((ms) => `${Math.round(ms / 1_000)} s`);
  return { kind: "unknown", because: `${CONTRADICTED} (${bound}, ${missing})`, database };
}

/**
 * How much of the canary the secondary lacks, where a commit that the bound counts as safe, by more than the slack, is
 * not there; null where the bound may be true.
 */
function missingOf(
  database: string,
  onsetAt: number,
  atMostMs: number,
  { samples, secondaryCommits }: LossEvidence,
): number | null {
  const kept = instantsOf(
    secondaryCommits.filter((c) => c.database === database && c.measuredAt >= onsetAt),
  );
  if (kept.length === 0) return null;
  const newestAt = Math.max(...kept);
  const committed = instantsOf(samples.filter((s) => s.database === database));
  const lacks = committed.some(
    (at) => at < onsetAt - atMostMs - SLACK_MS && at > newestAt + SLACK_MS,
  );
  return lacks ? onsetAt - newestAt : null;
}

function instantsOf(rows: readonly Pick<Sample, "measuredAt" | "lastCommitAgeMs">[]): number[] {
  return rows.flatMap(({ measuredAt, lastCommitAgeMs }) =>
    lastCommitAgeMs === null ? [] : [measuredAt - lastCommitAgeMs],
  );
}

/** A bound of the loss of one database, and what it rests on. */
export interface WitnessedBound {
  readonly database: string;
  readonly atMostMs: number;
  /** The lag at a measurement, a measurement that the secondary has reached, or its own newest commit. */
  readonly by: "lag" | "reached" | "commit";
  /** When that was measured. */
  readonly measuredAt: number;
}

/**
 * Every bound of every database, the least of each first. The least one holds, even below zero: a primary that committed
 * after "its onset" shows that the onset is wrong, and then the other bounds, which count from it, are wrong as well.
 */
export function findBounds({
  onsetAt,
  samples,
  secondaryCommits,
}: LossEvidence): readonly WitnessedBound[] {
  if (onsetAt === null) return [];
  const commits = secondaryCommits.filter((c) => c.measuredAt >= onsetAt);
  return [
    ...samples
      .filter((sample) => sample.measuredAt <= onsetAt)
      .flatMap((sample) => boundBySample(onsetAt, sample, commits)),
    ...commits.flatMap((commit) => boundByCommit(onsetAt, commit)),
  ].sort((a, b) => a.atMostMs - b.atMostMs);
}

function boundBySample(
  onsetAt: number,
  { database, measuredAt, lagSeconds, lastCommitMark: mark }: Sample,
  commits: readonly SecondaryCommit[],
): readonly WitnessedBound[] {
  const ageMs = onsetAt - measuredAt;
  const reached = commits.some(
    (c) => c.database === database && mark !== null && (c.lastCommitMark ?? -Infinity) >= mark,
  );
  if (reached) return [{ database, atMostMs: ageMs, by: "reached", measuredAt }];
  // No lag reported is not no lag.
  if (lagSeconds === null) return [];
  return [{ database, atMostMs: ageMs + Math.ceil(lagSeconds * 1000), by: "lag", measuredAt }];
}

function boundByCommit(
  onsetAt: number,
  { database, measuredAt, lastCommitAgeMs }: SecondaryCommit,
): readonly WitnessedBound[] {
  if (lastCommitAgeMs === null) return [];
  // Age on the secondary's clock, instant on ours: no two clocks are compared.
  const atMostMs = onsetAt - (measuredAt - lastCommitAgeMs);
  return [{ database, atMostMs, by: "commit", measuredAt }];
}
