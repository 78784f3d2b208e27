import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import { heartbeatIn, type Presence, seeOthers } from "../../shared/ledger/heartbeats.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import type { App } from "../app.ts";

/**
 * The sites that may act for the group while `primary` is primary, in turn: the one in the secondary's
 * region leads, another acts only when all before it are quiet; one in the primary's region never does.
 */
export function lineOf({ config }: App, group: Group, primary: Side): readonly string[] {
  const able = config.sites.filter((site) => site.region !== group[primary].region);
  const secondaryRegion = group[otherSide(primary)].region;
  return [
    ...able.filter((site) => site.region === secondaryRegion),
    ...able.filter((site) => site.region !== secondaryRegion),
  ].map(({ name }) => name);
}

/** May this site act for the group while `primary` is primary? */
export async function leads(
  app: App,
  group: Group,
  primary: Side,
  presence: Promise<Presence>,
): Promise<boolean> {
  const line = lineOf(app, group, primary);
  const turn = line.indexOf(app.config.self.name);
  // Who is first in line need not wait for what a lost store does not say.
  if (turn <= 0) return turn === 0;
  const { quietMs } = await presence;
  return line.slice(0, turn).every((site) => quietMs(site) >= QUIET_MS);
}

/** May this site come to act for the group at all while `primary` is primary? */
export function isInLine(app: App, group: Group, primary: Side): boolean {
  return lineOf(app, group, primary).includes(app.config.self.name);
}

/** Do the others take this site for quiet? By what its own store shows of it, however well it ticks. */
export function seemsQuiet(own: LiveRows, now: number): boolean {
  const last = valueOrNull(heartbeatIn(own));
  return last !== null && now - last.at >= QUIET_MS;
}

/**
 * Is this site the one to tell that a store is silent? The first in line whose own store answers: what it has
 * told the others can read. Where none has such a store it is the first in line.
 */
export function tellsOfStores(
  line: readonly string[],
  self: string,
  { quietMs }: Presence,
  isSilent: (site: string) => boolean,
): boolean {
  const able = line.filter(
    (site) => site === self || (!isSilent(site) && quietMs(site) < QUIET_MS),
  );
  return able[0] === self && (!isSilent(self) || (line[0] === self && able.length === 1));
}

/** Has this site to know at every tick of trouble whether others are quiet? The first in line acts anyway, one that never acts waits for nobody. */
export function waitsForOthers(app: App, group: Group, primary: Side): boolean {
  return lineOf(app, group, primary).indexOf(app.config.self.name) > 0;
}

/** What we can see of the other sites this instant. */
export function lookAround({ stores, ports }: App, own: LiveRows): Promise<Presence> {
  const others = stores.all.filter(({ site }) => site !== stores.own.site);
  return seeOthers(own, others, () => ports.clock.now());
}
