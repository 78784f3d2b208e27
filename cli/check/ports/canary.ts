import type { SqlFailure } from "../../../shared/domain/observation.ts";
import type { SqlTarget } from "../../../shared/ports/sql.ts";

export type CanaryReading =
  | {
      readonly kind: "read";
      readonly table: "there" | "missing";
      readonly updateability: string;
      /** May the login that asks write to it? That is not the app's login. */
      readonly mayWrite: boolean;
      /** Who has written, and how long ago by the server's clock. */
      readonly writers: readonly { readonly name: string; readonly ageMs: number }[];
    }
  | ({ readonly kind: "unknown" } & SqlFailure);

/** The state of a canary table, without writing to it. It does not throw. */
export interface Canary {
  read(target: SqlTarget, database: string): Promise<CanaryReading>;
}
