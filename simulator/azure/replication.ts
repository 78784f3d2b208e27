import type { Side } from "../../shared/domain/group.ts";
import type { GroupWorld } from "./group-world.ts";
import { instanceUp, isOf, secondarySide } from "./instance-health.ts";
import { reaches } from "./network.ts";
import type { World } from "./world.ts";

/** How much faster than life a secondary catches up. */
export const CATCH_UP_SPEED = 20;

/** How long a silent link is still shown as healthy. */
const LINK_NOTICED_MS = 30_000;

/** Both instances run, know their roles and reach each other. */
export function linkUp(world: World, group: GroupWorld): boolean {
  const secondary = secondarySide(group);
  const [here, there] = [group.group[group.primary].region, group.group[secondary].region];
  return (
    group.believes[secondary] === "secondary" &&
    instanceUp(world, group, group.primary) &&
    instanceUp(world, group, secondary) &&
    reaches(world, here, there) &&
    reaches(world, there, here)
  );
}

export function replicates(world: World, group: GroupWorld): boolean {
  return linkUp(world, group) && !suspended(world, group) && !seeding(world, group);
}

export function seeding(world: World, group: GroupWorld): boolean {
  if (group.reseedEndsAt !== null && world.at < group.reseedEndsAt) return true;
  return world.faults("seeding").some((fault) => isOf(fault, group));
}

export function lagMs(world: World, group: GroupWorld): number {
  const fault = world.faults("replication-lag").find((each) => isOf(each, group));
  return 1_000 * (fault?.seconds ?? world.settings.replicationLagSeconds);
}

export type ReplicationWord = "CATCH_UP" | "SEEDING" | "SUSPENDED";

/**
 * The word that Resource Manager uses for the state of the link, in the region of one side. While a former
 * primary is copied anew the new one says SUSPENDED; the former calls itself caught up all the while.
 */
export function replicationState(world: World, group: GroupWorld, side: Side): ReplicationWord {
  if (group.reseedNeeded || group.reseedEndsAt !== null) {
    return side === group.primary ? "SUSPENDED" : "CATCH_UP";
  }
  if (seeding(world, group)) return "SEEDING";
  if (suspended(world, group)) return "SUSPENDED";
  const { linkDownSinceAt } = group;
  if (linkDownSinceAt === null) return "CATCH_UP";
  return world.at - linkDownSinceAt >= LINK_NOTICED_MS ? "SUSPENDED" : "CATCH_UP";
}

function suspended(world: World, group: GroupWorld): boolean {
  return world.faults("replication-suspended").some((fault) => isOf(fault, group));
}
