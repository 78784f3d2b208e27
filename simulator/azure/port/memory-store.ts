import {
  LIVE_KINDS,
  type Row,
  type RowKey,
  type Store,
  StoreUnreachable,
  type WriteAnswer,
  type WriteCondition,
} from "../../../shared/ports/store.ts";
import { vantageReaches } from "../world/network.ts";
import type { StoredRow, StoredRows } from "../world/stored-rows.ts";
import type { Vantage, World } from "../world/world.ts";

const SCHEMA_VERSION = 1;
const STORE_TAKES_MS = 6;
const STORE_GIVEN_UP_MS = 5_000;
const ROW_CHARS_MAX = 480_000;

/** Every site's store by name, as one site reaches them. */
export function createMemoryStores(world: World, vantage: Vantage): ReadonlyMap<string, Store> {
  return new Map(
    world.sites.map((site) => [site.name, createMemoryStore(world, vantage, site.name)]),
  );
}

/** One site's store, as another site (or its own) reaches it. */
export function createMemoryStore(world: World, vantage: Vantage, siteName: string): Store {
  const rows = world.stores.get(siteName);
  const site = world.sites.find((each) => each.name === siteName);
  if (rows === undefined || site === undefined) {
    throw new Error(`Cannot reach a store: unknown site: ${siteName}`);
  }
  const isHere = (fault: { readonly site: string }): boolean => fault.site === siteName;
  const isSo = (
    name: "store-down" | "store-refuses" | "store-write-lost" | "store-answer-lost",
  ): boolean => world.faults(name).some(isHere);
  const silence = async (because: string): Promise<never> => {
    await world.wait(STORE_GIVEN_UP_MS);
    throw new StoreUnreachable(`Cannot reach the store: ${because}: ${siteName}`);
  };
  const arrive = async (): Promise<void> => {
    world.now();
    const reached = vantageReaches(world, vantage, site.region);
    if (isSo("store-down") || !reached) return silence("no answer");
    await world.wait(STORE_TAKES_MS);
    if (isSo("store-refuses")) {
      throw new StoreUnreachable(`Cannot reach the store: it refuses: ${siteName}`);
    }
  };
  const givenUp = (): Promise<never> => silence("nobody can tell whether the row was written");
  const put = (...row: [RowKey, unknown, WriteCondition]): WriteAnswer => {
    const quicker = world.faults("store-conflict").find(isHere)?.share ?? 0;
    return putRow(rows, row, () => world.draw("store-conflict") < quicker);
  };
  return {
    site: siteName,
    read: async (key) => {
      await arrive();
      const row = partOf(rows, key).get(key.id);
      return row === undefined ? null : toRow(key, row);
    },
    write: async (key, value, condition) => {
      await arrive();
      if (isSo("store-write-lost")) return givenUp();
      const late = world.faults("store-write-late").find(isHere);
      if (late !== undefined) {
        const written = world.wait(late.ms).then(() => put(key, value, condition));
        if (late.ms < STORE_GIVEN_UP_MS) return written;
        return givenUp();
      }
      const written = put(key, value, condition);
      return isSo("store-answer-lost") ? givenUp() : written;
    },
    readLive: async (group) => {
      await arrive();
      return [...LIVE_KINDS].flatMap((kind) => rowsOf(rows, group, kind));
    },
    list: async ({ group, kind, from = "", limit }) => {
      await arrive();
      return rowsOf(rows, group, kind, from).slice(0, limit);
    },
    remove: async (key, etag) => {
      await arrive();
      const part = partOf(rows, key);
      const current = part.get(key.id);
      if (etag !== undefined && current !== undefined && current.etag !== etag) return "conflict";
      part.delete(key.id);
      return "removed";
    },
  };
}

/** Puts a row there as a newer version of the product would have written it. */
export function putNewerRow(world: World, site: string, key: RowKey, schemaVersion: number): void {
  const rows = world.stores.get(site);
  if (rows === undefined) throw new Error(`Cannot put a row: unknown site: ${site}`);
  const etag = `W/"${++rows.etags}"`;
  partOf(rows, key).set(key.id, { id: key.id, etag, json: null, schemaVersion });
}
/** Writes one row under its condition. `isOvertaken`: another was quicker, whose write nobody here has seen. */
function putRow(
  rows: StoredRows,
  [key, value, condition]: readonly [RowKey, unknown, WriteCondition],
  isOvertaken: () => boolean,
): WriteAnswer {
  const part = partOf(rows, key);
  const current = part.get(key.id);
  if (condition.kind === "new" && current !== undefined) return { kind: "conflict" };
  if (condition.kind === "match" && current?.etag !== condition.etag) return { kind: "conflict" };
  const json = JSON.stringify(value);
  if (json.length > ROW_CHARS_MAX) return { kind: "too-large" };
  const etag = `W/"${++rows.etags}"`;
  if (condition.kind === "match" && current && isOvertaken()) {
    part.set(key.id, { ...current, etag });
    return { kind: "conflict" };
  }
  part.set(key.id, { id: key.id, etag, json, schemaVersion: SCHEMA_VERSION });
  return { kind: "written", etag };
}

function partOf(
  rows: StoredRows,
  { group, kind }: Pick<RowKey, "group" | "kind">,
): Map<string, StoredRow> {
  const name = `${group}/${kind}`;
  const known = rows.parts.get(name);
  if (known !== undefined) return known;
  const part = new Map<string, StoredRow>();
  rows.parts.set(name, part);
  return part;
}

/** In order of id, as a table has them. */
function rowsOf(rows: StoredRows, group: string, kind: string, from = ""): readonly Row[] {
  const part = rows.parts.get(`${group}/${kind}`);
  if (part === undefined) return [];
  const wanted = [...part.values()].filter(({ id }) => id >= from).sort(byId);
  return wanted.map((row) => toRow({ group, kind, id: row.id }, row));
}

function toRow(key: RowKey, row: StoredRow): Row {
  if (row.json === null)
    return { kind: "newer", key, schemaVersion: row.schemaVersion, etag: row.etag };
  return { kind: "row", key, value: parsedValue(row, row.json), etag: row.etag };
}

/** A row is written once and read at every tick, by readers that make of it what their schema wants. */
const VALUES = new WeakMap<StoredRow, unknown>();

/** What somebody has damaged has no value. */
function parsedValue(row: StoredRow, text: string): unknown {
  if (!VALUES.has(row)) VALUES.set(row, jsonOf(text));
  return VALUES.get(row);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function byId(a: StoredRow, b: StoredRow): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
