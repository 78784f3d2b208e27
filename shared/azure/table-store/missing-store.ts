import { type Store, StoreUnreachable } from "../../ports/store.ts";

/**
 * The store of a site whose address nobody gave. It answers nothing, like a store that is down: to
 * leave it out would move its claims into another store, where they fence nothing.
 */
export function createMissingStore(site: string): Store {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new StoreUnreachable(`Cannot reach the store of site ${site}: its address is not configured`),
    );
  return { site, read: refuse, write: refuse, readLive: refuse, list: refuse, remove: refuse };
}
