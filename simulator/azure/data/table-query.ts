import type { Table, TableEntity } from "../world/tables.ts";

/** A page never holds more. */
const PAGE_ENTITIES = 1_000;

interface Condition {
  readonly key: "PartitionKey" | "RowKey";
  readonly holds: (value: string) => boolean;
}

export interface Found {
  readonly partitionKey: string;
  readonly entity: TableEntity;
}

export interface TablePage {
  readonly found: readonly Found[];
  /** Where the next page begins; null where this is the last. */
  readonly next: Found | null;
}

const CONDITION = /^(PartitionKey|RowKey) (eq|ge|gt|le|lt) '((?:[^']|'')*)'$/;

const COMPARE: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

/** Reads a filter made of conditions on the two keys, all of which must hold; null where it is anything else. */
export function readFilter(text: string): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const part of text.split(" and ")) {
    const [, key, operator = "", quoted = ""] = CONDITION.exec(part.trim()) ?? [];
    const compare = COMPARE[operator];
    if ((key !== "PartitionKey" && key !== "RowKey") || compare === undefined) return null;
    const wanted = quoted.replaceAll("''", "'");
    conditions.push({ key, holds: (value) => compare(value, wanted) });
  }
  return conditions;
}

/** One page of a table in order of its keys, from the given keys onwards. */
export function queryTable(
  table: Table,
  conditions: readonly Condition[],
  page: { readonly top: number; readonly from: readonly [partition: string, row: string] | null },
): TablePage {
  const [fromPartition, fromRow] = page.from ?? ["", ""];
  const after = (partition: string, row: string): boolean =>
    partition > fromPartition || (partition === fromPartition && row >= fromRow);
  const found = [...table]
    .filter(([partition]) => holdAll(conditions, "PartitionKey", partition))
    .sort(byKey)
    .flatMap(([partitionKey, rows]) =>
      [...rows]
        .filter(([row]) => after(partitionKey, row) && holdAll(conditions, "RowKey", row))
        .sort(byKey)
        .map(([, entity]) => ({ partitionKey, entity })),
    );
  const size = Math.min(PAGE_ENTITIES, page.top);
  return { found: found.slice(0, size), next: found[size] ?? null };
}

function holdAll(conditions: readonly Condition[], key: Condition["key"], value: string): boolean {
  return conditions.every((condition) => condition.key !== key || condition.holds(value));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
