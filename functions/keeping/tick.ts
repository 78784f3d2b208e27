import type { DurableClient } from "durable-functions";
import { otherSide } from "../../shared/domain/group.ts";
import type { TickReport, UnreadableRow } from "../../shared/domain/tick-report.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { type GroupLedger, readOwn } from "../../shared/ledger/group-ledger.ts";
import { beat, nextBeat, type Presence, seeOthers } from "../../shared/ledger/heartbeats.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { GROUP_KINDS, SITE_KINDS } from "../../shared/ledger/live-kinds.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import {
  keyProofIn,
  lastRoleChangeIn,
  looksIn,
  type OwnView,
} from "../../shared/ledger/own-view.ts";
import { forgetOldAsks } from "../../shared/ledger/people.ts";
import { NotWritten } from "../../shared/ledger/rows.ts";
import { QUIET_MS } from "../../shared/policy/evidence/quiet-site.ts";
import { sightOf } from "../../shared/policy/evidence/sights.ts";
import { isSuspicious } from "../../shared/policy/evidence/suspicion.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { advanceKeyCheck } from "../seeing/advance-key-check.ts";
import { noteBlips } from "../seeing/note-blips.ts";
import { primaryBy, readGroup } from "../seeing/read-roles.ts";
import { type Watched, watchGroup } from "../seeing/watch-group.ts";
import { keepFailback } from "./keep-failback.ts";
import { keepMotors, watchMotor } from "./keep-motors.ts";
import { leads, lookAround, seemsQuiet, waitsForOthers } from "./leads.ts";
import { isTroubled, readForTick } from "./read-for-tick.ts";
import type { SeenByTick, SeenGroup } from "./remember-ticks.ts";
import { suspect } from "./suspect.ts";
import { sweepOldRows } from "./sweep-old-rows.ts";
import { createTendConditions } from "./tend-conditions.ts";

/** A tick is short: whatever has not ended by then goes on in the next one. */
const TICK_MS = 45_000;
const PEER_TICK_MS = 5_000;
/** Under trouble a site that has missed so many ticks is called at once. */
const TICKS_MISSED = 2;
/** A beat comes this long after its tick began at the latest. */
const BEAT_MS = 20_000;
/** In peace the other sites are looked at every so many ticks. */
const LOOK_AROUND_EVERY = 2;
/** In peace a quiet site is called every so many ticks. */
const CALL_PEERS_EVERY = 4;
/** Tidying is not waited for longer, and where it fails the tick goes on. */
const SWEEP_MS = 5_000;
/** Old asks that a tick takes away at most. */
const ASKS_FORGOTTEN = 5;

export interface TickSummary {
  readonly site: string;
  readonly groups: readonly { readonly group: string; readonly outcome: string }[];
  /** Rows that nobody can make anything of, in the stores that this tick has read. */
  readonly unreadable: readonly UnreadableRow[];
  /** What came to nothing, a few words each: the tick goes on all the same. */
  readonly failed: readonly string[];
}

/** Makes the tick of one site. */
export function createTick(app: App): (client: DurableClient) => Promise<TickSummary> {
  const tendConditions = createTendConditions(app);
  return async (client) => {
    const { seen, summary } = await tickOnce(app, client);
    await tendConditions(seen);
    return summary;
  };
}

interface Ticked {
  readonly seen: SeenByTick;
  readonly summary: TickSummary;
}

