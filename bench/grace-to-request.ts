// L1 of docs/spec.md: a real loss with a clean secondary leads to the request within grace + 30 s.

import { type Random, seededRandom } from "functions-host/random";
import type { Incident } from "../shared/domain/incident.ts";
import type { Fault } from "../simulator/faults.ts";
import { incidentIn } from "../test/support/stored.ts";
import type { Bench } from "./bench.ts";
import { GRACE_MS, MINUTE, SECOND, SETTLED_MS, startMeasured } from "./measured-sites.ts";
import { quantile } from "./statistics.ts";

const BOUND_MS = 30 * SECOND;
/** A proof of the key path is renewed every 7.5 minutes: losses fall anywhere within. */
const PHASES_MS = 10 * MINUTE;
const GIVE_UP_MS = GRACE_MS + 10 * MINUTE;

/** Where the time of one phase went; null where no request was made. */
export interface Phase {
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

/** Loses the primary at random instants, and times the way from the end of the grace to the accepted request. */
export async function measurePhases(count: number, hostJson?: unknown): Promise<readonly Phase[]> {
  const phases: Phase[] = [];
  for (let seed = 1; seed <= count; seed++) phases.push(await measurePhase(seed, hostJson));
  return phases;
}

async function measurePhase(seed: number, hostJson: unknown): Promise<Phase> {
  const random = seededRandom(seed).fork("phase");
  const lostMs = Math.round(SETTLED_MS + random.next() * PHASES_MS);
  const { world, clock, sites, startAt } = await startMeasured({
    seed,
    faults: [drawLoss(random, lostMs)],
    ...(hostJson === undefined ? {} : { hostJson }),
  });
  const lostAt = startAt + lostMs;
  const acceptedAt = (): number | null =>
    world.record.posts.find(({ answer }) => answer === "accepted")?.at ?? null;
  await clock.runUntil(lostAt);
  await clock.runUntil(() => acceptedAt() !== null || clock.now() > lostAt + GIVE_UP_MS);
  const incident: Incident | null = incidentIn(world);
  const at = acceptedAt();
  sites.stop();
  const onsetAt = incident?.phases.onsetAt ?? null;
  return {
    afterGraceMs: at === null || onsetAt === null ? null : at - onsetAt - GRACE_MS,
    afterLossAndGraceMs: at === null ? null : at - lostAt - GRACE_MS,
  };
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
    const ours = await measurePhases(200);
    const platform = await measurePhases(50, PLATFORM_DEFAULTS);
    return {
      columns: ["seconds", "phases", "p50", "p99", "longest", "over the bound of 30", "no request"],
      rows: [
        row("after onset + grace (host.json of the project)", ours, "afterGraceMs"),
        row("after the loss itself + grace", ours, "afterLossAndGraceMs"),
        row("after onset + grace (the platform's host.json)", platform, "afterGraceMs"),
      ],
      notes: [
        "The onset is the start of the first failed look; the loss itself is up to one tick of 15 s earlier.",
        "One third each: region dark, instance silent, instance refusing. Grace 5 min, interval 10 s, probe timeout 8 s.",
        "Host latencies are those of packages/functions-host/src/latency.ts, fitted to what was seen on the real host; a key check takes 5 to 15 s.",
      ],
    };
  },
};

function row(
  what: string,
  phases: readonly Phase[],
  key: keyof Phase,
): readonly (string | number)[] {
  const known = phases.flatMap((phase) => phase[key] ?? []);
  const over = known.filter((ms) => ms > BOUND_MS).length;
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(known, share) / SECOND);
  return [what, phases.length, p50 ?? 0, p99 ?? 0, most ?? 0, over, phases.length - known.length];
}
