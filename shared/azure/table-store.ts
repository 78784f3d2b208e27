import type { HttpClient } from "@azure/core-rest-pipeline";
import type { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import type { Clock } from "../ports/clock.ts";
import { withDeadline } from "../ports/deadline.ts";
import { type Store, StoreUnreachable } from "../ports/store.ts";
import { listFilter, liveFilter } from "./table-store/row-names.ts";
import type { StoreAddress } from "./table-store/store-address.ts";
import type { createTableClient } from "./table-store/table-client.ts";
import { tableFailure } from "./table-store/table-failure.ts";
import { listRows, readRow, removeRow, writeRow } from "./table-store/table-rows.ts";

// One site's store in Azure Table Storage.
//
// T1. Every call ends within `timeoutMs`, whatever hangs.
// T2. A write is sent once. A lost answer is said to be lost: the caller reads again.
// T3. Only our own table is ever created: a peer's that is missing is a peer that gives no answer.
// T4. A row is written over by nobody who has not its ETag.

const TIMEOUT_MS = 4_000;
const READ_AGAIN_AFTER_MS = 200;

export interface TableStoreOptions {
  readonly site: string;
  /** Whether the table is ours to create. */
  readonly own: boolean;
  readonly address: StoreAddress;
  readonly credential: TokenCredential;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly httpClient?: HttpClient;
  /** Where the SDK is loaded already; by default it is loaded at the first call. */
  readonly createClient?: typeof createTableClient;
}

/** A site's store in a table, under ETag conditions. */
export function createTableStore(options: TableStoreOptions): Store {
  const { site, own, clock, timeoutMs = TIMEOUT_MS } = options;
  const connect = createConnection(options);

  async function ask<T>(work: (table: TableClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withDeadline(clock, timeoutMs, async (signal) => work(await connect(), signal));
    } catch (error) {
      // The one failure that is not the service's: a name too long to be a key.
      if (error instanceof RangeError) throw error;
      const { code } = tableFailure(error);
      throw new StoreUnreachable(`Cannot reach the store of site ${site}: ${code}`);
    }
  }

  const listOrNone = async (
    table: TableClient,
    query: Parameters<typeof listRows>[1],
    signal: AbortSignal,
  ) => (await twice(clock, () => orNull(listRows(table, query, signal), own))) ?? [];

  return {
    site,
    read: (key) =>
      ask((table, signal) => twice(clock, () => orNull(readRow(table, key, signal), own))),
    readLive: (group) =>
      ask((table, signal) => listOrNone(table, { group, filter: liveFilter(group) }, signal)),
    list: ({ group, kind, from, limit }) =>
      ask((table, signal) =>
        listOrNone(table, { group, filter: listFilter(group, kind, from), limit }, signal),
      ),
    remove: (key, etag) =>
      ask(async (table, signal) => {
        const remove = () => removeRow(table, { key, etag }, signal);
        return (await twice(clock, () => orNull(remove(), own))) ?? "removed";
      }),
    write: (key, value, condition) =>
      ask(async (table, signal) => {
        const write = () => writeRow(table, { key, value, condition }, signal);
        return write().catch(async (error: unknown) => {
          if (!own || tableFailure(error).code !== "TableNotFound") throw error;
          await table.createTable({ abortSignal: signal });
          return write();
        });
      }),
  };
}

/** The client, made when it is needed: its SDK takes time to load. */
function createConnection(options: TableStoreOptions): () => Promise<TableClient> {
  const { address, credential, httpClient } = options;
  let client: Promise<TableClient> | null = null;
  const load = async (): Promise<TableClient> => {
    const create =
      options.createClient ?? (await import("./table-store/table-client.ts")).createTableClient;
    return create(address, credential, httpClient);
  };
  return () => {
    client ??= load().catch((error: unknown) => {
      client = null;
      throw error;
    });
    return client;
  };
}

/** Reads once more what failed for a moment. The deadline holds for both. */
async function twice<T>(clock: Clock, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { status } = tableFailure(error);
    if (status !== null && status < 500) throw error;
    await clock.sleep(READ_AGAIN_AFTER_MS);
    return read();
  }
}

/** Null where the row, or our own table, is not there yet. */
async function orNull<T>(read: Promise<T>, own: boolean): Promise<T | null> {
  return read.catch((error: unknown) => {
    const { status, code } = tableFailure(error);
    if (status === 404 && (own || code === "ResourceNotFound")) return null;
    throw error;
  });
}
