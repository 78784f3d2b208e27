import { otherSide, type Side } from "../../../shared/domain/group.ts";
import type { FailoverKind } from "../../../shared/domain/purpose.ts";
import { applyThrough, cutTail } from "./database.ts";
import type { ActivityRecord, GroupWorld, Operation } from "./group-world.ts";
import { FINAL_SYNC_MS, instanceUp, isOf, keyFault, plannedStuck } from "./instance-health.ts";
import { reachedFromOutside } from "./network.ts";
import { linkUp } from "./replication.ts";
import type { World } from "./world.ts";

/** A backup of the new primary makes a failover soon after another one slow. */
const SOON_AFTER_MS = 600_000;
const SOON_AFTER_FACTOR = 3;
const FORCED_TIMES_OUT_MS = 3_600_000;

/** Accepts a failover. Who may start one is decided before. */
export function startFailover(
  world: World,
  group: GroupWorld,
  request: { target: Side; kind: FailoverKind; by: "us" | "other"; who: string },
): Operation {
  const { settings } = world;
  const [low, high] = request.kind === "forced" ? settings.forcedTakesMs : settings.plannedTakesMs;
  const factor = world.at - group.movedAt < SOON_AFTER_MS ? SOON_AFTER_FACTOR : 1;
  const limitMs = request.kind === "planned" ? settings.plannedTimesOutMs : FORCED_TIMES_OUT_MS;
  const operation: Operation = {
    ...request,
    id: world.guid("operation"),
    group: group.group.name,
    startedAt: world.at,
    timesOutAt: world.at + limitMs + slowMs(world, group),
    remainingMs:
      Math.round((low + world.draw("failover-takes") * (high - low)) * factor) +
      slowMs(world, group),
    state: "running",
    endedAt: null,
    code: null,
    message: null,
  };
  group.operation = operation;
  group.operations.set(operation.id, operation);
  noteActivity(world, operation, "begun");
  return operation;
}

function slowMs(world: World, group: GroupWorld): number {
  const slow = world.faults("failover-slow").filter((fault) => isOf(fault, group));
  return slow.reduce((sum, fault) => sum + 1_000 * fault.seconds, 0);
}

/** Is everything there that the running failover needs to get on? */
export function progresses(world: World, group: GroupWorld, operation: Operation): boolean {
  if (operation.kind === "planned") {
    const stuck = plannedStuck(world, group) !== null && operation.remainingMs <= FINAL_SYNC_MS;
    return linkUp(world, group) && !stuck;
  }
  const { region } = group.group[operation.target];
  return instanceUp(world, group, operation.target) && reachedFromOutside(world, region);
}

/** The next instant at which the running failover changes anything by itself. */
export function operationEventAt(world: World, group: GroupWorld): number {
  const { operation } = group;
  if (operation === null) return Number.POSITIVE_INFINITY;
  if (!progresses(world, group, operation)) return operation.timesOutAt;
  const { remainingMs } = operation;
  const leftMs = remainingMs > FINAL_SYNC_MS ? remainingMs - FINAL_SYNC_MS : remainingMs;
  return Math.min(operation.timesOutAt, world.at + leftMs);
}

/** Ends the running failover if its time has come. */
export function settleOperation(world: World, group: GroupWorld): void {
  const { operation } = group;
  if (operation === null) return;
  if (operation.remainingMs <= 0) flip(world, group, operation);
  else if (world.at >= operation.timesOutAt) timeOut(world, group, operation);
}

function flip(world: World, group: GroupWorld, operation: Operation): void {
  const { target, kind } = operation;
  const former = otherSide(target);
  for (const database of group.databases) {
    if (kind === "planned") applyThrough(database, world.at);
    const survivedAt = database.appliedThroughAt;
    const lost = cutTail(database, world.at);
    if (lost === null) continue;
    world.record.losses.push({
      ...lost,
      at: world.at,
      group: group.group.name,
      database: database.name,
      because: "not-replicated",
      lossMs: lost.lastAt - survivedAt,
    });
  }
  group.primary = target;
  group.movedAt = world.at;
  group.believes[target] = "primary";
  group.withoutKeyCache[target] = keyFault(world, group, target) !== null;
  group.reseedNeeded = kind === "forced";
  if (kind === "planned") group.believes[former] = "secondary";
  const { by } = operation;
  world.record.roles.push({ at: world.at, group: operation.group, primary: target, by, kind });
  end(world, group, operation, null);
}

function timeOut(world: World, group: GroupWorld, operation: Operation): void {
  const stuck = plannedStuck(world, group);
  if (operation.kind === "forced") {
    operation.message = "The operation timed out and was rolled back.";
    end(world, group, operation, "OperationTimedOut");
  } else if (stuck?.database) {
    operation.message = `The planned failover timed out waiting for database '${stuck.database}'.`;
    end(world, group, operation, "PlannedFailoverTimedOutForDatabase");
  } else {
    operation.message = "The planned failover timed out.";
    end(world, group, operation, "PlannedFailoverTimedOut");
  }
}

function end(world: World, group: GroupWorld, operation: Operation, code: string | null): void {
  operation.state = code === null ? "succeeded" : "failed";
  operation.endedAt = world.at;
  operation.code = code;
  group.operation = null;
  noteActivity(world, operation, code === null ? "ended-well" : "ended-badly");
  world.record.failoversEnded.push({
    at: world.at,
    group: operation.group,
    operationId: operation.id,
    code,
  });
}

function noteActivity(world: World, operation: Operation, step: ActivityRecord["step"]): void {
  const verb = operation.kind === "forced" ? "forceFailoverAllowDataLoss" : "failover";
  world.activity.push({
    group: operation.group,
    request: operation.id,
    what: "failover",
    step,
    operation: `Microsoft.Sql/locations/instanceFailoverGroups/${verb}/action`,
    by: operation.who,
    ours: operation.by === "us",
    side: operation.target,
    at: world.at,
  });
}
