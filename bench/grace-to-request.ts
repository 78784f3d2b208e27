// L1 of docs/spec.md: a real loss with a clean secondary leads to the request within grace + 30 s.

import { type Random, seededRandom } from "functions-host/random";
import type { Fault } from "../simulator/faults.ts";
import { incidentIn } from "../test/support/stored.ts";
import type { Bench } from "./bench.ts";
import {
  GRACE_MS,
  type MeasuredOptions,
  type MeasuredSites,
  MINUTE,
  SECOND,
  SETTLED_MS,
  startMeasured,
} from "./measured-sites.ts";
import { quantile } from "./statistics.ts";

const BOUND_MS = 30 * SECOND;
/** Where the acting site's host is restarted meanwhile. */
const RESTARTED_BOUND_MS = 75 * SECOND;
/** L2: from an approval to the request. */
const APPROVED_BOUND_MS = 12 * SECOND;
/** A proof of the key path is renewed every 7.5 minutes: losses fall anywhere within. */
const PHASES_MS = 10 * MINUTE;
const GIVE_UP_MS = GRACE_MS + 10 * MINUTE;

/** A stop, or an answer, takes no longer. */
const STOP_MS = 11 * SECOND;
/** A restart is drawn from the loss until about when the request is made. */
const RESTART_MS = GRACE_MS + 20 * SECOND;

/** Where the time of one phase went; null where no request was made. */
export interface Phase {
  /** The acting site's host was stopped meanwhile, and up again at once. */
  readonly restarted: boolean;
  /** From the end of the grace, counted from the first failed look, until Azure accepted. */
  readonly afterGraceMs: number | null;
  /** The same, counted from the loss itself. */
  readonly afterLossAndGraceMs: number | null;
}

/** How a primary is lost: in silence, so that every look takes its whole timeout, or with a refusal. */
const LOSSES: readonly ((at: number) => Fault)[] = [
  (at) => ({ fault: "region-dark", region: "westeurope", at }),
  (at) => ({ fault: "instance-down", on: "home", how: "silent", at }),
  (at) => ({ fault: "instance-down", on: "home", how: "refused", at }),
];

interface PhasesOptions {
  readonly hostJson?: unknown;
  /** One phase in so many meets a restart. */
  readonly restartEvery?: number;
}

/** Loses the primary at random instants, and times the way from the end of the grace to the accepted request. */
export async function measurePhases(
  count: number,
  options: PhasesOptions = {},
): Promise<readonly Phase[]> {
  const phases: Phase[] = [];
  for (let seed = 1; seed <= count; seed++) phases.push(await measurePhase(seed, options));
  return phases;
}

async function measurePhase(
  seed: number,
  { hostJson, restartEvery }: PhasesOptions,
): Promise<Phase> {
  const restarted = restartEvery !== undefined && seed % restartEvery === 0;
  const { random, lostAt, world, clock, sites } = await loseAtRandom(seed, { hostJson });
  await clock.runUntil(lostAt + (restarted ? Math.round(random.next() * RESTART_MS) : 0));
  const stopping = restarted ? sites.host("neu").stop() : null;
  const at = await untilAccepted({ world, clock }, lostAt + GIVE_UP_MS);
  if (stopping !== null) await Promise.all([stopping, clock.runUntil(clock.now() + STOP_MS)]);
  const onsetAt = incidentIn(world)?.phases.onsetAt ?? null;
  sites.stop();
  return {
    restarted,
    afterGraceMs: at === null || onsetAt === null ? null : at - onsetAt - GRACE_MS,
    afterLossAndGraceMs: at === null ? null : at - lostAt - GRACE_MS,
  };
}

/** Approves an ask at random instants of what is looked meanwhile, and times the way to the accepted request; null where none was made. */
export async function measureApprovals(count: number): Promise<readonly (number | null)[]> {
  const took: (number | null)[] = [];
  for (let seed = 1; seed <= count; seed++) took.push(await measureApproval(seed));
  return took;
}

