import { otherSide, type Side } from "../../../shared/domain/group.ts";
import type { Fault } from "../../faults.ts";
import type { GroupWorld } from "./group-world.ts";
import { regionDark } from "./network.ts";
import type { World } from "./world.ts";

/** A planned failover blocks writes for the last stretch of its work. */
export const FINAL_SYNC_MS = 10_000;

/** A denied key is noticed at the next of the instance's own checks. */
export const KEY_DENIAL_NOTICED_MS = 600_000;

type WhyClosed = "key-denied" | "key-unreachable" | "other";

export type Writability =
  | { readonly kind: "writes" }
  | { readonly kind: "read-only" }
  | { readonly kind: "hangs" }
  | { readonly kind: "error"; readonly number: number };

/** Is this fault about that instance? */
export function isOn(fault: { readonly on: string }, group: GroupWorld, side: Side): boolean {
  return fault.on === side || fault.on.toLowerCase() === group.group[side].name.toLowerCase();
}

/** Is this fault about that group? */
export function isOf(fault: { readonly group?: string | undefined }, group: GroupWorld): boolean {
  return fault.group === undefined || fault.group === group.group.name;
}

/** Do the instance's own processes run, in a region that has power? */
export function instanceUp(world: World, group: GroupWorld, side: Side): boolean {
  if (regionDark(world, group.group[side].region)) return false;
  if (world.faults("instance-down").some((fault) => isOn(fault, group, side))) return false;
  return !world
    .faults("instance-state")
    .some((fault) => isOn(fault, group, side) && fault.state === "Stopped");
}

export function keyFault(
  world: World,
  group: GroupWorld,
  side: Side,
): { readonly kind: "key-denied" | "key-unreachable"; readonly code: string } | null {
  if (world.settings.keys === "service") return null;
  const denied = world.faults("key-denied").find((fault) => isOn(fault, group, side));
  if (denied) return { kind: "key-denied", code: denied.code ?? "AkvKeyAccessDenied" };
  const cut = world.faults("key-unreachable").find((fault) => isOn(fault, group, side));
  return cut ? { kind: "key-unreachable", code: cut.code ?? "AkvKeyTimeout" } : null;
}

/** Why a database does not open on this instance, or null when it does. */
export function whyClosed(
  world: World,
  group: GroupWorld,
  side: Side,
  database: string,
): WhyClosed | null {
  const single = world
    .faults("database-inaccessible")
    .find((fault) => isOn(fault, group, side) && fault.database === database);
  if (single) return single.because ?? "other";
  const key = keyFault(world, group, side);
  if (key === null) return null;
  if (group.withoutKeyCache[side]) return key.kind;
  const noticed = world
    .spans("key-denied")
    .some((span) => isOn(span.fault, group, side) && noticedAt(span) <= world.at);
  return noticed ? "key-denied" : null;
}

export function noticedAt(span: { readonly startAt: number }): number {
  return span.startAt + KEY_DENIAL_NOTICED_MS;
}

/** The error that a login gets: to the instance as a whole, or to one database. */
export function loginError(
  world: World,
  group: GroupWorld,
  side: Side,
  database: string,
): number | null {
  const errors = world.faults("sql-error").filter((fault) => isOn(fault, group, side));
  const hit = errors.find((fault) => fault.database === undefined || fault.database === database);
  if (hit) return hit.number;
  return database !== "master" && whyClosed(world, group, side, database) !== null ? 40613 : null;
}

/** What a write to this instance meets once the login is done. */
export function writability(world: World, group: GroupWorld, side: Side): Writability {
  if (group.believes[side] === "secondary") return { kind: "read-only" };
  if (world.faults("writes-hang").some((fault) => isOn(fault, group, side))) {
    return { kind: "hangs" };
  }
  const refused = world.faults("write-error").find((fault) => isOn(fault, group, side));
  if (refused) return { kind: "error", number: refused.number };
  if (group.primary === side && world.at < opensAt(world, group)) return { kind: "read-only" };
  return inFinalSync(world, group) && group.primary === side
    ? { kind: "hangs" }
    : { kind: "writes" };
}

/** When the databases of the newest primary take writes. */
export function opensAt(world: World, group: GroupWorld): number {
  return group.movedAt + world.settings.databasesOpenMs;
}

export function plannedStuck(
  world: World,
  group: GroupWorld,
): Extract<Fault, { fault: "planned-stuck" }> | null {
  return world.faults("planned-stuck").find((fault) => isOf(fault, group)) ?? null;
}

function inFinalSync(world: World, group: GroupWorld): boolean {
  const { operation } = group;
  if (operation?.kind !== "planned") return false;
  return operation.remainingMs <= FINAL_SYNC_MS && plannedStuck(world, group) === null;
}

export function secondarySide(group: GroupWorld): Side {
  return otherSide(group.primary);
}
