import type { Store } from "../../shared/ports/store.ts";
import { readFromStores } from "./read-from-stores.ts";

export interface Written {
  /** Sites whose store has it. */
  readonly writtenAt: readonly string[];
  /** Sites whose store has not, or did not say. */
  readonly missingAt: readonly string[];
}

/** Writes to several stores side by side and says which of them have it. */
export async function writeToStores(
  stores: readonly Store[],
  write: (store: Store) => Promise<unknown>,
): Promise<Written> {
  const { values, silentAt } = await readFromStores(stores, async (store) => {
    await write(store);
    return store.site;
  });
  return { writtenAt: values, missingAt: silentAt };
}
