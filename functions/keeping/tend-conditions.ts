import type { Side } from "../../shared/domain/group.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { conditionsIn, writeCondition } from "../../shared/ledger/conditions.ts";
import type { GroupLedger } from "../../shared/ledger/group-ledger.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { GROUP_KINDS, SITE_KINDS } from "../../shared/ledger/live-kinds.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { pausesIn } from "../../shared/ledger/people.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import type { App } from "../app.ts";
import { sendAnyway } from "../telling/send-once.ts";
import { type ConditionLedger, createKeepConditions } from "./keep-conditions.ts";
import { leads } from "./leads.ts";

/** What a tick has read and seen of one group. */
export interface SeenGroup {
  readonly ledger: GroupLedger;
  readonly primary: Side;
  readonly looks: readonly Observation[];
  readonly stores: readonly LiveRows[];
}

/** What a tick has read and seen of everything. */
export interface SeenByTick {
  /** Rows that concern all groups, in our own store. */
  readonly own: LiveRows;
  readonly groups: readonly SeenGroup[];
  readonly presence: Promise<Presence>;
}

/** Keeps the conditions of this site from the rows that each of its ticks has read anyway. */
export function createTendConditions(app: App): (seen: SeenByTick) => Promise<void> {
  const keep = createKeepConditions();
  return async (seen) => {
    const now = app.ports.clock.now();
    await keep(ledgerOver(app, seen), await evidenceIn(app, seen, now), now);
  };
}

function ledgerOver(app: App, { own, groups }: SeenByTick): ConditionLedger {
  const rows = [own, ...groups.flatMap(({ stores }) => stores)];
  // In every store: a site outside the group's regions reads its own alone while nothing is wrong.
  const booksOf = (group: string | null) =>
    groups.find(({ ledger }) => ledger.group.name === group)?.ledger.all ?? app.stores.all;
  return {
    read: async () => (rows.every(({ silent }) => silent) ? null : rows.flatMap(conditionsIn)),
    write: async (changed) => {
      await Promise.all(changed.map((row) => writeCondition(booksOf(row.group), row)));
    },
    send: (event, aboutAt) => {
      const group = groups.find(({ ledger }) => ledger.group.name === event.group);
      return sendAnyway(app, group?.ledger.own ?? app.stores.own, event, aboutAt);
    },
  };
}

async function evidenceIn(app: App, seen: SeenByTick, now: number): Promise<ConditionEvidence> {
  const { config } = app;
  const { own, presence } = seen;
  const { quietMs } = await presence;
  const before = config.sites.slice(
    0,
    config.sites.findIndex((s) => s.name === config.self.name),
  );
  const pauses = pausesIn([own], now);
  return {
    site: config.self.name,
    tickMs: config.tickMs,
    groups: await Promise.all(seen.groups.map((group) => evidenceOf(app, seen, group, now))),
    everyGroup: {
      pauses: pauses.standing,
      pausesReadable: pauses.readable,
      unreadable: own.unreadable(SITE_KINDS),
      silentStores: silentIn([own]),
      leads: before.every(({ name }) => quietMs(name) >= QUIET_MS),
    },
    otherSites: config.sites
      .filter(({ name }) => name !== config.self.name)
      .map(({ name }) => ({ site: name, quietMs: quietMs(name) })),
  };
}

async function evidenceOf(
  app: App,
  { own, presence }: SeenByTick,
  { ledger, primary, looks, stores }: SeenGroup,
  now: number,
): Promise<GroupEvidence> {
  const { group } = ledger;
  const pauses = pausesIn([...stores, own], now);
  const open = stores.map(openIncidentIn).find((incident) => incident !== null) ?? null;
  const onsetAt = open?.outage.onsetAt ?? null;
  return {
    group: group.name,
    looks,
    trouble: open === null || onsetAt === null ? null : { incidentId: open.id, sinceAt: onsetAt },
    pauses: pauses.standing,
    pausesReadable: pauses.readable,
    unreadable: stores.flatMap((rows) => rows.unreadable(GROUP_KINDS)),
    silentStores: silentIn(stores),
    leads: await leads(app, group, primary, presence),
  };
}

function silentIn(rows: readonly LiveRows[]): readonly string[] {
  return rows.filter(({ silent }) => silent).map(({ book }) => book.site);
}
