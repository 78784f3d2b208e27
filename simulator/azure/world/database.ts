/** Rows committed at regular instants: number `index` at `index * everyMs`. */
interface Run {
  readonly everyMs: number;
  readonly firstIndex: number;
  rows: number;
}

/** One database of a group: what clients were told is committed, and how much of it the other side has. */
export interface Database {
  readonly name: string;
  /** Rows that a client or a canary was told are committed. */
  acknowledged: number;
  /** Acknowledged rows that no longer exist. */
  missing: number;
  /** Newest commit on the primary. */
  lastCommitAt: number;
  /** Every row of the primary up to this instant is on the secondary. */
  appliedThroughAt: number;
  secondaryLastCommitAt: number;
  /** Rows that the secondary does not have, oldest first. */
  tail: readonly Run[];
  /** Newest commit on a former primary that does not know yet that it is one. */
  strandedLastCommitAt: number | null;
}

/** Acknowledged rows of one database that a failover cost. */
export interface LostRows {
  readonly rows: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A database that was filled and copied before the world began. */
export function emptyDatabase(name: string, at: number): Database {
  return {
    name,
    acknowledged: 0,
    missing: 0,
    lastCommitAt: at,
    appliedThroughAt: at,
    secondaryLastCommitAt: at,
    tail: [],
    strandedLastCommitAt: null,
  };
}

/** The rows that clients commit between two instants, the second one excluded. */
export function clientRows(fromAt: number, untilAt: number, perSecond: number): Run | null {
  if (perSecond <= 0) return null;
  const everyMs = 1_000 / perSecond;
  const firstIndex = Math.ceil(fromAt / everyMs);
  const rows = Math.ceil(untilAt / everyMs) - firstIndex;
  return rows > 0 ? { everyMs, firstIndex, rows } : null;
}

export function oneRow(at: number): Run {
  return { everyMs: 1, firstIndex: at, rows: 1 };
}

/** Commits rows on the primary and acknowledges them. */
export function commit(database: Database, run: Run): void {
  database.acknowledged += run.rows;
  database.lastCommitAt = Math.max(database.lastCommitAt, lastAtOf(run));
  database.tail = append(database.tail, run);
}

/** Commits rows on a former primary: acknowledged, and already lost. */
export function strand(database: Database, run: Run): LostRows {
  database.acknowledged += run.rows;
  database.missing += run.rows;
  database.strandedLastCommitAt = Math.max(database.strandedLastCommitAt ?? 0, lastAtOf(run));
  return { rows: run.rows, firstAt: commitAt(run, 0), lastAt: lastAtOf(run) };
}

/** Brings the rows up to an instant to the secondary. */
export function applyThrough(database: Database, at: number): void {
  if (at <= database.appliedThroughAt) return;
  database.appliedThroughAt = at;
  const left: Run[] = [];
  for (const run of database.tail) {
    const rows = rowsThrough(run, at);
    if (rows > 0) {
      const newestAt = commitAt(run, rows - 1);
      database.secondaryLastCommitAt = Math.max(database.secondaryLastCommitAt, newestAt);
    }
    if (rows < run.rows) {
      left.push({ ...run, firstIndex: run.firstIndex + rows, rows: run.rows - rows });
    }
  }
  database.tail = left;
}

/** The secondary takes over as it is. Returns the acknowledged rows that this costs. */
export function cutTail(database: Database, at: number): LostRows | null {
  const lost = rowsOf(database.tail);
  database.missing += lost?.rows ?? 0;
  database.strandedLastCommitAt = database.lastCommitAt;
  database.lastCommitAt = database.secondaryLastCommitAt;
  database.appliedThroughAt = at;
  database.tail = [];
  return lost;
}

function rowsOf(runs: readonly Run[]): LostRows | null {
  if (runs.length === 0) return null;
  return {
    rows: runs.reduce((sum, run) => sum + run.rows, 0),
    firstAt: Math.min(...runs.map((run) => commitAt(run, 0))),
    lastAt: Math.max(...runs.map(lastAtOf)),
  };
}

/** Rows of the tail that were acknowledged before an instant. */
export function tailRowsBefore(database: Database, at: number): number {
  return database.tail.reduce((sum, run) => sum + rowsThrough(run, at - 1), 0);
}

function append(tail: readonly Run[], run: Run): readonly Run[] {
  const newest = tail.findLast((other) => other.everyMs === run.everyMs);
  if (newest === undefined || newest.firstIndex + newest.rows !== run.firstIndex) {
    return [...tail, run];
  }
  newest.rows += run.rows;
  return tail;
}

function rowsThrough(run: Run, at: number): number {
  const index = Math.ceil((at + 1) / run.everyMs - 1e-9) - 1;
  return Math.max(0, Math.min(run.rows, index - run.firstIndex + 1));
}

function commitAt(run: Run, row: number): number {
  return Math.floor((run.firstIndex + row) * run.everyMs);
}

function lastAtOf(run: Run): number {
  return commitAt(run, run.rows - 1);
}
