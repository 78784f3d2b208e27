import * as z from "zod";
import { DurationMs, Instant } from "./units.ts";

/** What one database's replication looked like at one instant, measured while the primary was healthy. */
export const Sample = z.object({
  database: z.string(),
  /** When it was measured, not when it was read. */
  measuredAt: Instant,
  /** Null: the server did not say. Zero lag is not zero loss. */
  lagSeconds: z.number().nonnegative().nullable(),
  /** The primary's newest commit, as the age it had on that server's own clock when measured. */
  lastCommitAgeMs: DurationMs.nullable(),
  /** The same commit as an opaque, ordered mark, comparable only with marks of the same database. */
  lastCommitMark: z.number().nullable(),
});
export type Sample = z.infer<typeof Sample>;

/** The secondary's own newest commit per database, read after the onset. */
export const SecondaryCommit = z.object({
  database: z.string(),
  measuredAt: Instant,
  /** Age of the commit on the secondary's own clock when measured. */
  lastCommitAgeMs: DurationMs.nullable(),
  lastCommitMark: z.number().nullable(),
});
export type SecondaryCommit = z.infer<typeof SecondaryCommit>;

/** The most that can be lost, over all databases of the group; the worst one is named. */
export const LossBound = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("bounded"), atMostMs: DurationMs, database: z.string() }),
  z.object({ kind: z.literal("unknown"), because: z.string(), database: z.string().nullable() }),
]);
export type LossBound = z.infer<typeof LossBound>;

/** Nothing is lost: a planned failover waits for the last transaction. */
export const NO_LOSS: LossBound = { kind: "bounded", atMostMs: 0, database: "all" };

/** Nobody has measured what may be lost. */
export const NOT_MEASURED: LossBound = { kind: "unknown", because: "not-measured", database: null };
