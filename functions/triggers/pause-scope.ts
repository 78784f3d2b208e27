import type { Group } from "../../shared/domain/group.ts";
import { EVERY_GROUP } from "../../shared/ledger/stores.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";

/** What a pause covers, and where it has to be written down. */
interface PauseScope {
  /** A group's name, or "*" for all of them. */
  readonly name: string;
  /** Where its row is kept. */
  readonly rows: string;
  readonly groups: readonly Group[];
  /** The stores of the group regions: a pause counts as taken when all of them have it. */
  readonly stores: readonly Store[];
}

/**
 * What a pause of this name holds: one group, or every group where none is named. Throws a problem
 * for a name that is none.
 */
export function pauseScope(app: App, named: string | undefined): PauseScope {
  const groups = named === undefined ? app.config.groups : [findGroup(app, named)];
  const stores = [...new Set(groups.flatMap((group) => app.stores.both(group, "home")))];
  const [only] = groups;
  return named === undefined || only === undefined
    ? { name: "*", rows: EVERY_GROUP, groups, stores }
    : { name: only.name, rows: only.name, groups, stores };
}
