import * as z from "zod";
import type { DatabaseState, SqlLook } from "../../domain/observation.ts";
import type { ReplicationRow, Updateability, UpdateabilityReading } from "../../ports/sql.ts";

export type Rows = readonly (readonly unknown[])[];

/** A bigint comes as text, an int as a number. */
export const Whole = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^-?\d{1,16}$/)
      .transform(Number),
  ])
  .refine(Number.isSafeInteger)
  .nullable();

/** By so much the clock that stamped a commit may be ahead of the one that reads it: then it was just now. */
const AHEAD_MS = 60_000;
const Age = Whole.transform((ms) => (ms === null || ms < -AHEAD_MS ? null : Math.max(0, ms)));
const Lag = Whole.transform((seconds) => (seconds === null || seconds < 0 ? null : seconds));

const StateRow = z.tuple([z.string(), z.string()]);
const ReplicationCells = z.tuple([z.string(), Lag, Age, Whole]);
const UpdateabilityRow = z.tuple([z.string(), z.string().nullable(), z.string().nullable()]);

/** The answer to DATABASE_STATES, or null where it is something else. */
export function readDatabaseStates(rows: Rows): SqlLook["databases"] {
  const read = z.array(StateRow).safeParse(rows);
  return read.success ? read.data.map(([name, word]) => ({ name, state: stateOf(word) })) : null;
}

/** The answer to REPLICATION, or null where it is something else. */
export function readReplication(rows: Rows): readonly ReplicationRow[] | null {
  const read = z.array(ReplicationCells).safeParse(rows);
  if (!read.success) return null;
  return read.data.map(([database, lagSeconds, lastCommitAgeMs, lastCommitMark]) => ({
    database,
    lagSeconds,
    lastCommitAgeMs,
    lastCommitMark,
  }));
}

/** The answer to UPDATEABILITY, or null where it is something else. One of a database that says nothing is other. */
export function readUpdateability(
  rows: Rows,
): Omit<Extract<UpdateabilityReading, { kind: "read" }>, "kind"> | null {
  const read = z.array(UpdateabilityRow).safeParse(rows);
  const server = read.data?.[0]?.[0];
  if (!read.success || server === undefined) return null;
  return {
    server: server.toLowerCase(),
    databases: read.data.flatMap(([, name, updateability]) =>
      name === null ? [] : [{ name, updateability: updateabilityOf(updateability) }],
    ),
  };
}

function updateabilityOf(word: string | null): Updateability {
  return word === "READ_WRITE" || word === "READ_ONLY" ? word : "other";
}

const LOST: ReadonlySet<string> = new Set([
  "emergency",
  "inaccessible",
  "offline",
  "offline_secondary",
  "recovering",
  "recovery_pending",
  "suspect",
]);

function stateOf(word: string): DatabaseState["state"] {
  const known = word.toLowerCase();
  if (known === "online" || known === "restoring" || known === "copying") return known;
  return LOST.has(known) ? "lost" : "unknown";
}