/** Looks at every group, keeps motors running, and finds what is due. Idempotent; ticks may overlap. */
async function tickOnce(app: App, client: DurableClient): Promise<Ticked> {
  const { config, ports, stores } = app;
  const { clock } = ports;
  const reading = config.groups.map(async (group) => {
    const ledger = stores.of(group);
    return { ledger, view: await readOwn(ledger) };
  });
  const [own, ...subjects] = await Promise.all([readLive(stores.own), ...reading]);
  const troubled = subjects.filter(({ view }) => isTroubled(app, view));
  const waits = troubled.some(({ ledger, view }) =>
    waitsForOthers(app, ledger.group, view.expectedPrimary),
  );
  const next = nextBeat(own);
  const everySecond = next === null || next % LOOK_AROUND_EVERY === 0;
  // A store that takes no beat does not count its ticks.
  const looksAround = waits || everySecond || seemsQuiet(own, clock.now());
  const presence = looksAround ? lookAround(app, own) : seeOthers(own, [], () => clock.now());
  const calling =
    troubled.length > 0 ? callPeers(app, presence, TICKS_MISSED * config.tickMs) : null;
  const ticking = subjects.map(({ ledger, view }) => ({
    view,
    done: within<TickedGroup>(
      clock,
      TICK_MS,
      tickGroup(app, { client, ledger, view, presence }),
      (because) => ({ kind: "failed", view, because }),
    ),
  }));
  // Others take a site for quiet whose beat stands still: it does not wait for the last group.
  const reporting = ticking.map(({ view, done }) =>
    within<TickedGroup>(clock, BEAT_MS, done, () => ({ kind: "running", view })),
  );
  const beating = Promise.all([presence, ...reporting]).then(([{ seen }, ...known]) =>
    beat(own, { seen, report: reportOf(own, known, clock.now()) }, clock.now()),
  );
  const ticks = Promise.all(ticking.map(({ done }) => done));
  const [ticked, beaten] = await Promise.all([ticks, beating, calling]);
  if (beaten.kind === "kept") {
    if (calling === null && beaten.beat % CALL_PEERS_EVERY === 0)
      await callPeers(app, presence, QUIET_MS);
    const kept = [own, ...subjects.map(({ view }) => view.rows)];
    const sweeping = sweepOldRows(app, beaten.beat, kept);
    await within(clock, SWEEP_MS, sweeping, () => undefined);
  }
  return {
    seen: {
      own,
      groups: ticked.flatMap((one) => (one.kind === "seen" ? [one.seen] : [])),
      presence,
      untaken: beaten.kind === "lost" ? beaten.because : null,
    },
    summary: {
      site: config.self.name,
      groups: ticked.map((one) => ({ group: nameOf(one), outcome: outcomeOf(one) })),
      unreadable: reportOf(own, ticked, clock.now()).unreadable,
      failed: [
        ...(beaten.kind === "lost" ? [`own store: ${beaten.because}`] : []),
        ...ticked.filter((one) => !isWhole(one)).map((one) => `${nameOf(one)}: ${outcomeOf(one)}`),
      ],
    },
  };
}

/** What has become of a group in this tick. */
type TickedGroup =
  | {
      readonly kind: "seen";
      readonly seen: SeenGroup;
      readonly outcome: string;
      /** Nothing of it failed. */
      readonly whole: boolean;
    }
  | { readonly kind: "failed"; readonly view: OwnView; readonly because: string }
  | { readonly kind: "running"; readonly view: OwnView };

function nameOf(ticked: TickedGroup): string {
  return ticked.kind === "seen" ? ticked.seen.ledger.group.name : ticked.view.rows.book.group;
}

function isWhole(ticked: TickedGroup): boolean {
  return ticked.kind === "seen" && ticked.whole;
}

function outcomeOf(ticked: TickedGroup): string {
  switch (ticked.kind) {
    case "seen":
      return ticked.outcome;
    case "failed":
      return ticked.because;
    case "running":
      return "running";
    default:
      return ticked satisfies never;
  }
}

/** What is written down of a tick for who runs in another process. */
function reportOf(own: LiveRows, ticked: readonly TickedGroup[], now: number): TickReport {
  const rows = ticked.flatMap((one) => (one.kind === "seen" ? one.seen.stores : [one.view.rows]));
  return {
    groups: ticked.map((one) => {
      const looks = one.kind === "seen" ? one.seen.looks : looksIn(one.view, now);
      return {
        group: nameOf(one),
        lookedAt: looks.at(-1)?.endedAt ?? null,
        failedBecause: one.kind === "failed" ? one.because : null,
        sight: one.kind === "seen" ? sightOf(one.seen) : null,
      };
    }),
    unreadable: [
      ...own.unreadable(SITE_KINDS),
      ...rows.flatMap((each) => each.unreadable(GROUP_KINDS)),
    ],
  };
}

interface Subject {
  readonly client: DurableClient;
  readonly ledger: GroupLedger;
  readonly view: OwnView;
  readonly presence: Promise<Presence>;
}

