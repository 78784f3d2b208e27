// One run of the swarm: faults of Azure and of the hosts drawn from a seed, then time to recover, and
// a judgement by the world's own ledger.

import { type Random, seededRandom } from "functions-host/random";
import { otherSide } from "../../shared/domain/group.ts";
import { instanceUp } from "../../simulator/azure/world/instance-health.ts";
import { vantageReaches } from "../../simulator/azure/world/network.ts";
import { groupOf, type World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import {
  GRACE_MS,
  GROUP,
  MINUTE,
  SECOND,
  SETTLED_MS,
  type Simulation,
  START,
  simulate,
} from "./simulated-sites.ts";
import { claimIn, incidentIn } from "./stored.ts";

/** By now every fault has ended. */
const CALM_FROM_MS = 14 * MINUTE;
const END_MS = 24 * MINUTE;
const SAMPLE_MS = 10 * SECOND;
/** A request may cross a recovery that is younger than a look, a decision and its claim. */
const CROSSING_MS = MINUTE;

const SITES = ["weu", "neu", "sec"] as const;
const REGIONS = ["westeurope", "northeurope", "swedencentral"] as const;

type Draw = (random: Random) => Fault;
const timing = { at: 0 };

/** What makes the primary look lost: one of these in most runs. */
const LOSSES: readonly Draw[] = [
  () => ({ ...timing, fault: "region-dark", region: "westeurope" }),
  () => ({ ...timing, fault: "region-isolated", region: "westeurope" }),
  () => ({ ...timing, fault: "instance-down", on: "home" }),
  () => ({ ...timing, fault: "writes-hang", on: "home" }),
  () => ({ ...timing, fault: "sql-error", on: "home", number: 40613 }),
];

/** What else can go wrong beside it. */
const TROUBLES: readonly Draw[] = [
  (r) => ({ ...timing, fault: "partition", from: pick(r, REGIONS), to: pick(r, REGIONS) }),
  (r) => ({ ...timing, fault: "vantage-blind", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "reference-down", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "site-stopped", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "store-down", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "store-answer-lost", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "notifier-down", site: pick(r, SITES) }),
  (r) => ({ ...timing, fault: "dns-fail", from: pick(r, REGIONS) }),
  (r) => ({ ...timing, fault: "identity-down", region: pick(r, REGIONS) }),
  (r) => ({ ...timing, fault: "flaky", on: "home", share: r.next() }),
  (r) => ({ ...timing, fault: "slow", on: pick(r, ["home", "partner"]), ms: 9_000 * r.next() }),
  (r) => ({ ...timing, fault: "replication-lag", seconds: Math.round(90 * r.next()) }),
  (r) => ({ ...timing, fault: "group-read-stale", seconds: Math.round(60 * r.next()) }),
  () => ({ ...timing, fault: "arm-down" }),
  () => ({ ...timing, fault: "arm-5xx", status: 503 }),
  () => ({ ...timing, fault: "arm-throttled", retryAfterSeconds: 20 }),
  () => ({ ...timing, fault: "arm-answer-lost" }),
  () => ({ ...timing, fault: "arm-slow", ms: 6_000 }),
  () => ({ ...timing, fault: "key-denied", on: "partner" }),
  () => ({ ...timing, fault: "key-unreachable", on: "partner" }),
  () => ({ ...timing, fault: "key-check-silent", on: "partner" }),
  () => ({ ...timing, fault: "replication-suspended" }),
  () => ({ ...timing, fault: "planned-stuck" }),
  () => ({ ...timing, fault: "other-failover", kind: "forced" }),
];

interface SwarmRun {
  /** What must never happen, and did. */
  readonly violations: readonly string[];
  readonly failedOver: boolean;
}

/** Runs one seed to its end. */
export async function swarm(seed: number): Promise<SwarmRun> {
  const random = seededRandom(seed).fork("swarm");
  const policy = { grayGraceMs: 4 * MINUTE };
  const sim = await simulate({ faults: drawFaults(random), seed, policy });
  for (const { ms, site, how } of drawDeaths(random)) {
    sim.clock.setTimer(START + ms, () => {
      const host = sim.sites.host(site);
      if (!host.alive) return;
      if (how === "crash") host.crashWorker();
      else if (how === "kill") host.kill();
      else void host.stop();
    });
  }
  const healthySince = await watch(sim);
  const violations = judge(sim, healthySince);
  const failedOver = sim.world.record.roles.some(({ by }) => by === "us");
  sim.sites.stop();
  return { violations, failedOver };
}

function drawFaults(random: Random): readonly Fault[] {
  const losses = random.next() < 0.85 ? [loss(random)] : [];
  const troubles = Math.floor(5 * random.next() ** 2);
  return [...losses, ...Array.from({ length: troubles }, () => trouble(random))];
}

/** Most of the losses last longer than the grace. */
function loss(random: Random): Fault {
  const at = Math.round(random.between(SETTLED_MS, 3 * MINUTE));
  const forMs = Math.round(GRACE_MS * (0.5 + 3 * random.next()));
  return { ...pick(random, LOSSES)(random), at, for: Math.min(forMs, CALM_FROM_MS - at) };
}

function trouble(random: Random): Fault {
  const at = Math.round(random.between(SETTLED_MS / 2, CALM_FROM_MS / 2));
  return {
    ...pick(random, TROUBLES)(random),
    at,
    for: Math.round((CALM_FROM_MS - at) * random.next()),
  };
}

/** Half of them in the minutes in which a failover is under way, if there is one. */
function drawDeaths(random: Random) {
  const deaths = Math.floor(5 * random.next() ** 2);
  const acting = SETTLED_MS + GRACE_MS;
  return Array.from({ length: deaths }, () => ({
    ms: Math.round(
      random.next() < 0.5
        ? random.between(acting, acting + 3 * MINUTE)
        : random.between(SETTLED_MS, CALM_FROM_MS),
    ),
    site: random.next() < 0.6 ? "neu" : pick(random, SITES),
    how: pick(random, ["crash", "kill", "stop"] as const),
  }));
}

function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random.next() * from.length)];
  if (one === undefined) throw new Error("Cannot pick: nothing to pick from");
  return one;
}

