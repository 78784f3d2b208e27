/** What a site's store keeps, wherever it is looked at from. */
export interface StoredRow {
  readonly id: string;
  readonly etag: string;
  /** Null: written by a newer version of the product. */
  readonly json: string | null;
  readonly schemaVersion: number;
}

export interface StoredRows {
  /** Rows by "group/kind", then by id. */
  readonly parts: Map<string, Map<string, StoredRow>>;
  etags: number;
}

export function createStoredRows(): StoredRows {
  return { parts: new Map(), etags: 0 };
}
