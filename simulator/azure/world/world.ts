import type { Side, Site } from "../../../shared/domain/group.ts";
import { otherSide } from "../../../shared/domain/group.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Fault, FaultName, FaultOf } from "../../faults.ts";
import type { ActivityRecord, GroupWorld } from "./group-world.ts";
import type { ReadBucket } from "./read-bucket.ts";
import type { WorldRecord } from "./record.ts";
import type { PollTarget } from "./signed-url.ts";
import type { StoredRows } from "./stored-rows.ts";
import type { Tables } from "./tables.ts";
import type { Span, Timeline } from "./timeline.ts";

/** How the world behaves when nothing is wrong. */
export interface WorldSettings {
  /** Rows per second and database, all clients together. */
  readonly commitsPerSecond: number;
  readonly replicationLagSeconds: number;
  readonly keys: "customer" | "service";
  /** Time of healthy work that a failover needs before the roles flip. */
  readonly forcedTakesMs: readonly [low: number, high: number];
  readonly plannedTakesMs: readonly [low: number, high: number];
  readonly plannedTimesOutMs: number;
  readonly keyCheckTakesMs: readonly [low: number, high: number];
  /** From the flip of the roles until the listener's name leads to the new primary. */
  readonly dnsLagMs: number;
  /** From the flip of the roles until the databases take writes. */
  readonly databasesOpenMs: number;
  /** How long a former primary is reseeded after a forced failover. */
  readonly reseedMs: number;
  readonly tokenGoodForMs: number;
  readonly activityDelayMs: number;
  readonly vCores: number;
  readonly tier: string;
  readonly storageGb: number;
}

/** Where a look or a call comes from. */
export type Vantage = Pick<Site, "name" | "region">;

/** One simulated Azure. State follows the clock whenever somebody asks: there are no timers in here. */
export interface World {
  readonly clock: Clock;
  readonly seed: number;
  readonly startAt: number;
  readonly settings: WorldSettings;
  readonly sites: readonly Site[];
  readonly groups: ReadonlyMap<string, GroupWorld>;
  readonly record: WorldRecord;
  readonly activity: ActivityRecord[];
  /** Rows of the sites' stores where they are reached at the port. */
  readonly stores: ReadonlyMap<string, StoredRows>;
  /** The table service of each site's storage account, where they are reached over the wire. */
  readonly tables: ReadonlyMap<string, Tables>;
  readonly timeline: Timeline;
  /** Every signed URL that was handed out, byte for byte. */
  readonly pollUrls: Map<string, PollTarget>;
  /** What each site's identity may still read of Resource Manager, by the name of the site. */
  readonly readBuckets: Map<string, ReadBucket>;
  /** Up to when the state has been worked out. */
  at: number;
  /** Brings the state up to the clock and returns that instant. */
  now(): number;
  /** Faults of one kind that hold at the instant the state has reached. */
  faults<Name extends FaultName>(name: Name): readonly FaultOf<Name>[];
  spans<Name extends FaultName>(name: Name): readonly Span<FaultOf<Name>>[];
  /** Adds a fault; its `at` counts from now. */
  inject(fault: Fault): void;
  /** The next number in [0, 1) under this label. */
  draw(label: string): number;
  guid(label: string): string;
  /** Ends on time or, where nothing answers, when the caller's patience ends. */
  wait(ms: number): Promise<void>;
  /** Does the app of this site run? */
  siteRuns(site: string): boolean;
  /** Truth for judges: acknowledged rows that would be missing if the roles flipped now, by database. */
  rowsAtRisk(group: string, beforeAt?: number): ReadonlyMap<string, number>;
}

/** The group of that name; a name that is not in this world is a mistake of the caller. */
export function groupOf(world: World, name: string): GroupWorld {
  const group = world.groups.get(name);
  if (group === undefined) throw new Error(`Cannot find the group: not in this world: ${name}`);
  return group;
}

/** The side whose instance has this ARM id, or null. */
export function sideOf(group: GroupWorld, instanceId: string): Side | null {
  const wanted = instanceId.toLowerCase();
  if (group.group.home.id.toLowerCase() === wanted) return "home";
  return group.group[otherSide("home")].id.toLowerCase() === wanted ? "partner" : null;
}

/** The group and side of an instance by its ARM id. */
export function whereIs(
  world: World,
  instanceId: string,
): { readonly group: GroupWorld; readonly side: Side } | null {
  for (const group of world.groups.values()) {
    const side = sideOf(group, instanceId);
    if (side !== null) return { group, side };
  }
  return null;
}
