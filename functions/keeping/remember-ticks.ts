import type { LastRoleChange } from "../../shared/domain/facts.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import type { Sight, TickReport } from "../../shared/domain/tick-report.ts";
import type { KeyProof, Watch } from "../../shared/domain/watch.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import { heartbeatIn, type Presence } from "../../shared/ledger/heartbeats.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { FailedBecause } from "../../shared/ledger/rows.ts";
import type { StoreEvidence } from "../../shared/policy/conditions/condition-row.ts";
import { graceFor } from "../../shared/policy/evidence/grace.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import { badSince } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";
import { seemsQuiet, tellsOfStores } from "./leads.ts";

/** What a tick has read and seen of one group. */
export interface SeenGroup {
  readonly ledger: GroupLedger;
  readonly primary: Side;
  readonly looks: readonly Observation[];
  readonly watch: Watch;
  readonly lastRoleChange: LastRoleChange;
  /** What the secondary has answered about its key. */
  readonly keyProof: KeyProof;
  readonly stores: readonly LiveRows[];
  /** Whose store did not take what had to be written of a suspicion, though it may be read. */
  readonly untakenBy: string | null;
}

/** What a tick has read and seen of everything. */
export interface SeenByTick {
  /** Rows that concern all groups, in our own store. */
  readonly own: LiveRows;
  readonly groups: readonly SeenGroup[];
  readonly presence: Promise<Presence>;
  /** Why our own store has not taken this tick's heartbeat; null: it has. */
  readonly untaken: FailedBecause | null;
}

/** What ticks have come to of the stores, and of looks that are not kept any more. */
export interface KnownByTicks {
  /** Whether the store of a site answers, as last found; null while nobody has asked. */
  answers(site: string): boolean | null;
  /** What another site's tick last saw of a group; null where it does not tick, or has not said. */
  sight(site: string, group: string): Sight | null;
  /** The same as evidence, for the sites that may tell of it, in turn. */
  store(site: string, line: readonly string[]): StoreEvidence;
  /** When the grace is over by this site's own looks; null while they find the primary up. */
  wouldActAt(group: Group, looks: readonly Observation[], now: number): number | null;
}

/** Remembers in this process. It needs no store, so that one that is silent can be told. */
export function createRemember({
  config: { self, sites },
  ports: { clock },
}: App): (ticked: SeenByTick, presence: Presence) => KnownByTicks {
  const downSince = new Map<string, number | null>();
  const reports = new Map<string, TickReport>();
  return ({ own, groups, untaken }, presence) => {
    for (const rows of presence.read) {
      const beat = valueOrNull(heartbeatIn(rows));
      // Whose it is its store says, not the row.
      if (beat !== null) reports.set(rows.book.site, beat.report);
    }
    for (const { ledger, looks } of groups) {
      const { name } = ledger.group;
      downSince.set(name, badSince(looks, downSince.get(name) ?? null));
    }
    const isSelf = (site: string): boolean => site === self.name;
    const answers = (site: string): boolean | null => {
      if (isSelf(site)) return !own.silent && untaken === null;
      if (groups.some(({ untakenBy }) => untakenBy === site)) return false;
      const seen = presence.seen[site];
      if (seen === undefined || seen.silent) return seen === undefined ? null : false;
      // A site that does not tick may have a store that takes nothing: who only reads it cannot tell.
      return presence.quietMs(site) >= QUIET_MS ? null : true;
    };
    const keepsStill = own.silent || (untaken !== null && seemsQuiet(own, clock.now()));
    const isSilent = (site: string): boolean =>
      isSelf(site) ? keepsStill : answers(site) === false;
    return {
      answers,
      sight: (site, group) => {
        if (presence.quietMs(site) >= QUIET_MS) return null;
        return reports.get(site)?.groups.find((of) => of.group === group)?.sight ?? null;
      },
      store: (site, line) => ({
        site,
        region: sites.find(({ name }) => name === site)?.region ?? "unknown",
        answers: answers(site),
        untaken: isSelf(site) && !own.silent ? untaken : null,
        leads: tellsOfStores(line, self.name, presence, isSilent),
      }),
      wouldActAt: ({ name, policy }, looks, now) => {
        const since = downSince.get(name) ?? null;
        const served = looks.filter(({ result }) => result === "not-serving");
        const lastNotServingAt = served.at(-1)?.endedAt ?? null;
        return since === null
          ? null
          : since + graceFor({ lastNotServingAt, wasSlow: false }, now, policy);
      },
    };
  };
}
