import type { Group, Side, Site } from "../../../shared/domain/group.ts";
import { otherSide } from "../../../shared/domain/group.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Fault, FaultName, FaultOf } from "../../faults.ts";
import { flow, nextEventAt, settle } from "./advance.ts";
import { tailRowsBefore } from "./database.ts";
import { draw, drawGuid } from "./draw.ts";
import { type ActivityRecord, type GroupWorld, newGroup } from "./group-world.ts";
import { regionDark } from "./network.ts";
import { emptyRecord, type WorldRecord } from "./record.ts";
import type { PollTarget } from "./signed-url.ts";
import { createStoredRows, type StoredRows } from "./stored-rows.ts";
import { createTables, type Tables } from "./tables.ts";
import { type Span, Timeline } from "./timeline.ts";

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

export const healthyWorld: WorldSettings = {
  commitsPerSecond: 10,
  replicationLagSeconds: 2,
  keys: "customer",
  forcedTakesMs: [21_000, 29_000],
  plannedTakesMs: [25_000, 35_000],
  plannedTimesOutMs: 600_000,
  keyCheckTakesMs: [5_000, 15_000],
  dnsLagMs: 20_000,
  databasesOpenMs: 8_000,
  reseedMs: 120_000,
  tokenGoodForMs: 3_600_000,
  activityDelayMs: 120_000,
  vCores: 8,
  tier: "GeneralPurpose",
  storageGb: 512,
};

export interface WorldOptions extends Partial<WorldSettings> {
  readonly clock: Clock;
  readonly seed: number;
  readonly groups: readonly Group[];
  readonly sites: readonly Site[];
  readonly faults?: readonly Fault[];
  /** Names of every group's databases; the canary's one is always among them. */
  readonly databases?: readonly string[];
  /** Where the clients of every group are; by default half in each of its regions. */
  readonly clients?: readonly { readonly region: string; readonly share: number }[];
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

/** Creates a world whose regions, groups and sites are those of the configuration. */
export function createWorld(options: WorldOptions): World {
  return new SimulatedWorld(options);
}

class SimulatedWorld implements World {
  readonly clock: Clock;
  readonly seed: number;
  readonly startAt: number;
  readonly settings: WorldSettings;
  readonly sites: readonly Site[];
  readonly activity: ActivityRecord[] = [];
  readonly stores: ReadonlyMap<string, StoredRows>;
  readonly tables: ReadonlyMap<string, Tables>;
  readonly timeline = new Timeline();
  readonly pollUrls = new Map<string, PollTarget>();
  at: number;
  private readonly ledger = emptyRecord();
  private readonly named: ReadonlyMap<string, GroupWorld>;
  private readonly counters = new Map<string, number>();
  private advancing = false;

  constructor(options: WorldOptions) {
    const { clock, seed, groups, sites, faults = [], databases, clients, ...changed } = options;
    this.clock = clock;
    this.seed = seed;
    this.sites = sites;
    this.settings = { ...healthyWorld, ...changed };
    this.startAt = clock.now();
    this.at = this.startAt;
    this.stores = new Map(sites.map((site) => [site.name, createStoredRows()]));
    this.tables = new Map(sites.map((site) => [site.name, createTables()]));
    this.named = new Map(
      groups.map((group) => [group.name, newGroup(group, this.at, databases, clients)]),
    );
    const begun = { at: this.at, primary: "home", by: "nobody", kind: "start" } as const;
    for (const group of this.named.keys()) this.ledger.roles.push({ ...begun, group });
    for (const fault of faults) this.timeline.add(fault, this.startAt + fault.at);
    this.advance(this.at);
  }

  get groups(): ReadonlyMap<string, GroupWorld> {
    this.now();
    return this.named;
  }

  get record(): WorldRecord {
    this.now();
    return this.ledger;
  }

  now(): number {
    if (this.clock.now() > this.at) this.advance(this.clock.now());
    return this.at;
  }

  faults<Name extends FaultName>(name: Name): readonly FaultOf<Name>[] {
    return this.timeline.spans(name).map((span) => span.fault);
  }

  spans<Name extends FaultName>(name: Name): readonly Span<FaultOf<Name>>[] {
    return this.timeline.spans(name);
  }

  inject(fault: Fault): void {
    this.timeline.add(fault, this.now() + fault.at);
    this.advance(this.at);
  }

  draw(label: string): number {
    return draw(this.seed, label, this.count(label));
  }

  guid(label: string): string {
    return drawGuid(this.seed, label, this.count(label));
  }

  async wait(ms: number): Promise<void> {
    if (ms > 0) await this.clock.sleep(ms);
    this.now();
  }

  siteRuns(name: string): boolean {
    this.now();
    const site = this.sites.find((candidate) => candidate.name === name);
    if (site === undefined) throw new Error(`Cannot tell whether a site runs: unknown: ${name}`);
    if (regionDark(this, site.region)) return false;
    return !this.faults("site-stopped").some((fault) => fault.site === name);
  }

  rowsAtRisk(group: string, beforeAt = Number.POSITIVE_INFINITY): ReadonlyMap<string, number> {
    const { databases } = groupOf(this, group);
    return new Map(databases.map((each) => [each.name, tailRowsBefore(each, beforeAt)]));
  }

  /** Whoever reads the state while it is being worked out sees it as far as it has got. */
  private advance(toAt: number): void {
    if (this.advancing) return;
    this.advancing = true;
    try {
      settle(this);
      while (this.at < toAt) {
        const nextAt = Math.min(toAt, nextEventAt(this));
        flow(this, this.at, nextAt);
        this.at = nextAt;
        settle(this);
      }
    } finally {
      this.advancing = false;
    }
  }

  private count(label: string): number {
    const next = (this.counters.get(label) ?? 0) + 1;
    this.counters.set(label, next);
    return next;
  }
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
