import { otherSide } from "../../shared/domain/group.ts";
import { applicationRatio, clientsWrite } from "./clients.ts";
import { applyThrough } from "./database.ts";
import {
  operationEventAt,
  progresses,
  settleOperation,
  startFailover,
} from "./failover-operation.ts";
import type { GroupWorld } from "./group-world.ts";
import {
  instanceUp,
  isOf,
  keyFault,
  noticedAt,
  opensAt,
  secondarySide,
} from "./instance-health.ts";
import { reachedFromOutside } from "./network.ts";
import { CATCH_UP_SPEED, lagMs, linkUp, replicates } from "./replication.ts";
import type { Span } from "./timeline.ts";
import type { World } from "./world.ts";

/** How long the telemetry's past is kept. */
const RATIO_KEPT_MS = 600_000;

/** The next instant at which anything in the world changes its course. */
export function nextEventAt(world: World): number {
  let nextAt = world.timeline.nextChangeAt();
  for (const span of world.spans("key-denied")) nextAt = sooner(world, nextAt, noticedAt(span));
  for (const group of world.groups.values()) {
    nextAt = Math.min(nextAt, operationEventAt(world, group));
    nextAt = sooner(world, nextAt, listenerMovesAt(world, group));
    nextAt = sooner(world, nextAt, opensAt(world, group));
    nextAt = sooner(world, nextAt, group.reseedEndsAt ?? Number.POSITIVE_INFINITY);
  }
  return nextAt;
}

/** What happens between two instants when nothing changes its course. */
export function flow(world: World, fromAt: number, untilAt: number): void {
  for (const group of world.groups.values()) {
    clientsWrite(world, group, fromAt, untilAt);
    if (replicates(world, group)) {
      const reachedAt = untilAt - lagMs(world, group);
      for (const database of group.databases) {
        const possibleAt = database.appliedThroughAt + CATCH_UP_SPEED * (untilAt - fromAt);
        applyThrough(database, Math.min(reachedAt, possibleAt));
      }
    }
    const { operation } = group;
    if (operation !== null && progresses(world, group, operation)) {
      operation.remainingMs -= untilAt - fromAt;
    }
  }
}

/** Makes the state of this very instant consistent with its faults and its operations. */
export function settle(world: World): void {
  const started = world.timeline.moveTo(world.at);
  for (const group of world.groups.values()) {
    for (const span of started) begin(world, group, span);
    settleOperation(world, group);
    learnRoles(world, group);
    if (!linkUp(world, group)) group.linkDownSinceAt ??= world.at;
    else group.linkDownSinceAt = null;
    for (const side of ["home", "partner"] as const) {
      if (keyFault(world, group, side) === null) group.withoutKeyCache[side] = false;
    }
    if (world.at >= listenerMovesAt(world, group)) group.listener = group.primary;
    noteRatio(world, group);
  }
}

/** What the log shows of what a fault says was done: of a change its end, as it is logged once it is made. */
const LOGGED = {
  "failover-started": { what: "failover", step: "begun" },
  "failover-succeeded": { what: "failover", step: "ended-well" },
  "failover-failed": { what: "failover", step: "ended-badly" },
  "network-change": { what: "network", step: "ended-well" },
  "key-change": { what: "key", step: "ended-well" },
  scale: { what: "scale", step: "ended-well" },
  other: { what: "other", step: "ended-well" },
} as const;

function begin(world: World, group: GroupWorld, { fault }: Span): void {
  if (fault.fault === "other-failover" && isOf(fault, group)) {
    if (group.operation !== null) return;
    const who = fault.by ?? "someone@example.net";
    const target = secondarySide(group);
    startFailover(world, group, { target, kind: fault.kind, by: "other", who });
  }
  if (fault.fault === "activity" && isOf(fault, group)) {
    world.activity.push({
      group: group.group.name,
      request: world.guid("activity"),
      ...LOGGED[fault.what],
      operation: fault.operation ?? "",
      by: fault.by ?? "someone@example.net",
      ours: false,
      side: group.primary,
      at: world.at,
    });
  }
}

/** A former primary learns of it as soon as the control plane reaches it, and is copied anew. */
function learnRoles(world: World, group: GroupWorld): void {
  const former = otherSide(group.primary);
  const { region } = group.group[former];
  const told = instanceUp(world, group, former) && reachedFromOutside(world, region);
  if (told && group.believes[former] === "primary") {
    group.believes[former] = "secondary";
    for (const database of group.databases) database.strandedLastCommitAt = null;
  }
  if (group.reseedNeeded && linkUp(world, group)) {
    group.reseedNeeded = false;
    group.reseedEndsAt = world.at + world.settings.reseedMs;
  }
  if (group.reseedEndsAt !== null && world.at >= group.reseedEndsAt) {
    group.reseedEndsAt = null;
    for (const database of group.databases) applyThrough(database, world.at);
  }
}

function listenerMovesAt(world: World, group: GroupWorld): number {
  if (group.listener === group.primary) return Number.POSITIVE_INFINITY;
  const lag = world.faults("dns-lag")[0];
  return group.movedAt + world.settings.dnsLagMs + 1_000 * (lag?.seconds ?? 0);
}

function noteRatio(world: World, group: GroupWorld): void {
  const value = applicationRatio(world, group);
  if (group.ratios.at(-1)?.value === value) return;
  const keptFrom = group.ratios.findLastIndex((each) => each.at < world.at - RATIO_KEPT_MS);
  group.ratios = [...group.ratios.slice(Math.max(0, keptFrom)), { at: world.at, value }];
}

function sooner(world: World, nextAt: number, at: number): number {
  return at > world.at ? Math.min(nextAt, at) : nextAt;
}
