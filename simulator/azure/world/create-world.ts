import type { Group, Site } from "../../../shared/domain/group.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Fault, FaultName, FaultOf } from "../../faults.ts";
import { flow, nextEventAt, settle } from "./advance.ts";
import { tailRowsBefore } from "./database.ts";
import { draw, drawGuid } from "./draw.ts";
import { type ActivityRecord, type GroupWorld, newGroup } from "./group-world.ts";
import { regionDark } from "./network.ts";
import type { ReadBucket } from "./read-bucket.ts";
import { emptyRecord, type WorldRecord } from "./record.ts";
import type { PollTarget } from "./signed-url.ts";
import { createStoredRows, type StoredRows } from "./stored-rows.ts";
import { createTables, type Tables } from "./tables.ts";
import { type Span, Timeline } from "./timeline.ts";
import { groupOf, type World, type WorldSettings } from "./world.ts";

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
  readonly readBuckets = new Map<string, ReadBucket>();
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
