// The activities of three sites on one simulated Azure, without a host: called directly, so that a
// test can call them twice, late, side by side, or for work that is no longer theirs.

import { VirtualClock } from "functions-host/clock";
import { createLookAndDecide } from "../../functions/activities/look-and-decide.ts";
import { createPollOperation } from "../../functions/activities/poll-operation.ts";
import { createPostFailover } from "../../functions/activities/post-failover.ts";
import { createRecord } from "../../functions/activities/record.ts";
import { createTakeClaim } from "../../functions/activities/take-claim.ts";
import type { App } from "../../functions/app.ts";
import { takeMotor } from "../../functions/keeping/motor.ts";
import { advanceKeyCheck } from "../../functions/seeing/advance-key-check.ts";
import { reportForPeers } from "../../functions/seeing/report-for-peers.ts";
import { watchGroup } from "../../functions/seeing/watch-group.ts";
import type { DecidedLook, Work } from "../../orchestrations/contracts.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { claimIn, takeClaim } from "../../shared/ledger/claims.ts";
import { failbackIn } from "../../shared/ledger/failbacks.ts";
import { createStores, readOwn } from "../../shared/ledger/group-ledger.ts";
import { incidentIn, openIncident } from "../../shared/ledger/incidents.ts";
import { readLive } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import type { Peers } from "../../shared/ports/peers.ts";
import { createWorld } from "../../simulator/azure/world/create-world.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createSitePorts } from "../../simulator/site-ports.ts";
import { wanted } from "./ledger-rows.ts";
import { configOf, GROUP, MINUTE, SECOND, START } from "./simulated-sites.ts";

export interface Bench {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly group: Group;
  /** The site beside home, the one that leads while home is primary, and the one that stands in for either. */
  readonly weu: App;
  readonly neu: App;
  readonly sec: App;
  /** Lets time pass until the work has ended. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
}

/** Three sites that have watched a healthy group for a minute. */
export async function startBench(policy: Partial<Policy> = {}): Promise<Bench> {
  const clock = new VirtualClock(START);
  const { groups, sites } = configOf("neu", policy);
  const world = createWorld({ clock, seed: 1, groups, sites });
  const apps = new Map<string, App>();
  for (const site of sites) apps.set(site.name, appOf(world, apps, site.name, policy));
  const [weu, neu, sec] = [apps.get("weu"), apps.get("neu"), apps.get("sec")];
  const group = groups.find(({ name }) => name === GROUP);
  if (weu === undefined || neu === undefined || sec === undefined || group === undefined) {
    throw new Error("Cannot start the bench: the configuration lacks a site or its group");
  }
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    work.then(mark, mark);
    await clock.runUntil(() => done);
    return work;
  };
  for (let tick = 0; tick < 6; tick++) {
    await run(Promise.all([...apps.values()].map((app) => tickOnce(app, group))));
    await run(checkKey(neu, group));
    await clock.runUntil(clock.now() + 10 * SECOND);
  }
  const pass = (ms: number): Promise<void> => clock.runUntil(clock.now() + ms);
  return { world, clock, group, weu, neu, sec, run, pass };
}

/** What a tick of that site sees and remembers of the group. */
export async function tickOnce(app: App, group: Group): Promise<void> {
  const ledger = app.stores.of(group);
  await watchGroup(app, ledger, await readOwn(ledger));
}

/** One step of the check of the key, as the tick takes it in peace. */
export async function checkKey(
  app: App,
  group: Group,
  incident: Pick<Incident, "decision"> | null = null,
): Promise<void> {
  const primary = "home";
  const ledger = app.stores.of(group);
  const [view, target] = await Promise.all([readOwn(ledger), readLive(ledger.target(primary))]);
  await advanceKeyCheck(app, ledger, view, { primary, incident, claim: claimIn(target) });
}

function appOf(
  world: World,
  apps: ReadonlyMap<string, App>,
  self: string,
  policy: Partial<Policy>,
): App {
  const config = configOf(self, policy);
  const send = async (): Promise<never> => {
    throw new Error("Cannot send: there is no network between activities");
  };
  const ports = createSitePorts(world, config.self, { edge: "port", send });
  const peers = peersOver(world, apps);
  return {
    config,
    ports: { ...ports, peers },
    stores: createStores(config, ports.stores, ports.clock),
  };
}

/** The other sites, asked directly; one that does not run is not heard. */
function peersOver(world: World, apps: ReadonlyMap<string, App>): Peers {
  return {
    observe: async ({ name }, groupName) => {
      const app = apps.get(name);
      const group = app?.config.groups.find((each) => each.name === groupName);
      if (app === undefined || group === undefined || !world.siteRuns(name)) {
        return { kind: "unheard", because: "no-answer" };
      }
      const { looks, tallies, secondary, lastTickAgeMs } = await reportForPeers(app, group);
      return { kind: "heard", looks, tallies, secondary, lastTickAgeMs };
    },
    tick: async () => "failed",
  };
}