async function tickGroup(app: App, subject: Subject): Promise<TickedGroup> {
  const { ledger, view, presence } = subject;
  const { group } = ledger;
  const reading = readForTick(app, ledger, view, presence);
  // Side by side: a look at a dead primary takes its whole timeout, a lost store its own.
  const [watching, ...chores] = await Promise.allSettled([
    watchGroup(
      app,
      ledger,
      view,
      reading.then((stores) => toNote(app, view, stores)),
    ),
    reading.then((stores) => keepMotors(app, { ...subject, motor: view.watch.motor }, stores)),
    reading.then((stores) => keepFailback(app, { ...subject, stores })),
    forgetOldAsks(view.rows, ASKS_FORGOTTEN),
  ]);
  if (watching.status === "rejected") throw watching.reason;
  const stores = await reading;
  const watched = watching.value;
  const reacting = react(app, subject, watched, stores);
  const { outcome, kept = true, untakenBy = null } = await reacting;
  // Last, since nobody waits for it.
  const counted = await noteBlips(group, view.rows, watched.looks);
  const failed = chores.filter((chore) => chore.status === "rejected").length + (counted ? 0 : 1);
  const { primary, looks } = watched;
  return {
    kind: "seen",
    seen: {
      ...{ ledger, primary, looks, stores, untakenBy },
      watch: watched.watch,
      lastRoleChange: lastRoleChangeIn(view),
      keyProof: keyProofIn(view, otherSide(primary)),
    },
    whole: failed === 0 && kept,
    outcome: failed === 0 ? outcome : `${outcome}, ${failed} of ${chores.length + 1} chores failed`,
  };
}

/** What the watch keeps besides what was seen: another site's motor. */
function toNote(
  app: App,
  { watch }: OwnView,
  stores: readonly LiveRows[],
): Pick<OwnView["watch"], "motor"> {
  const incident = stores.map(openIncidentIn).find((open) => open !== null) ?? null;
  return { motor: watchMotor(app, incident, watch.motor, app.ports.clock.now()) };
}

interface Reacted {
  readonly outcome: string;
  readonly kept?: boolean;
  readonly untakenBy?: SeenGroup["untakenBy"];
}

/** What this look asks for beyond being remembered. */
async function react(
  app: App,
  { client, ledger, view: before, presence }: Subject,
  { watch, primary, looks }: Watched,
  stores: readonly LiveRows[],
): Promise<Reacted> {
  const { group } = ledger;
  const view = { ...before, watch, primary: watch.primary, expectedPrimary: primary };
  if (isSuspicious(looks)) {
    // A look at a dead primary takes its whole timeout: meanwhile the roles may have moved. Whoever joins an incident
    // opens none, and its motor reads them.
    const isOpen = stores.some((rows) => openIncidentIn(rows)?.expectedPrimary === primary);
    if (
      !isOpen &&
      primaryBy(await readGroup(app, group, primary), primary) === otherSide(primary)
    ) {
      return { outcome: "roles-moved" };
    }
    const suspected = { ledger, openedBy: "watch", call: null, client };
    return suspect(app, suspected, { view, stores, presence }).then(
      () => ({ outcome: "suspicious" }),
      (error: unknown) => {
        if (!(error instanceof NotWritten)) throw error;
        const untakenBy = error.because === "silent" ? error.site : null;
        return { outcome: `suspicious, not kept: ${error.because}`, kept: false, untakenBy };
      },
    );
  }
  if (await leads(app, group, primary, presence)) {
    const target = stores.find(({ book }) => book === ledger.target(primary));
    const claim = target === undefined ? NOT_READ : claimIn(target);
    await advanceKeyCheck(app, ledger, view, { primary, incident: null, claim });
  }
  return { outcome: looks.at(-1)?.result ?? "not-looked" };
}

/** A claim that nobody has read may be out. */
const NOT_READ = { kind: "silent", site: "" } as const;

/**
 * Calls the sites that have been quiet for so long. One whose timers have frozen, or meet the lease of a host that is
 * gone, still answers HTTP: its tick can be run from here, and under trouble its look may be the one that is missing.
 */
async function callPeers(
  { config, ports }: App,
  presence: Promise<Presence>,
  patienceMs: number,
): Promise<void> {
  const { quietMs } = await presence;
  const others = config.sites.filter(({ name }) => name !== config.self.name);
  const quiet = others.filter(({ name }) => quietMs(name) >= patienceMs);
  await Promise.all(quiet.map((site) => ports.peers.tick(site, PEER_TICK_MS)));
}
