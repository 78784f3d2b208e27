import type { Group } from "../../shared/domain/group.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { App } from "../app.ts";
import { findGroup } from "../http/find-group.ts";

/** What a pause covers, and where it has to be written down. */
interface PauseScope {
  /** A group's name, or "*" for all of them. */
  readonly name: string;
  readonly groups: readonly Group[];
  /** Where its row is kept in the stores of the group regions: a pause counts as taken when all of them have it. */
  readonly books: readonly Book[];
  /** Of the groups that it covers: where their claims may be. */
  readonly claims: readonly Book[];
  /** The same in every store. */
  readonly everywhere: readonly Book[];
}

/** What a pause covers of the group that a body names, or of all; a problem where nobody knows that group. */
export function namedScope(app: App, name: string | undefined): PauseScope {
  const { config, stores } = app;
  const named = name === undefined ? null : findGroup(app, name);
  const groups = named === null ? config.groups : [named];
  const claims = groups.flatMap((group) => stores.of(group).both("home"));
  if (named !== null) {
    return { name: named.name, groups, books: claims, claims, everywhere: stores.of(named).all };
  }
  const sites = new Set(claims.map(({ site }) => site));
  const books = stores.all.filter(({ site }) => sites.has(site));
  return { name: "*", groups, books, claims, everywhere: stores.all };
}
