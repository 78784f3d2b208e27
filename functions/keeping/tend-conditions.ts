import type { Config } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { conditionsIn, writeCondition } from "../../shared/ledger/conditions.ts";
import { newestFailback } from "../../shared/ledger/failbacks.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import { incidentIn, openIncidentIn } from "../../shared/ledger/incidents.ts";
import { GROUP_KINDS, SITE_KINDS } from "../../shared/ledger/live-kinds.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import { pausesIn } from "../../shared/ledger/pauses.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type {
  ConditionEvidence,
  GroupEvidence,
} from "../../shared/policy/conditions/condition-row.ts";
import { keyPathNow } from "../../shared/policy/evidence/key-proof.ts";
import { judgeProtection } from "../../shared/policy/evidence/protection.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import { secondaryIn, sightOf } from "../../shared/policy/evidence/sights.ts";
import type { App } from "../app.ts";
import { sendOnce } from "../telling/send-once.ts";
import { type ConditionLedger, createKeepConditions } from "./keep-conditions.ts";
import { leads, lineOf } from "./leads.ts";
import {
  createRemember,
  type KnownByTicks,
  type SeenByTick,
  type SeenGroup,
} from "./remember-ticks.ts";

/** The first that may stand in for the site that leads waits so long for it, the next one twice that. */
const STAND_IN_MS = 60_000;

/** Keeps the conditions of this site from the rows that each of its ticks has read anyway. */
export function createTendConditions(app: App): (ticked: SeenByTick) => Promise<void> {
  const keep = createKeepConditions();
  const remember = createRemember(app);
  return async (ticked) => {
    const known = remember(ticked, await ticked.presence);
    const seen = { ...(await readWhatWasTold(app, ticked)), known };
    const now = app.ports.clock.now();
    await keep(await ledgerOver(app, seen), await evidenceIn(app, seen, now), now);
  };
}

interface SeenForConditions extends SeenByTick {
  readonly known: KnownByTicks;
  /** Rows that concern all groups, in every store that was read. */
  readonly everyGroup: readonly LiveRows[];
}

/**
 * In peace a tick reads its own store alone. What somebody has told may lie in another one: before the
 * site that leads says that it is over, it reads them all; so does one whose own store takes nothing.
 */
async function readWhatWasTold(
  app: App,
  ticked: SeenByTick,
): Promise<Omit<SeenForConditions, "known">> {
  const { own, presence, untaken } = ticked;
  const elsewhere = own.silent || untaken !== null;
  const everyGroupLed = leadsAmong(app.config, await presence);
  const [everyGroup, ...groups] = await Promise.all([
    everyGroupLed ? withOthers([own], app.stores.all, false) : [own],
    ...ticked.groups.map(async (seen) => {
      const { group, all } = seen.ledger;
      const led = await leads(app, group, seen.primary, presence);
      if (!led && !elsewhere) return seen;
      return { ...seen, stores: await withOthers(seen.stores, all, elsewhere) };
    }),
  ]);
  return { ...ticked, everyGroup, groups };
}

async function withOthers(
  known: readonly LiveRows[],
  all: readonly Book[],
  elsewhere: boolean,
): Promise<readonly LiveRows[]> {
  // What is told of one site is judged by that site, or by looking at it.
  const told =
    elsewhere ||
    known.flatMap(conditionsIn).some((row) => row.subject === null && row.timesTold > 0);
  const others = all.filter(({ site }) => !known.some(({ book }) => book.site === site));
  return told ? [...known, ...(await Promise.all(others.map((book) => readLive(book))))] : known;
}

async function ledgerOver(
  app: App,
  { everyGroup, groups, known, presence }: SeenForConditions,
): Promise<ConditionLedger> {
  const { read } = await presence;
  const rows = [...everyGroup, ...read, ...groups.flatMap(({ stores }) => stores)];
  // Nobody waits for a store that is known to be silent before people are told.
  const answering = (books: readonly Book[], own: Book): Book =>
    [own, ...books].find(({ site }) => known.answers(site) !== false) ?? own;
  // In every store: a site outside the group's regions reads its own alone while nothing is wrong.
  const booksOf = (group: string | null) =>
    groups.find(({ ledger }) => ledger.group.name === group)?.ledger.all ?? app.stores.all;
  const answeringOf = (group: string | null) =>
    booksOf(group).filter(({ site }) => known.answers(site) !== false);
  return {
    read: async () => (rows.every(({ silent }) => silent) ? null : rows.flatMap(conditionsIn)),
    readAgain: async (group) => {
      const again = await Promise.all(answeringOf(group).map((book) => readLive(book)));
      return again.flatMap(conditionsIn);
    },
    write: async (changed) => {
      await Promise.all(changed.map((row) => writeCondition(answeringOf(row.group), rows, row)));
    },
    send: (event, aboutAt) => {
      const ledger = groups.find((seen) => seen.ledger.group.name === event.group)?.ledger;
      const { all, own } = ledger ?? app.stores;
      return sendOnce(app, answering(all, own), event, aboutAt);
    },
  };
}

