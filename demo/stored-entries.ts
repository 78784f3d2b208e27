import { toRow } from "../shared/azure/table-store/row-entity.ts";
import { keyOf, rowNames } from "../shared/azure/table-store/row-names.ts";
import { TABLE } from "../shared/azure/table-store/table-client.ts";
import type { RowType } from "../shared/ledger/rows.ts";
import type { StoredRow } from "../simulator/azure/world/stored-rows.ts";
import type { TableEntity } from "../simulator/azure/world/tables.ts";
import type { World } from "../simulator/azure/world/world.ts";

export interface StoredEntry<T> {
  readonly site: string;
  readonly id: string;
  readonly value: T;
}

/**
 * What the sites' stores hold of one kind of row, read over the app's shoulder and by its own schema:
 * their tables, or their rows at the port, whichever this world has.
 */
export function createShelf<T>(
  world: World,
  group: string,
  type: RowType<T>,
): () => readonly StoredEntry<T>[] {
  // A row is never changed, only replaced: what was parsed once stays right. Newer rows are left alone.
  const parsed = new WeakMap<StoredRow | TableEntity, readonly T[]>();
  const once = (row: StoredRow | TableEntity, read: () => readonly unknown[]): readonly T[] => {
    const known = parsed.get(row) ?? read().map((value) => type.schema.parse(value));
    parsed.set(row, known);
    return known;
  };
  const { partitionKey, rowKey: first } = rowNames({ group, kind: type.kind, id: "" });

  const inTable = (site: string): readonly StoredEntry<T>[] => {
    const table = world.tables.get(site)?.named.get(TABLE.toLowerCase());
    return [...(table?.get(partitionKey) ?? [])].flatMap(([rowKey, entity]) => {
      if (!rowKey.startsWith(first)) return [];
      const { id } = keyOf(group, rowKey);
      const read = (): readonly unknown[] => {
        const row = toRow({ group, kind: type.kind, id }, entity.properties, entity.etag);
        return row.kind === "newer" ? [] : [row.value];
      };
      return once(entity, read).map((value) => ({ site, id, value }));
    });
  };
  const atThePort = (site: string): readonly StoredEntry<T>[] => {
    const rows = world.stores.get(site)?.parts.get(`${group}/${type.kind}`);
    return [...(rows?.values() ?? [])].flatMap((row) => {
      const { id, json } = row;
      const read = (): readonly unknown[] => (json === null ? [] : [JSON.parse(json)]);
      return once(row, read).map((value) => ({ site, id, value }));
    });
  };
  return () => world.sites.flatMap(({ name }) => [...inTable(name), ...atThePort(name)]);
}
