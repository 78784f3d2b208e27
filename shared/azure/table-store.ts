import type { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../ports/clock.ts";
import {
  type Row,
  type RowKey,
  type Store,
  StoreUnreachable,
  type WriteAnswer,
  type WriteCondition,
} from "../ports/store.ts";
import { toEntity, toRow } from "./table-store/row-entity.ts";
import { filterOf, idOf, rowNames } from "./table-store/row-names.ts";
import type { StoreAddress } from "./table-store/store-address.ts";
import { tableFailure } from "./table-store/table-failure.ts";
import { withDeadline } from "./with-deadline.ts";

// One site's store in Azure Table Storage.
//
// T1. Every call ends within `timeoutMs`, whatever hangs.
// T2. A write is sent once. A lost answer is said to be lost: the caller reads again.
// T3. Only our own table is ever created: a peer's that is missing is a peer that gives no answer.
// T4. A row of a newer release is never written over.

const TIMEOUT_MS = 4_000;
const READ_AGAIN_AFTER_MS = 200;
const PAGE_ROWS = 1_000;
/** Kinds that are listed grow by one row per question to a person; see docs/run-on-azure.md. */
const ROWS_MAX = 10_000;

type Query = Parameters<Store["list"]>[0];

/** A site's store in a table, under ETag conditions. */
export function createTableStore(options: {
  readonly site: string;
  /** Whether it is ours to create. */
  readonly own: boolean;
  readonly address: StoreAddress;
  readonly credential: TokenCredential;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}): Store {
  const { site, own, clock, timeoutMs = TIMEOUT_MS } = options;
  let client: Promise<TableClient> | null = null;

  function connect(): Promise<TableClient> {
    client ??= import("./table-store/table-client.ts").then(
      ({ createTableClient }) => createTableClient(options.address, options.credential),
      (error: unknown) => {
        client = null;
        throw error;
      },
    );
    return client;
  }

  async function ask<T>(work: (table: TableClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(clock, timeoutMs, async (signal) => work(await connect(), signal));
    } catch (error) {
      if (error instanceof TooManyRows) throw error;
      const { code } = tableFailure(error);
      throw new StoreUnreachable(`Cannot reach the store of site ${site}: ${code}`);
    }
  }

  /** Reads once more what failed for a moment. The deadline holds for both. */
  async function twice<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const { status } = tableFailure(error);
      if (error instanceof TooManyRows || (status !== null && status < 500)) throw error;
      await clock.sleep(READ_AGAIN_AFTER_MS);
      return read();
    }
  }

  /** Null where the row, or our own table, is not there yet. */
  async function orNull<T>(read: Promise<T>): Promise<T | null> {
    return read.catch((error: unknown) => {
      const { status, code } = tableFailure(error);
      if (status === 404 && (own || code === "ResourceNotFound")) return null;
      throw error;
    });
  }

  async function withTable<T>(table: TableClient, write: () => Promise<T>): Promise<T> {
    return write().catch(async (error: unknown) => {
      if (!own || tableFailure(error).code !== "TableNotFound") throw error;
      await table.createTable();
      return write();
    });
  }

  return {
    site,
    read: (key) => ask((table, signal) => twice(() => orNull(readRow(table, key, signal)))),
    write: (key, value, condition) => {
      const entity = toEntity(key, value);
      return ask(async (table, abortSignal) => {
        const agreed = condition.kind === "any" ? await settle(table, key, abortSignal) : condition;
        if (agreed === null) return { kind: "conflict" };
        return withTable(table, () => writeRow(table, entity, agreed, abortSignal));
      });
    },
    list: (query) =>
      ask(async (table, signal) => {
        return (await twice(() => orNull(listRows(table, query, signal)))) ?? [];
      }),
  };

  /** What "any" means for the row that is there: null when that is of a newer release. */
  async function settle(
    table: TableClient,
    key: RowKey,
    signal: AbortSignal,
  ): Promise<WriteCondition | null> {
    const row = await orNull(readRow(table, key, signal));
    if (row === null) return { kind: "any" };
    return row.kind === "newer" ? null : { kind: "any" };
  }
}

class TooManyRows extends Error {
  override readonly name = "TooManyRows";
}

async function readRow(table: TableClient, key: RowKey, abortSignal: AbortSignal): Promise<Row> {
  const { partitionKey, rowKey } = rowNames(key);
  const entity = await table.getEntity(partitionKey, rowKey, { abortSignal });
  return toRow(key, entity, entity.etag);
}

async function writeRow(
  table: TableClient,
  entity: ReturnType<typeof toEntity>,
  condition: WriteCondition,
  abortSignal: AbortSignal,
): Promise<WriteAnswer> {
  try {
    return written(await send(table, entity, condition, abortSignal));
  } catch (error) {
    if (isConflict(tableFailure(error))) return { kind: "conflict" };
    throw error;
  }
}

function send(
  table: TableClient,
  entity: ReturnType<typeof toEntity>,
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

function written({ etag }: { readonly etag?: string }): WriteAnswer {
  if (etag === undefined) throw new Error("Cannot tell what was written: the answer has no ETag");
  return { kind: "written", etag };
}

/** The row is there already, has changed, or has gone. */
function isConflict({ status, code }: ReturnType<typeof tableFailure>): boolean {
  if (status === 412) return true;
  if (status === 409) return code === "EntityAlreadyExists";
  return status === 404 && code === "ResourceNotFound";
}

/** A table lists in one direction: the newest are the tail of all of them. */
async function listRows(
  table: TableClient,
  { group, kind, newest = false, limit }: Query,
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
