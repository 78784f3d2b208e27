import type { Ports } from "../shared/ports/ports.ts";
import type { Store } from "../shared/ports/store.ts";

/** Rows of the ledger read and written, one request each. */
export interface LedgerCounts {
  reads: number;
  writes: number;
}

/** The same ports, with every request to a ledger's store counted. */
export function countingStores(ports: Ports, counts: LedgerCounts): Ports {
  const stores = [...ports.stores].map(([site, store]) => [site, counting(store, counts)] as const);
  return { ...ports, stores: new Map(stores) };
}

function counting(store: Store, counts: LedgerCounts): Store {
  return {
    site: store.site,
    read: (key) => {
      counts.reads++;
      return store.read(key);
    },
    list: (query) => {
      counts.reads++;
      return store.list(query);
    },
    write: (key, value, condition) => {
      counts.writes++;
      return store.write(key, value, condition);
    },
  };
}
