import type { Clock } from "functions-host/clock";
import {
  LIVE_KINDS,
  type Row,
  type RowKey,
  type Store,
  StoreUnreachable,
} from "../shared/ports/store.ts";

const GIVEN_UP_MS = 5_000;

/** The rows of one site's store, and who wants to hear of every one that is written. */
export interface Shelf {
  readonly site: string;
  readonly parts: Map<string, Map<string, { readonly etag: string; readonly value: unknown }>>;
  etags: number;
  readonly onWrite: (key: RowKey, value: unknown) => void;
}

export function createShelf(site: string, onWrite: Shelf["onWrite"]): Shelf {
  return { site, parts: new Map(), etags: 0, onWrite };
}

/** The store behind a shelf, as long as it can be reached. */
export function createRecordedStore(shelf: Shelf, clock: Clock, reachable: () => boolean): Store {
  const arrive = async (): Promise<void> => {
    if (reachable()) return;
    await clock.sleep(GIVEN_UP_MS);
    throw new StoreUnreachable(`Cannot reach the store: no answer: ${shelf.site}`);
  };
  return {
    site: shelf.site,
    read: async (key) => {
      await arrive();
      return rowOf(key, partOf(shelf, key).get(key.id));
    },
    write: async (key, value, condition) => {
      await arrive();
      const part = partOf(shelf, key);
      const etag = part.get(key.id)?.etag;
      if (condition.kind === "new" && etag !== undefined) return { kind: "conflict" };
      if (condition.kind === "match" && etag !== condition.etag) return { kind: "conflict" };
      const written = `W/"${++shelf.etags}"`;
      // The ledger parses rows on both ways: what is kept is nobody else's.
      part.set(key.id, { etag: written, value });
      shelf.onWrite(key, value);
      return { kind: "written", etag: written };
    },
    readLive: async (group) => {
      await arrive();
      return [...LIVE_KINDS].flatMap((kind) => rowsOf(shelf, { group, kind, from: "" }));
    },
    list: async ({ group, kind, from = "", limit }) => {
      await arrive();
      return rowsOf(shelf, { group, kind, from }).slice(0, limit);
    },
    remove: async (key, etag) => {
      await arrive();
      const part = partOf(shelf, key);
      const current = part.get(key.id);
      if (etag !== undefined && current !== undefined && current.etag !== etag) return "conflict";
      part.delete(key.id);
      return "removed";
    },
  };
}

function rowsOf(
  shelf: Shelf,
  { group, kind, from }: { readonly group: string; readonly kind: string; readonly from: string },
): readonly Row[] {
  const part = shelf.parts.get(`${group}/${kind}`);
  if (part === undefined) return [];
  const ids = [...part.keys()].filter((id) => id >= from).sort();
  return ids.flatMap((id) => rowOf({ group, kind, id }, part.get(id)) ?? []);
}

function partOf(
  { parts }: Shelf,
  { group, kind }: Pick<RowKey, "group" | "kind">,
): Map<string, { readonly etag: string; readonly value: unknown }> {
  const name = `${group}/${kind}`;
  const known = parts.get(name);
  if (known !== undefined) return known;
  const part = new Map<string, { readonly etag: string; readonly value: unknown }>();
  parts.set(name, part);
  return part;
}

function rowOf(
  key: RowKey,
  kept: { readonly etag: string; readonly value: unknown } | undefined,
): Row | null {
  if (kept === undefined) return null;
  return { kind: "row", key, value: kept.value, etag: kept.etag };
}
