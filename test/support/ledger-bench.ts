// The ledgers of one site over the stores of all three, on virtual time, and nothing else of the app.

import { VirtualClock } from "functions-host/clock";
import type { Group } from "../../shared/domain/group.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { createStores, type GroupLedger, type Stores } from "../../shared/ledger/group-ledger.ts";
import { createMemoryStores } from "../../simulator/azure/port/memory-store.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import { bookAt, NOW } from "./ledger-rows.ts";
import { configOf, GROUP } from "./simulated-sites.ts";

export interface LedgerBench {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly group: Group;
  readonly stores: Stores;
  readonly ledger: GroupLedger;
  /** The rows of the group, or of another, in the store of a site. */
  at(site: string, group?: string): Book;
  /** From now on that store gives no answer. */
  silence(site: string): void;
  /** How many rows of a kind the group has in the store of a site. */
  count(kind: string, site?: string): number;
  /** Lets the work end, whatever time it takes. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function startLedger(self = "neu"): LedgerBench {
  const clock = new VirtualClock(NOW);
  const config = configOf(self);
  const { groups, sites } = config;
  const world = createWorld({ clock, seed: 1, groups, sites });
  const reached = createMemoryStores(world, config.self);
  const stores = createStores(config, reached, clock);
  const group = groups[0];
  if (group === undefined) throw new Error("Cannot start the ledger: there is no group");
  return {
    world,
    clock,
    group,
    stores,
    ledger: stores.of(group),
    at: (site, name = GROUP) => {
      const store = reached.get(site);
      if (store === undefined) throw new Error(`Cannot open a book: unknown site: ${site}`);
      return bookAt(store, clock, name);
    },
    silence: (site) => world.inject({ fault: "store-down", site, at: 0 }),
    count: (kind, site = self) => world.stores.get(site)?.parts.get(`${GROUP}/${kind}`)?.size ?? 0,
    run: async (work) => {
      let done = false;
      const mark = (): void => {
        done = true;
      };
      work.then(mark, mark);
      await clock.runUntil(() => done);
      return work;
    },
  };
}
