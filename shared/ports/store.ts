/** Where a row lives. `kind` and `id` are ours: letters, digits, `-`, `_`, `~`. */
export interface RowKey {
  readonly group: string;
  readonly kind: string;
  readonly id: string;
}

export type Row =
  | { readonly kind: "row"; readonly key: RowKey; readonly value: unknown; readonly etag: string }
  /** Written by a newer version of this product: leave it alone. */
  | { readonly kind: "newer"; readonly key: RowKey; readonly schemaVersion: number };

export type WriteCondition =
  | { readonly kind: "new" }
  | { readonly kind: "match"; readonly etag: string }
  | { readonly kind: "any" };

export type WriteAnswer =
  | { readonly kind: "written"; readonly etag: string }
  | { readonly kind: "conflict" };

/**
 * One site's store: small rows under ETag conditions. Methods throw `StoreUnreachable` when the
 * store gives no answer; a write that threw may have happened.
 */
export interface Store {
  /** The site it belongs to. */
  readonly site: string;
  read(key: RowKey): Promise<Row | null>;
  write(key: RowKey, value: unknown, condition: WriteCondition): Promise<WriteAnswer>;
  /** Rows of one kind in order of id; `newest` reads from the end. */
  list(query: {
    readonly group: string;
    readonly kind: string;
    readonly newest?: boolean;
    readonly limit?: number;
  }): Promise<readonly Row[]>;
}

export class StoreUnreachable extends Error {
  override readonly name = "StoreUnreachable";
}
