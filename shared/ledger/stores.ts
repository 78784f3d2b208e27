import type { Config, Group, Side } from "../domain/group.ts";
import { otherSide } from "../domain/group.ts";
import type { Store } from "../ports/store.ts";

/** Rows that belong to no group. */
export const EVERY_GROUP = "_all";

/** Which store holds what. Each site has one; a group's rows live in those of its two regions. */
export interface Stores {
  readonly own: Store;
  /** The store of the region that a failover away from `primary` goes to: claims and incidents live there. */
  target(group: Group, primary: Side): Store;
  /** The stores of both group regions, target first; our own where a region has no site. */
  both(group: Group, primary: Side): readonly Store[];
  of(site: string): Store | null;
  readonly all: readonly Store[];
}

/** The stores by what they are to a group. Throws where this site has none itself. */
export function createStores(
  config: Pick<Config, "self" | "sites">,
  stores: ReadonlyMap<string, Store>,
): Stores {
  const own = stores.get(config.self.name);
  if (own === undefined) {
    throw new Error(`Cannot find our own store: no store was given for site ${config.self.name}`);
  }
  const inRegion = (region: string): Store | null => {
    const site = config.sites.find((candidate) => candidate.region === region);
    return site === undefined ? null : (stores.get(site.name) ?? null);
  };
  const target = (group: Group, primary: Side): Store =>
    inRegion(group[otherSide(primary)].region) ?? own;
  return {
    own,
    target,
    both: (group, primary) => {
      const first = target(group, primary);
      const second = inRegion(group[primary].region) ?? own;
      return first === second ? [first] : [first, second];
    },
    of: (site) => stores.get(site) ?? null,
    all: [...stores.values()],
  };
}
