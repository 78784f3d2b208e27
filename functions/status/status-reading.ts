import { RowUnreadable } from "../../shared/ledger/rows.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";

/** One part of the status: what a store says, or why nobody can tell. */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unknown"; readonly because: string; readonly site: string };

const READ_MS = 5_000;

/** Reads one part from one store. It never throws: a status that fails as a whole tells nothing. */
export function readPart<T>(
  app: App,
  store: Store,
  read: (store: Store) => Promise<T>,
): Promise<Reading<T>> {
  const work = read(store).then(
    (value): Reading<T> => ({ kind: "read", value }),
    (error: unknown): Reading<T> => ({
      kind: "unknown",
      because: error instanceof RowUnreadable ? "row-unreadable" : "store-unreachable",
      site: store.site,
    }),
  );
  return within(app.ports.clock, READ_MS, work, (because) => ({
    kind: "unknown",
    because,
    site: store.site,
  }));
}

/** Reads a row that any of several stores may hold: one that is open, else, if all of them answer, the newest. */
export async function readRowOfAny<T>(
  app: App,
  stores: readonly Store[],
  read: (store: Store) => Promise<T | null>,
  order: { readonly isOpen: (row: T) => boolean; readonly at: (row: T) => number },
): Promise<Reading<T | null>> {
  const parts = await Promise.all(stores.map((store) => readPart(app, store, read)));
  const rows = parts.flatMap((part) =>
    part.kind === "read" && part.value !== null ? [part.value] : [],
  );
  const open = rows.find(order.isOpen);
  if (open !== undefined) return { kind: "read", value: open };
  const silent = parts.find((part) => part.kind === "unknown");
  if (silent !== undefined) return silent;
  const [newest = null] = rows.toSorted((a, b) => order.at(b) - order.at(a));
  return { kind: "read", value: newest };
}

/** Reads lists that several stores keep, as one list, and names the stores that did not answer. */
export async function readListOfAll<T>(
  app: App,
  stores: readonly Store[],
  read: (store: Store) => Promise<readonly T[]>,
  idOf: (row: T) => string,
): Promise<{ readonly rows: readonly T[]; readonly silentAt: readonly string[] }> {
  const parts = await Promise.all(stores.map((store) => readPart(app, store, read)));
  const rows = parts.flatMap((part) => (part.kind === "read" ? part.value : []));
  return {
    rows: [...new Map(rows.map((row) => [idOf(row), row])).values()],
    silentAt: parts.flatMap((part) => (part.kind === "unknown" ? [part.site] : [])),
  };
}
