import type { SqlLook } from "../domain/observation.ts";

export interface SqlTarget {
  readonly fqdn: string;
  readonly timeoutMs: number;
}

/** Why a reading failed: the server's own `error-<number>`, or how the way to it ended. */
export type SqlFailure = "timeout" | "unreachable" | "no-name" | "no-token" | `error-${string}`;

/** Replication of one database, as the answering server sees it. Ages are on that server's own clock. */
export interface ReplicationRow {
  readonly database: string;
  readonly lagSeconds: number | null;
  readonly lastCommitAgeMs: number | null;
  /** Ordered, comparable only within one database. */
  readonly lastCommitMark: number | null;
}

export type ReplicationReading =
  | { readonly kind: "read"; readonly rows: readonly ReplicationRow[] }
  | { readonly kind: "unknown"; readonly because: SqlFailure };

export type UpdateabilityReading =
  | {
      readonly kind: "read";
      /** Name of the server that answered: proves where a listener leads. */
      readonly server: string;
      readonly databases: readonly { readonly name: string; readonly updateability: string }[];
    }
  | { readonly kind: "unknown"; readonly because: SqlFailure };

/** One fresh connection per call, retries off, ended by `timeoutMs` at the latest. No method throws. */
export interface Sql {
  /** Login, one timed committed write to the canary table, the list of database states. */
  look(target: SqlTarget, canaryDatabase: string | null): Promise<SqlLook>;
  replication(target: SqlTarget): Promise<ReplicationReading>;
  updateability(target: SqlTarget): Promise<UpdateabilityReading>;
  /** A committed write to the canary table: true only when it was acknowledged in time. */
  write(target: SqlTarget, canaryDatabase: string): Promise<boolean>;
}