/** Lets the run pass; tells for every sample since when the primary at home was well and could be seen to be. */
async function watch({ world, runTo }: Simulation): Promise<ReadonlyMap<number, number | null>> {
  const since = new Map<number, number | null>();
  let last: number | null = null;
  for (let ms = SAMPLE_MS; ms <= END_MS; ms += SAMPLE_MS) {
    await runTo(ms);
    const now = world.now();
    last = homeIsWell(world) ? (last ?? now) : null;
    since.set(now, last);
  }
  return since;
}

function homeIsWell(world: World): boolean {
  const group = groupOf(world, GROUP);
  const ill = ["writes-hang", "sql-error", "flaky", "slow"] as const;
  const wellServed =
    instanceUp(world, group, "home") && ill.every((name) => world.faults(name).length === 0);
  const home = group.group.home.region;
  const seeing = world.sites.filter(
    (site) => vantageReaches(world, site, home) && world.siteRuns(site.name),
  );
  return wellServed && seeing.length * 2 > world.sites.length;
}

function judge({ world }: Simulation, healthySince: ReadonlyMap<number, number | null>): string[] {
  const violations: string[] = [];
  const ours = world.record.roles.filter(({ by }) => by === "us");
  if (ours.length > 1) violations.push(`${ours.length} failovers of ours took effect`);

  for (const post of world.record.posts.filter(({ kind }) => kind === "forced")) {
    const sample = START + Math.floor((post.at - START) / SAMPLE_MS) * SAMPLE_MS;
    const since = healthySince.get(sample) ?? null;
    if (since !== null && post.at - since > CROSSING_MS && post.side === otherSide("home")) {
      violations.push(
        `forced at ${(post.at - START) / 1000} s a primary well since ${(since - START) / 1000} s`,
      );
    }
  }
  const incident = incidentIn(world);
  if (incident !== null && incident.closedAt === null) {
    const { rule = "none", verdict = "none" } = incident.decision ?? {};
    violations.push(
      `the incident is still open ten minutes after the last fault: ${rule} ${verdict}`,
    );
  }
  const claim = claimIn(world);
  if (claim !== null && claim.state !== "spent")
    violations.push(`the claim is still ${claim.state}`);
  const movedByUs = ours.length === 1;
  if (movedByUs && incident?.end !== "failed-over") {
    violations.push(`we failed over, and the incident ended as ${incident?.end}`);
  }
  return violations;
}