async function measureApproval(seed: number): Promise<number | null> {
  const policy = { mode: "approve" } as const;
  const { random, lostAt, world, clock, sites } = await loseAtRandom(seed, { policy });
  const asked = () => world.record.sent.find(({ event }) => event.type === "ask")?.event;
  await clock.runUntil(() => asked() !== undefined || clock.now() > lostAt + GIVE_UP_MS);
  await clock.runUntil(clock.now() + Math.round(random.next() * MINUTE));
  const approvedAt = clock.now();
  const host = sites.host(random.next() < 0.5 ? "neu" : "sec");
  const answering = host.fetch({
    method: "POST",
    url: "/api/approve",
    headers: { "x-functions-key": host.keys.host, "content-type": "application/json" },
    body: JSON.stringify({ token: asked()?.data.token, actor: "ada" }),
  });
  const at = await untilAccepted({ world, clock }, approvedAt + MINUTE);
  await Promise.all([answering, clock.runUntil(clock.now() + STOP_MS)]);
  sites.stop();
  return at === null ? null : at - approvedAt;
}

/** Three sites whose primary is lost at an instant, and in a way, that the seed draws. */
async function loseAtRandom(seed: number, options: Omit<MeasuredOptions, "seed" | "faults">) {
  const random = seededRandom(seed).fork("phase");
  const lostMs = Math.round(SETTLED_MS + random.next() * PHASES_MS);
  const faults = [drawLoss(random, lostMs)];
  const measured = await startMeasured({ ...options, seed, faults });
  return { ...measured, random, lostAt: measured.startAt + lostMs };
}

/** When Azure accepted the request; null where it has not by then. */
async function untilAccepted(
  { world, clock }: Pick<MeasuredSites, "world" | "clock">,
  givenUpAt: number,
): Promise<number | null> {
  const at = () => world.record.posts.find(({ answer }) => answer === "accepted")?.at ?? null;
  await clock.runUntil(() => at() !== null || clock.now() > givenUpAt);
  return at();
}

function drawLoss(random: Random, at: number): Fault {
  const draw = LOSSES[Math.floor(random.next() * LOSSES.length)];
  if (draw === undefined) throw new Error("Cannot draw a loss: there are none");
  return draw(at);
}

/** host.json as the Functions host has it where nobody wrote one. */
const PLATFORM_DEFAULTS = { version: "2.0" };

export const graceToRequest: Bench = {
  name: "grace-to-request",
  question: "From the end of the grace to the accepted request: how long, over 200 random phases?",
  run: async () => {
    const all = await measurePhases(200, { restartEvery: 10 });
    const ours = all.filter(({ restarted }) => !restarted);
    const restarted = all.filter((phase) => phase.restarted);
    const platform = await measurePhases(50, { hostJson: PLATFORM_DEFAULTS });
    const approved = await measureApprovals(100);
    return {
      columns: ["seconds", "phases", "p50", "p99", "longest", "bound", "over it", "no request"],
      rows: [
        row("after the loss itself + grace", BOUND_MS, ours.map(afterLoss)),
        row("the same, the acting host restarted", RESTARTED_BOUND_MS, restarted.map(afterLoss)),
        row("the same, the platform's host.json", BOUND_MS, platform.map(afterLoss)),
        row("after onset + grace", BOUND_MS, ours.map(afterOnset)),
        row("after an approval", APPROVED_BOUND_MS, approved),
      ],
      notes: [
        "The onset is the start of the first failed look; the loss itself is up to one tick of 15 s earlier.",
        "One third each: region dark, instance silent, instance refusing. Grace 5 min, interval 10 s, probe timeout 8 s.",
        "Host latencies are those of packages/functions-host/src/latency.ts, fitted to what was seen on the real host; a key check takes 5 to 15 s.",
      ],
    };
  },
};

const afterLoss = (phase: Phase) => phase.afterLossAndGraceMs;
const afterOnset = (phase: Phase) => phase.afterGraceMs;

function row(
  what: string,
  boundMs: number,
  all: readonly (number | null)[],
): readonly (string | number)[] {
  const known = all.filter((ms) => ms !== null);
  const over = known.filter((ms) => ms > boundMs).length;
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(known, share) / SECOND);
  const times = [p50 ?? 0, p99 ?? 0, most ?? 0];
  return [what, all.length, ...times, boundMs / SECOND, over, all.length - known.length];
}
