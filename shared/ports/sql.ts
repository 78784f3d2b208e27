import type { SqlFailure, SqlLook } from "../domain/observation.ts";

export interface SqlTarget {
  readonly fqdn: string;
  readonly timeoutMs: number;
}

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
  | ({ readonly kind: "unknown" } & SqlFailure);

export type Updateability = "READ_WRITE" | "READ_ONLY" | "other";

export type UpdateabilityReading =
  | {
      readonly kind: "read";
      /** Name of the server that answered: proves where a listener leads. */
      readonly server: string;
      readonly databases: readonly {
        readonly name: string;
        readonly updateability: Updateability;
      }[];
    }
  | ({ readonly kind: "unknown" } & SqlFailure);

/** One fresh connection per call, retries off, ended by `timeoutMs` at the latest. No method throws. */
export interface Sql {
  /** Login, one timed committed write to the canary table, the list of database states. */
  look(target: SqlTarget, canaryDatabase: string | null): Promise<SqlLook>;
  replication(target: SqlTarget): Promise<ReplicationReading>;
  updateability(target: SqlTarget): Promise<UpdateabilityReading>;
  /** A committed write to the canary table: true only when it was acknowledged in time. */
  write(target: SqlTarget, canaryDatabase: string): Promise<boolean>;
}
