import type { Group, Side } from "../../shared/domain/group.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import type { App } from "../app.ts";

/** Who is primary as this site last read it; home where it never could. */
export async function currentPrimary(app: App, group: Group): Promise<Side> {
  return (await readWatch(app.stores.own, group.name)).primary ?? "home";
}
