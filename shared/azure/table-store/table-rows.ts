import type { TableClient } from "@azure/data-tables";
import type { Row, RowKey, Store, WriteAnswer, WriteCondition } from "../../ports/store.ts";
import { type RowEntity, toEntity, toRow } from "./row-entity.ts";
import { filterOf, idOf, rowNames } from "./row-names.ts";
import { type TableFailure, tableFailure } from "./table-failure.ts";

const PAGE_ROWS = 1_000;
/** Kinds that are listed grow by one row per question to a person; see docs/run-on-azure.md. */
const ROWS_MAX = 10_000;

/** Thrown where a kind has more rows than anybody meant to list. */
export class TooManyRows extends Error {
  override readonly name = "TooManyRows";
}

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
  try {
    const { etag } = await send(table, toEntity(row.key, row.value), row.condition, abortSignal);
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
    case "any":
      return table.upsertEntity(entity, "Replace", { abortSignal });
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

/** A table lists in one direction: the newest are the tail of all of them. */
export async function listRows(
  table: TableClient,
  { group, kind, newest = false, limit }: Parameters<Store["list"]>[0],
  abortSignal: AbortSignal,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const enough = newest ? Number.POSITIVE_INFINITY : (limit ?? Number.POSITIVE_INFINITY);
  const queryOptions = { filter: filterOf({ group, kind }) };
  const pages = table
    .listEntities({ queryOptions, abortSignal })
    .byPage({ maxPageSize: Math.min(PAGE_ROWS, Math.max(1, enough)) });
  for await (const page of pages) {
    for (const entity of page) {
      const id = idOf(entity.rowKey ?? "");
      rows.push(toRow({ group, kind, id }, entity, entity.etag));
    }
    if (rows.length >= enough) break;
    if (rows.length > ROWS_MAX) {
      throw new TooManyRows(`Cannot list ${group}/${kind}: more than ${ROWS_MAX} rows`);
    }
  }
  if (newest) rows.reverse();
  return rows.slice(0, limit);
}
