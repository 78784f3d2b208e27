import type { TableClient } from "@azure/data-tables";
import type { Row, RowKey, WriteAnswer, WriteCondition } from "../../ports/store.ts";
import { type RowEntity, toEntity, toRow } from "./row-entity.ts";
import { keyOf, rowNames } from "./row-names.ts";
import { type TableFailure, tableFailure } from "./table-failure.ts";

const PAGE_ROWS = 1_000;

/** One row; throws where there is none. */
export async function readRow(
  table: TableClient,
  key: RowKey,
  abortSignal: AbortSignal,
): Promise<Row> {
  const { partitionKey, rowKey } = rowNames(key);
  const entity = await table.getEntity(partitionKey, rowKey, { abortSignal });
  return toRow(key, entity, entity.etag);
}

/** Writes under the condition, once. What the condition forbids is a conflict and no failure. */
export async function writeRow(
  table: TableClient,
  row: { readonly key: RowKey; readonly value: unknown; readonly condition: WriteCondition },
  abortSignal: AbortSignal,
): Promise<WriteAnswer> {
  const entity = toEntity(row.key, row.value);
  if (entity === null) return { kind: "too-large" };
  try {
    const { etag } = await send(table, entity, row.condition, abortSignal);
    if (etag !== undefined) return { kind: "written", etag };
  } catch (error) {
    if (isConflict(tableFailure(error))) return { kind: "conflict" };
    throw error;
  }
  throw new Error("Cannot tell what was written: the answer has no ETag");
}

function send(
  table: TableClient,
  entity: RowEntity,
  condition: WriteCondition,
  abortSignal: AbortSignal,
): Promise<{ readonly etag?: string }> {
  switch (condition.kind) {
    case "new":
      return table.createEntity(entity, { abortSignal });
    case "match":
      return table.updateEntity(entity, "Replace", { abortSignal, etag: condition.etag });
    default:
      return condition satisfies never;
  }
}

/** The row is there already, has changed, or has gone. */
function isConflict({ status, code }: TableFailure): boolean {
  if (status === 412) return true;
  if (status === 409) return code === "EntityAlreadyExists";
  return status === 404 && code === "ResourceNotFound";
}

/** Rows that a filter finds, in order of their keys; a page is as large as what is asked for. */
export async function listRows(
  table: TableClient,
  query: { readonly group: string; readonly filter: string; readonly limit?: number },
  abortSignal: AbortSignal,
): Promise<readonly Row[]> {
  const { group, filter, limit = Number.POSITIVE_INFINITY } = query;
  const rows: Row[] = [];
  if (limit <= 0) return rows;
  const pages = table
    .listEntities({ queryOptions: { filter }, abortSignal })
    .byPage({ maxPageSize: Math.min(PAGE_ROWS, limit) });
  for await (const page of pages) {
    for (const entity of page) {
      rows.push(toRow(keyOf(group, entity.rowKey ?? ""), entity, entity.etag));
    }
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

/** Takes a row away; without an ETag whoever has written it last. */
export async function removeRow(
  table: TableClient,
  { key, etag = "*" }: { readonly key: RowKey; readonly etag: string | undefined },
  abortSignal: AbortSignal,
): Promise<"removed" | "conflict"> {
  const { partitionKey, rowKey } = rowNames(key);
  try {
    await table.deleteEntity(partitionKey, rowKey, { abortSignal, etag });
    return "removed";
  } catch (error) {
    if (tableFailure(error).status === 412) return "conflict";
    throw error;
  }
}
