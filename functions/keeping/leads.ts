import type { Group, Side } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import { quietForMs } from "../../shared/ledger/watches.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import type { App } from "../app.ts";

/**
 * May this site act for the group while `primary` is primary? The site in the secondary's region
 * leads; another acts only when all before it are quiet; one in the primary's region never does.
 */
export async function leads(app: App, group: Group, primary: Side): Promise<boolean> {
  const { self, sites } = app.config;
  if (self.region === group[primary].region) return false;
  const able = sites.filter((site) => site.region !== group[primary].region);
  const secondaryRegion = group[otherSide(primary)].region;
  const line = [
    ...able.filter((site) => site.region === secondaryRegion),
    ...able.filter((site) => site.region !== secondaryRegion),
  ];
  for (const site of line) {
    if (site.name === self.name) return true;
    const store = app.stores.of(site.name);
    if (store === null) return false;
    const quietMs = await quietForMs(app.stores.own, store, app.ports.clock.now());
    if (quietMs < QUIET_MS) return false;
  }
  return false;
}
