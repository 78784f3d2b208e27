import * as z from "zod";
import type { SqlLook } from "../../domain/observation.ts";
import type { CanaryReading } from "../../ports/canary.ts";
import type { ReplicationRow, UpdateabilityReading } from "../../ports/sql.ts";

type Rows = readonly (readonly unknown[])[];

/** A bigint comes as text, an int as a number. */
const Whole = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^-?\d{1,16}$/)
      .transform(Number),
  ])
  .nullable();

const CanaryRow = z.tuple([z.number().int(), z.string(), z.number().int()]);
const WriterRow = z.tuple([z.string(), Whole]);
const StateRow = z.tuple([z.string(), z.string()]);
const ReplicationCells = z.tuple([z.string(), Whole, Whole, Whole]);
const UpdateabilityRow = z.tuple([z.string(), z.string().nullable(), z.string().nullable()]);

/** The answer to DATABASE_STATES, or null where it is something else. */
export function readDatabaseStates(rows: Rows): SqlLook["databases"] {
  const read = z.array(StateRow).safeParse(rows);
  return read.success ? read.data.map(([name, state]) => ({ name, state })) : null;
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

/** The answer to UPDATEABILITY, or null where it is something else. A database that is closing has none. */
export function readUpdateability(
  rows: Rows,
): Omit<Extract<UpdateabilityReading, { kind: "read" }>, "kind"> | null {
  const read = z.array(UpdateabilityRow).safeParse(rows);
  const server = read.data?.[0]?.[0];
  if (!read.success || server === undefined) return null;
  return {
    server: server.toLowerCase(),
    databases: read.data.flatMap(([, name, updateability]) =>
      name === null || updateability === null ? [] : [{ name, updateability }],
    ),
  };
}

type CanaryState = Extract<CanaryReading, { kind: "read" }>;

/** The answer to CANARY_STATE, or null where it is something else. */
export function readCanaryState(rows: Rows): Omit<CanaryState, "kind" | "writers"> | null {
  const read = z.tuple([CanaryRow]).safeParse(rows);
  if (!read.success) return null;
  const [[there, updateability, mayWrite]] = read.data;
  const table = there === 1 ? "there" : "missing";
  return { table, updateability, mayWrite: mayWrite === 1 };
}

/** The answer to CANARY_WRITERS, or null where it is something else. */
export function readCanaryWriters(rows: Rows): CanaryState["writers"] | null {
  const read = z.array(WriterRow).safeParse(rows);
  if (!read.success) return null;
  return read.data.flatMap(([name, ageMs]) => (ageMs === null ? [] : [{ name, ageMs }]));
}
