import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import type { Reading } from "../../shared/ledger/reading.ts";

/** One part of the status: what the ledger says, or why nobody can tell. */
export type Part<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unknown"; readonly because: string; readonly site: string };

/** A row of one store as a part of the status. */
export function partOf<T>(rows: LiveRows, reading: Reading<T>): Part<T | null> {
  const { site } = rows.book;
  switch (reading.kind) {
    case "read":
      return { kind: "read", value: reading.value };
    case "none":
      return { kind: "read", value: null };
    case "unreadable":
      return { kind: "unknown", because: "row-unreadable", site };
    case "silent":
      return { kind: "unknown", because: "store-unreachable", site };
    default:
      return reading satisfies never;
  }
}

/** A row that any of several stores may hold: one that is open, else, if all of them answer, the newest. */
export function partOfAny<T>(
  stores: readonly LiveRows[],
  read: (rows: LiveRows) => Reading<T>,
  order: { readonly isOpen: (row: T) => boolean; readonly at: (row: T) => number },
): Part<T | null> {
  const parts = stores.map((rows) => partOf(rows, read(rows)));
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

/** Rows that several stores keep, each of them once. */
export function once<T>(rows: readonly T[], idOf: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}