async function evidenceIn(
  app: App,
  seen: SeenForConditions,
  now: number,
): Promise<ConditionEvidence> {
  const { config } = app;
  const { own, everyGroup, known } = seen;
  const presence = await seen.presence;
  const names = config.sites.map(({ name }) => name);
  const pauses = pausesIn(everyGroup, now);
  return {
    site: config.self.name,
    tickMs: config.tickMs,
    standInMs: STAND_IN_MS * Math.max(1, placeOf(config)),
    groups: await Promise.all(seen.groups.map((group) => evidenceOf(app, seen, group, now))),
    everyGroup: {
      pauses: pauses.standing,
      pausesReadable: pauses.readable,
      unreadable: everyGroup.flatMap((rows) => rows.unreadable(SITE_KINDS)),
      silentStores: silentIn(everyGroup),
      leads: leadsAmong(config, presence),
    },
    otherSites: config.sites
      .filter(({ name }) => name !== config.self.name)
      .map(({ name }) => ({
        site: name,
        // Without its own store a site does not know what it has seen of the others.
        // Nor can a store that is silent tell of its site's ticks.
        quietMs: own.silent || known.answers(name) === false ? null : presence.quietMs(name),
        leads: leadsAmong(config, presence, name),
      })),
    stores: names.map((name) => known.store(name, names)),
  };
}

function placeOf({ sites, self }: Pick<Config, "sites" | "self">): number {
  return sites.findIndex(({ name }) => name === self.name);
}

/** Is every site before this one quiet? One that is told of does not count. */
function leadsAmong({ sites, self }: Config, { quietMs }: Presence, without?: string): boolean {
  const before = sites.slice(0, placeOf({ sites, self }));
  return before.every(({ name }) => name === without || quietMs(name) >= QUIET_MS);
}

async function evidenceOf(
  app: App,
  { own, presence, known }: SeenForConditions,
  seen: SeenGroup,
  now: number,
): Promise<GroupEvidence> {
  const { ledger, primary, looks, stores, watch } = seen;
  const { group } = ledger;
  const pauses = pausesIn([...stores, own], now);
  const open = stores.map(openIncidentIn).find((incident) => incident !== null) ?? null;
  const incidents = stores.map((rows) => incidentIn(rows).kind);
  const isKnown = incidents.includes("read") || incidents.every((kind) => kind === "none");
  return {
    group: group.name,
    target: known.store(ledger.target(primary).site, lineOf(app, group, primary)),
    wouldActAt: known.wouldActAt(group, looks, now),
    looks,
    policy: group.policy,
    trouble: open === null ? null : troubleOf(open),
    sights: group.policy.vantages.map(({ name }) =>
      name === app.config.self.name ? sightOf(seen) : known.sight(name, group.name),
    ),
    secondaryState: secondaryIn(seen).state,
    replication: watch.replication,
    application: watch.application,
    outages: stores.flatMap((rows) => outagesOf(valueOrNull(incidentIn(rows)))),
    keyPath: keyPathNow(seen.keyProof, group.policy, now),
    protection: judgeProtection({ ...seen, now, followedAt: watch.followedAt, activity: [] }),
    primaryWork: watch.primaryWork,
    isRecovering: newestFailback(stores, primary)?.protectedAt === null,
    decision: open?.decision ?? (isKnown ? null : "unknown"),
    pauses: pauses.standing,
    pausesReadable: pauses.readable,
    unreadable: stores.flatMap((rows) => rows.unreadable(GROUP_KINDS)),
    silentStores: silentIn(stores),
    leads: await leads(app, group, primary, presence),
  };
}

function troubleOf({ id, openedAt, outage }: Incident): GroupEvidence["trouble"] {
  const { onsetAt, trouble } = outage;
  const sinceAt = Math.min(onsetAt ?? Infinity, trouble?.sinceAt ?? Infinity);
  if (sinceAt === Infinity) return null;
  const knownAt = onsetAt === null ? null : Math.max(onsetAt, openedAt);
  return { incidentId: id, sinceAt, outageKnownAt: knownAt };
}

/** Those of the open incident, or of the last one: what is late tells of them still. */
function outagesOf(incident: Incident | null): GroupEvidence["outages"] {
  if (incident === null) return [];
  const { onsetAt, partialSinceAt, ended } = incident.outage;
  const endedAt = incident.closedAt ?? Infinity;
  const running = [onsetAt, partialSinceAt].filter((at) => at !== null);
  return [...ended, ...running.map((at) => ({ onsetAt: at, endedAt }))];
}

function silentIn(rows: readonly LiveRows[]): readonly string[] {
  return rows.filter(({ silent }) => silent).map(({ book }) => book.site);
}
