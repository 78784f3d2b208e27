import { EVERY_GROUP } from "../shared/domain/group.ts";
import type { Ports } from "../shared/ports/ports.ts";
import type { Row, Store } from "../shared/ports/store.ts";

/** Requests to a ledger's stores. */
export interface LedgerCounts {
  reads: number;
  writes: number;
}

/** Those for rows of a group, and those for what concerns all of them: that costs the same for one group or fifty. */
export interface SplitCounts {
  readonly groups: LedgerCounts;
  readonly sites: LedgerCounts;
  /** Rows that answers brought along. */
  readonly rows: { read: number };
}

export function noCounts(): SplitCounts {
  return { groups: { reads: 0, writes: 0 }, sites: { reads: 0, writes: 0 }, rows: { read: 0 } };
}

/** The same ports, with every request to a ledger's store counted. */
export function countingStores(ports: Ports, counts: SplitCounts): Ports {
  const stores = [...ports.stores].map(([site, store]) => [site, counting(store, counts)] as const);
  return { ...ports, stores: new Map(stores) };
}

function counting(store: Store, counts: SplitCounts): Store {
  const of = (group: string): LedgerCounts =>
    group === EVERY_GROUP ? counts.sites : counts.groups;
  const counted = async (answer: Promise<readonly Row[]>): Promise<readonly Row[]> => {
    const rows = await answer;
    counts.rows.read += rows.length;
    return rows;
  };
  return {
    site: store.site,
    read: (key) => {
      of(key.group).reads++;
      return store.read(key);
    },
    readLive: (group) => {
      of(group).reads++;
      return counted(store.readLive(group));
    },
    list: (query) => {
      of(query.group).reads++;
      return counted(store.list(query));
    },
    write: (key, value, condition) => {
      of(key.group).writes++;
      return store.write(key, value, condition);
    },
    remove: (key) => {
      of(key.group).writes++;
      return store.remove(key);
    },
  };
}
