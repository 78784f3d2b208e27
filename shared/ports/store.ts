/** Where a row lives. `kind` and `id` are ours: letters, digits, `-`, `_`, `~`. */
export interface RowKey {
  readonly group: string;
  readonly kind: string;
  readonly id: string;
}

/**
 * Kinds of rows that are replaced as things change. All of one group lie together and are read in
 * one query. Rows of every other kind are only added, and in time removed; they are read by key, or
 * in order of id.
 */
export const LIVE_KINDS: ReadonlySet<string> = new Set([
  "approval",
  "ask",
  "blips",
  "claim",
  "condition",
  "failback",
  "heartbeat",
  "incident",
  "key-proof",
  "looks",
  "newest-call",
  "override",
  "pause",
  "role-change",
  "watch",
]);

export type Row =
  | { readonly kind: "row"; readonly key: RowKey; readonly value: unknown; readonly etag: string }
  /** Written by a newer version of this product. */
  | {
      readonly kind: "newer";
      readonly key: RowKey;
      readonly schemaVersion: number;
      readonly etag: string;
    };

export type WriteCondition =
  | { readonly kind: "new" }
  /** Whatever the row holds, also one of a newer version: whoever has its ETag has seen it. */
  | { readonly kind: "match"; readonly etag: string };

export type WriteAnswer =
  | { readonly kind: "written"; readonly etag: string }
  | { readonly kind: "conflict" }
  /** More than a row holds. */
  | { readonly kind: "too-large" };

/**
 * One site's store: small rows under ETag conditions. Methods end within a deadline of the store's
 * own, and throw `StoreUnreachable` when it gives no answer; a write that threw may have happened.
 */
export interface Store {
  /** The site it belongs to. */
  readonly site: string;
  read(key: RowKey): Promise<Row | null>;
  write(key: RowKey, value: unknown, condition: WriteCondition): Promise<WriteAnswer>;
  /** Every live row of a group, in one query. */
  readLive(group: string): Promise<readonly Row[]>;
  /** Rows of one kind in order of id, from `from` on: no more than `limit`, whatever there is. */
  list(query: {
    readonly group: string;
    readonly kind: string;
    readonly from?: string;
    readonly limit: number;
  }): Promise<readonly Row[]>;
  /** Takes a row away, with an ETag only as it was seen; that it is gone already is no fault. */
  remove(key: RowKey, etag?: string): Promise<"removed" | "conflict">;
}

export class StoreUnreachable extends Error {
  override readonly name = "StoreUnreachable";
}
