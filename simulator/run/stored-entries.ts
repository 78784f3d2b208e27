import type { RowType } from "../../shared/ledger/rows.ts";
import type { StoredRow } from "../azure/stored-rows.ts";
import type { World } from "../azure/world.ts";

export interface StoredEntry<T> {
  readonly site: string;
  readonly id: string;
  readonly value: T;
}

/** What the sites' stores hold of one kind of row, read over the app's shoulder and by its own schema. */
export function createShelf<T>(
  world: World,
  group: string,
  type: RowType<T>,
): () => readonly StoredEntry<T>[] {
  // A row is never changed, only replaced: what was parsed once stays right.
  const parsed = new WeakMap<StoredRow, T>();
  const read = (row: StoredRow): readonly T[] => {
    if (row.json === null) return [];
    const value = parsed.get(row) ?? type.schema.parse(JSON.parse(row.json));
    parsed.set(row, value);
    return [value];
  };
  return () =>
    [...world.stores].flatMap(([site, { parts }]) =>
      [...(parts.get(`${group}/${type.kind}`) ?? new Map<string, StoredRow>()).values()].flatMap(
        (row) => read(row).map((value) => ({ site, id: row.id, value })),
      ),
    );
}
