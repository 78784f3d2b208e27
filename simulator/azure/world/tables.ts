/** An entity as a table keeps it. It is never changed, only replaced. */
export interface TableEntity {
  readonly rowKey: string;
  readonly etag: string;
  readonly changedAt: number;
  /** Everything but the keys, as it was sent. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Entities of one table by partition key, then by row key. */
export type Table = Map<string, Map<string, TableEntity>>;

/** The table service of one storage account. */
export interface Tables {
  /** By lower-case name: a table's name has no case. */
  readonly named: Map<string, Table>;
  etags: number;
}

export function createTables(): Tables {
  return { named: new Map(), etags: 0 };
}

/** Keeps an entity under its keys, with an ETag that no other has had. */
export function putEntity(
  tables: Tables,
  table: Table,
  entity: Omit<TableEntity, "etag"> & { readonly partitionKey: string },
): TableEntity {
  const { partitionKey, ...rest } = entity;
  const part = table.get(partitionKey) ?? new Map<string, TableEntity>();
  table.set(partitionKey, part);
  const kept = { ...rest, etag: `W/"${++tables.etags}"` };
  part.set(entity.rowKey, kept);
  return kept;
}
