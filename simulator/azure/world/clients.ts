import { otherSide, type Side } from "../../../shared/domain/group.ts";
import { clientRows, commit, type LostRows, oneRow, strand } from "./database.ts";
import type { GroupWorld } from "./group-world.ts";
import { instanceUp, isOf, loginError, writability } from "./instance-health.ts";
import { reachedFromOutside, reaches } from "./network.ts";
import type { World } from "./world.ts";

/** Lets every group's clients write what they can between two instants. */
export function clientsWrite(
  world: World,
  group: GroupWorld,
  fromAt: number,
  untilAt: number,
): void {
  const perSecond = loadOf(world, group);
  for (const { region, share } of group.clients) {
    for (const side of sidesWrittenFrom(world, group, region)) {
      const run = clientRows(fromAt, untilAt, perSecond * share);
      if (run !== null) commitAll(world, group, side, run);
    }
  }
}

/** The share of users' work that succeeds, as seen from outside; every database counts the same. */
export function applicationRatio(world: World, group: GroupWorld): number {
  const { listener, databases } = group;
  const served = group.clients.filter(
    ({ region }) => reachedFromOutside(world, region) && serves(world, group, region, listener),
  );
  const total = sumOf(group.clients);
  const open = databases.filter(({ name }) => opens(world, group, listener, name)).length;
  return total === 0 ? 0 : (sumOf(served) / total) * (open / databases.length);
}

function sumOf(clients: GroupWorld["clients"]): number {
  return clients.reduce((sum, each) => sum + each.share, 0);
}

/** Commits one row for a canary, and remembers it as every client's. */
export function commitCanaryRow(world: World, group: GroupWorld, side: Side, name: string): void {
  const database = group.databases.find((each) => each.name === name);
  if (database === undefined) return;
  if (group.primary === side) commit(database, oneRow(world.at));
  else noteStranded(world, group, name, strand(database, oneRow(world.at)));
}

/** Follows the listener; work inside a cut-off region stays with the instance in it. */
function sidesWrittenFrom(world: World, group: GroupWorld, region: string): readonly Side[] {
  const { listener } = group;
  if (serves(world, group, region, listener)) return [listener];
  const local = otherSide(listener);
  const cutOff = group.group[local].region === region && !reachedFromOutside(world, region);
  return cutOff && serves(world, group, region, local) ? [local] : [];
}

function serves(world: World, group: GroupWorld, from: string, side: Side): boolean {
  return (
    reaches(world, from, group.group[side].region) &&
    instanceUp(world, group, side) &&
    loginError(world, group, side, "master") === null &&
    writability(world, group, side).kind === "writes"
  );
}

function opens(world: World, group: GroupWorld, side: Side, database: string): boolean {
  return loginError(world, group, side, database) === null;
}

function commitAll(
  world: World,
  group: GroupWorld,
  side: Side,
  run: NonNullable<ReturnType<typeof clientRows>>,
): void {
  for (const database of group.databases) {
    if (!opens(world, group, side, database.name)) continue;
    if (group.primary === side) commit(database, { ...run });
    else noteStranded(world, group, database.name, strand(database, run));
  }
}

function noteStranded(world: World, group: GroupWorld, database: string, lost: LostRows): void {
  const because = "written-to-former-primary";
  const { losses } = world.record;
  const known = losses.findIndex(
    (each) =>
      each.because === because &&
      each.group === group.group.name &&
      each.database === database &&
      each.firstAt >= group.movedAt,
  );
  const before = losses[known];
  const entry = {
    at: group.movedAt,
    group: group.group.name,
    database,
    because,
    rows: lost.rows + (before?.rows ?? 0),
    firstAt: before?.firstAt ?? lost.firstAt,
    lastAt: lost.lastAt,
    lossMs: lost.lastAt - group.movedAt,
  } as const;
  losses.splice(before === undefined ? losses.length : known, 1, entry);
}

function loadOf(world: World, group: GroupWorld): number {
  const fault = world.faults("client-load").findLast((each) => isOf(each, group));
  return fault?.commitsPerSecond ?? world.settings.commitsPerSecond;
}
