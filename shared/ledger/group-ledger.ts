import type { Config, Group, Side } from "../domain/group.ts";
import { EVERY_GROUP, otherSide } from "../domain/group.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import type { Book } from "./book.ts";
import { readLive, readLiveWithin } from "./live-rows.ts";
import { type Memory, type OwnView, ownView } from "./own-view.ts";

/** Where the rows of one group are: each site has a store; a group's rows live in those of its two regions. */
export interface GroupLedger {
  readonly group: Group;
  readonly own: Book;
  readonly memory: Memory;
  /** In the store of the region that a failover away from `primary` goes to: claims and incidents live there. */
  target(primary: Side): Book;
  /** In the stores of both group regions, target first; our own where a region has no site. */
  both(primary: Side): readonly Book[];
  /** In every store there is. */
  readonly all: readonly Book[];
}

/** The ledger of each group, and where the rows are that concern all of them. */
export interface Stores {
  of(group: Group): GroupLedger;
  /** Rows of no group in our own store, in that of another site, in all of them. */
  readonly own: Book;
  at(site: string): Book | null;
  readonly all: readonly Book[];
}

const EMPTY: Memory = {
  primary: null,
  looks: [],
  unkeptSinceAt: null,
  rolesTriedAt: null,
  instancesTriedAt: null,
  shared: null,
};

/** The ledgers of one site, over the stores of all of them. */
export function createStores(
  config: Pick<Config, "self" | "sites">,
  stores: ReadonlyMap<string, Store>,
  clock: Clock,
): Stores {
  const own = stores.get(config.self.name);
  if (own === undefined) {
    throw new Error(`Cannot find our own store: no store was given for site ${config.self.name}`);
  }
  const book = (store: Store, group: string): Book => ({ site: store.site, group, store, clock });
  const inRegion = (region: string): Store => {
    const site = config.sites.find((candidate) => candidate.region === region);
    return (site === undefined ? null : stores.get(site.name)) ?? own;
  };
  const ledgers = new Map<string, GroupLedger>();
  const ledgerOf = (group: Group): GroupLedger => {
    const books = new Map([...stores.values()].map((store) => [store, book(store, group.name)]));
    const bookIn = (store: Store): Book => books.get(store) ?? book(store, group.name);
    const target = (primary: Side): Book => bookIn(inRegion(group[otherSide(primary)].region));
    return {
      group,
      own: bookIn(own),
      memory: { ...EMPTY },
      target,
      both: (primary) => [...new Set([target(primary), target(otherSide(primary))])],
      all: [...books.values()],
    };
  };
  const general = [...stores.values()].map((store) => book(store, EVERY_GROUP));
  return {
    of: (group) => {
      const known = ledgers.get(group.name) ?? ledgerOf(group);
      ledgers.set(group.name, known);
      return known;
    },
    own: book(own, EVERY_GROUP),
    at: (site) => general.find((each) => each.site === site) ?? null,
    all: general,
  };
}

/**
 * What this site remembers of the group. With a patience, a store that has not answered by then
 * counts as silent: whoever asks for a look must not wait for what is remembered of others.
 */
export async function readOwn({ own, memory }: GroupLedger, patienceMs?: number): Promise<OwnView> {
  const rows = await (patienceMs === undefined ? readLive(own) : readLiveWithin(own, patienceMs));
  return ownView(rows, memory);
}
