import { type Random, seededRandom } from "functions-host/random";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Facts } from "../../shared/domain/facts.ts";
import type { Observation } from "../../shared/domain/observation.ts";
import { NO_OUTAGE } from "../../shared/domain/outage.ts";
import { decide } from "../../shared/policy/decide.ts";
import { countRounds } from "../../shared/policy/evidence/count-rounds.ts";
import {
  CALM_MS,
  type Settlement,
  settleIncident,
} from "../../shared/policy/evidence/settle-incident.ts";
import { isSuspicious } from "../../shared/policy/evidence/suspicion.ts";
import { look, MINUTE, peace, policy, SECOND } from "./facts.ts";

// Healthy days of one group with three vantages, each of whose looks fails by chance.
//
// P1. What suspects, counts, decides and settles is the app's own code; only looks are drawn.
// P2. Ticks are skipped, not approximated. A healthy look changes nothing while no incident is open,
//     and only a second bad one in a row at one site opens one: so the ticks between two bad looks of
//     a site need not be run, and their number is drawn from the geometric distribution, as it falls.
// P3. Inside an incident every vantage looks anew at every round (its ticks go on, and are not drawn).
//     Once calm is counted, a round of healthy looks changes nothing until the calm is long enough:
//     such rounds are drawn and not run. `skip: false` runs them, and must come to the same.

const TICK_MS = 15 * SECOND;
const TICKS_A_DAY = (24 * 60 * MINUTE) / TICK_MS;
const VANTAGES = ["weu", "neu", "sec"] as const;
/** A tick's looks are remembered this long, as far as a first round can count them. */
const REMEMBERED_MS = MINUTE;
const START = Date.UTC(2026, 0, 15);

export interface NoisyDays {
  readonly days: number;
  readonly incidents: number;
  readonly rounds: number;
  readonly asks: number;
  readonly failovers: number;
  readonly badLooks: number;
  /** Vantages that agreed at the worst moment, and the longest outage that was counted. */
  readonly downAtMost: number;
  readonly longestOutageMs: number;
}

/** Lets so many days go by at this noise. */
export function liveThrough(options: {
  readonly days: number;
  readonly noise: number;
  readonly seed: number;
  readonly skip?: boolean;
}): NoisyDays {
  const { days, noise, seed, skip = true } = options;
  const ticks = days * TICKS_A_DAY;
  const random = seededRandom(seed);
  const bad = VANTAGES.map((name) => drawBadTicks(random.fork(name), noise, ticks));
  const seen = {
    incidents: 0,
    rounds: 0,
    asks: 0,
    failovers: 0,
    downAtMost: 0,
    longestOutageMs: 0,
  };
  let closedAt = 0;
  for (const tick of openingTicks(bad)) {
    if (instantOf(tick) < closedAt) continue;
    seen.incidents += 1;
    const inside = random.fork(`incident ${tick}`);
    for (const { at, decision, down, facts: given } of runIncident(
      bad,
      tick,
      inside,
      noise,
      skip,
    )) {
      closedAt = at;
      seen.rounds += 1;
      if (decision.verdict === "ask") seen.asks += 1;
      if (decision.verdict === "fail-over") seen.failovers += 1;
      seen.downAtMost = Math.max(seen.downAtMost, down);
      seen.longestOutageMs = Math.max(seen.longestOutageMs, given.outage.outageMs);
    }
  }
  return { days, ...seen, badLooks: bad.reduce((sum, { size }) => sum + size, 0) };
}

/** The numbers of the ticks at which one site's look fails. */
function drawBadTicks(random: Random, noise: number, ticks: number): Set<number> {
  const bad = new Set<number>();
  const scale = Math.log1p(-noise);
  let tick = -1;
  for (;;) {
    tick += 1 + Math.floor(Math.log1p(-random.next()) / scale);
    if (tick >= ticks) return bad;
    bad.add(tick);
  }
}

function openingTicks(bad: readonly ReadonlySet<number>[]): number[] {
  const opening = bad.flatMap((ticks) => [...ticks].filter((tick) => ticks.has(tick - 1)));
  return [...new Set(opening)].sort((a, b) => a - b);
}

function instantOf(tick: number): number {
  return START + tick * TICK_MS;
}

interface Round {
  readonly at: number;
  readonly facts: Facts;
  readonly decision: Decision;
}

interface Round {
  readonly at: number;
  readonly facts: Facts;
  readonly decision: Decision;
  readonly down: number;
}

function* runIncident(
  bad: readonly ReadonlySet<number>[],
  openedAtTick: number,
  random: Random,
  noise: number,
  skip: boolean,
): Generator<Round> {
  const { intervalMs } = policy();
  const fresh: Settlement = { isConfirmed: false, calmSinceAt: null, end: null };
  let incident = { ...fresh, outage: NO_OUTAGE, countedUntilAt: 0 };
  let looks = remembered(bad, openedAtTick, random);
  for (let now = instantOf(openedAtTick) + SECOND; ; now += intervalMs) {
    const round = VANTAGES.map((name) => drawLook(name, now, random.next() < noise, random));
    const calmMs = incident.calmSinceAt === null ? null : now - incident.calmSinceAt;
    if (skip && calmMs !== null && calmMs < CALM_MS && round.every(isHealthy)) continue;
    looks = [...looks.filter(({ endedAt }) => endedAt > now - REMEMBERED_MS), ...round];
    const given = countRounds(peace({ now, looks, outage: incident.outage }), policy(), {
      countedUntilAt: incident.countedUntilAt,
      carriedLoss: null,
    });
    const { judgement, decision } = decide(given, policy());
    yield { at: now, facts: given, decision, down: judgement.down };
    const settled = settleIncident(incident, given, decision, policy());
    if (settled.end !== null) return;
    incident = { outage: given.outage, ...settled, countedUntilAt: now };
  }
}

/** What the sites' ticks saw shortly before, and what made the incident open. */
function remembered(
  bad: readonly ReadonlySet<number>[],
  openedAtTick: number,
  random: Random,
): Observation[] {
  const looks = VANTAGES.flatMap((name, i) =>
    Array.from({ length: REMEMBERED_MS / TICK_MS }, (_, back) => openedAtTick - back).map((tick) =>
      drawLook(name, instantOf(tick), bad[i]?.has(tick) === true, random),
    ),
  );
  const suspects = VANTAGES.some((name) =>
    isSuspicious(looks.filter(({ vantage }) => vantage === name).toSorted(byStart)),
  );
  if (!suspects) throw new Error(`Cannot open an incident: nothing suspicious: ${openedAtTick}`);
  return looks;
}

function byStart(a: Observation, b: Observation): number {
  return a.startedAt - b.startedAt;
}

const HEALTHY = { result: "writes", code: "ok", latencyMs: 40, regionReference: "ok" } as const;
/** Every kind of noise votes down. */
const NOISE = [
  { result: "no-answer", code: "login-timed-out" },
  { result: "no-answer", code: "ECONNRESET" },
  { result: "not-serving", code: "40613" },
  { result: "not-serving", code: "write-timed-out" },
] as const;

function drawLook(vantage: string, at: number, fails: boolean, random: Random): Observation {
  const kind = fails ? NOISE[Math.floor(random.next() * NOISE.length)] : HEALTHY;
  return look(vantage, { ...kind, startedAt: at, endedAt: at });
}

function isHealthy({ result }: Observation): boolean {
  return result === "writes";
}
