import { RowUnreadable } from "../../shared/ledger/rows.ts";
import { type Store, StoreUnreachable } from "../../shared/ports/store.ts";

interface ReadFrom<T> {
  readonly values: readonly T[];
  /** Sites whose store did not say. */
  readonly silentAt: readonly string[];
}

/** Reads from several stores side by side; those that give no answer are named, not thrown. */
export async function readFromStores<T>(
  stores: readonly Store[],
  read: (store: Store) => Promise<T>,
): Promise<ReadFrom<T>> {
  const results = await Promise.all(stores.map((store) => readOne(store, read)));
  return {
    values: results.flatMap((one) => (one.kind === "read" ? [one.value] : [])),
    silentAt: results.flatMap((one) => (one.kind === "silent" ? [one.site] : [])),
  };
}

type OneRead<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "silent"; readonly site: string };

async function readOne<T>(store: Store, read: (store: Store) => Promise<T>): Promise<OneRead<T>> {
  try {
    return { kind: "read", value: await read(store) };
  } catch (error) {
    if (error instanceof StoreUnreachable || error instanceof RowUnreadable) {
      return { kind: "silent", site: store.site };
    }
    throw error;
  }
}