/** Loses the primary, its region too if no other fault is named; opens the incident, and gives its first motor to the leading site. */
export async function loseRegion(
  { world, neu, group, clock, run }: Bench,
  fault: Fault = { fault: "region-dark", region: group.home.region, at: 0 },
): Promise<Work> {
  world.inject(fault);
  const store = neu.stores.of(group).target("home");
  const suspicion = {
    id: "inc-1",
    group: GROUP,
    openedBy: "watch",
    expectedPrimary: "home" as const,
  };
  const at = clock.now();
  const { incident } = await run(openIncident(store, { ...suspicion, at, call: null }));
  return nextMotor({ neu, run, clock, group }, incident, "neu");
}

/** Gives the next generation of the motor to a site: the one before is dead from here on. */
export async function nextMotor(
  { neu, run, clock, group }: Pick<Bench, "neu" | "run" | "clock" | "group">,
  last: { readonly id: string; readonly group: string; readonly motor: number },
  site: string,
): Promise<Work> {
  const store = neu.stores.of(group).target("home");
  const by = { purpose: "fail-over" as const, site, now: clock.now() };
  const incident = valueOrNull(incidentIn(await run(readLive(store))));
  const heartbeatAt = incident?.heartbeatAt ?? null;
  const taken = await run(takeMotor(store, { ...last, heartbeatAt }, by));
  if (taken === null) throw new Error("Cannot take the motor: somebody else has");
  return { ...taken, motor: taken.motor + 1 };
}

/** Looks every ten seconds until the rules say this. */
export async function lookUntil(
  bench: Bench,
  work: Work,
  verdict: DecidedLook["verdict"],
): Promise<DecidedLook> {
  const lookAndDecide = createLookAndDecide(bench.neu);
  for (let round = 0; round < 60; round++) {
    const seen = await bench.run(lookAndDecide(work));
    if (seen.kind === "decided" && seen.verdict === verdict) return seen;
    await bench.pass(10 * SECOND);
  }
  throw new Error(`Cannot get that verdict: ${verdict}`);
}

export interface Claimed {
  readonly work: Work;
  readonly seen: DecidedLook;
  readonly epoch: number;
}

/** Brings an incident to the point where its first claim is taken. */
export async function claimFirst(bench: Bench, fault?: Fault): Promise<Claimed> {
  const work = await loseRegion(bench, fault);
  const seen = await lookUntil(bench, work, "fail-over");
  return { work, seen, epoch: await claimFor(bench, work, seen) };
}

export async function claimFor(bench: Bench, work: Work, seen: DecidedLook): Promise<number> {
  const { decisionId, action } = seen;
  if (action === null) throw new Error(`Cannot claim: ${seen.rule} names no action`);
  const claim = await bench.run(createTakeClaim(bench.neu)({ ...work, decisionId, action }));
  if (claim.kind !== "taken") throw new Error(`Cannot claim: ${claim.kind}`);
  return claim.epoch;
}

/** The work of a motor that follows its claim. */
export type Acting = Work & { readonly epoch: number };

/** The roles have moved, and the motor has seen it: nothing is proven or written down yet. */
export async function failOver(bench: Bench, fault?: Fault): Promise<Acting> {
  const { work, epoch } = await claimFirst(bench, fault);
  return moveRoles(bench, bench.neu, { ...work, epoch });
}

async function moveRoles(bench: Bench, app: App, acting: Acting): Promise<Acting> {
  await bench.run(createPostFailover(app)(acting));
  await bench.pass(MINUTE);
  await bench.run(createPollOperation(app)(acting));
  return acting;
}

/** The group has failed over while its old primary alone was down, which is back: all of it is written down. */
export async function leaveHome(bench: Bench): Promise<void> {
  const down = { fault: "instance-down", on: "home", at: 0, for: 12 * MINUTE } as const;
  const { epoch, ...work } = await failOver(bench, down);
  const entry = { kind: "failed-over" as const, epoch, verified: true };
  await bench.run(createRecord(bench.neu)({ ...work, entry }));
  await bench.pass(15 * MINUTE);
}

/** From there the way home has its first motor, at the site that leads. */
export async function takeWayHome({ run, weu, group, clock }: Bench): Promise<Work> {
  const book = weu.stores.of(group).target("partner");
  const failback = valueOrNull(failbackIn(await run(readLive(book)), "partner"));
  if (failback === null) throw new Error("Cannot go home: the group has not failed over");
  const by = { purpose: "fail-back", site: "weu", now: clock.now() } as const;
  const last = await run(takeMotor(book, failback, by));
  if (last === null) throw new Error("Cannot go home: somebody else has the motor");
  return { ...last, motor: last.motor + 1 };
}

/** From there the roles have moved home. */
export async function goHome(bench: Bench): Promise<Acting> {
  const { run, weu, group, clock } = bench;
  const work = await takeWayHome(bench);
  const book = weu.stores.of(group).target("partner");
  const way = { kind: "planned", expectedPrimary: "partner", target: "home" } as const;
  const of = { incidentId: work.incidentId, holder: "weu", notAfter: clock.now() + 30 * SECOND };
  const claim = await run(takeClaim(book, wanted({ ...way, ...of }), clock.now()));
  if (claim === null) throw new Error("Cannot go home: an earlier claim is open");
  return moveRoles(bench, weu, { ...work, epoch: claim.epoch });
}
