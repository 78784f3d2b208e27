import { type Random, seededRandom } from "functions-host/random";
import type { Observation } from "../shared/domain/observation.ts";
import { CALM_MS } from "../shared/policy/evidence/settle-incident.ts";
import { isSuspicious } from "../shared/policy/evidence/suspicion.ts";
import { look } from "../test/support/facts.ts";
import type { Bench, Cell } from "./bench.ts";
import { HOUR, SECOND, SETTLED_MS, startMeasured } from "./measured-sites.ts";
import { poissonInterval } from "./statistics.ts";

const TICK_MS = 15 * SECOND;
const SITES = 3;
/** Groups are alike and strangers to each other: one that is watched this long stands for many. */
const GROUP_HOURS = 1_000_000;

const GOOD: Observation = look("neu", { result: "writes", code: "ok" });
const BAD: Observation = look("neu");

export interface Noise {
  readonly groupHours: number;
  /** Opened by the app's own rule. */
  readonly incidents: number;
  /** What a monitor would have opened that opens at the first bad look. */
  readonly atFirstBadLook: number;
}

/** Counts what noise opens on a healthy group: looks of every site fail independently of each other. */
export function countIncidents(share: number, groupHours: number, seed: number): Noise {
  const random = seededRandom(seed);
  const suspicions: number[] = [];
  const firsts: number[] = [];
  for (let site = 0; site < SITES; site++) {
    const offsetMs = random.next() * TICK_MS;
    let previous = Number.NEGATIVE_INFINITY;
    for (const tick of badTicks(random.fork(`site-${site}`), share, groupHours)) {
      const at = tick * TICK_MS + offsetMs;
      firsts.push(at);
      if (isSuspicious([tick - previous === 1 ? BAD : GOOD, BAD])) suspicions.push(at);
      previous = tick;
    }
  }
  return { groupHours, incidents: opened(suspicions), atFirstBadLook: opened(firsts) };
}

/** The good looks between two bad ones are drawn at once. */
function* badTicks(random: Random, share: number, groupHours: number): Generator<number> {
  const ticks = (groupHours * HOUR) / TICK_MS;
  const skip = (): number => Math.floor(Math.log(1 - random.next()) / Math.log(1 - share));
  for (let tick = skip(); tick < ticks; tick += 1 + skip()) yield tick;
}

/** An incident stays open until nothing has been wrong for a while; who is suspicious meanwhile joins it. */
function opened(suspicions: number[]): number {
  let count = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const at of suspicions.sort((a, b) => a - b)) {
    if (at - lastAt > CALM_MS) count++;
    lastAt = at;
  }
  return count;
}

/** The same on the whole app, with the world's own fault: what the short way above is checked by. */
export async function runNoisyHours(share: number, hours: number, seed: number) {
  const { world, clock, sites, startAt } = await startMeasured({
    seed,
    faults: [{ fault: "flaky", on: "home", share, at: SETTLED_MS }],
  });
  await clock.runUntil(startAt + SETTLED_MS + hours * HOUR);
  const parts = [...(world.stores.get("neu")?.parts ?? [])];
  const incidents = parts.find(([name]) => name.endsWith("/audit"))?.[1] ?? new Map();
  const opened = [...incidents.values()].filter(({ json }) => json?.includes("incident-opened"));
  const failovers = world.record.posts.length;
  sites.stop();
  return { groupHours: hours, incidents: opened.length, failovers };
}

export const incidentsUnderNoise: Bench = {
  name: "incidents-under-noise",
  question: "How many incidents does noise open on a healthy group, per 1,000 group-hours?",
  run: async () => {
    const counted = [0.001, 0.01].map((share) => ({
      share,
      ...countIncidents(share, GROUP_HOURS, 1),
    }));
    const share = 0.05;
    const short = countIncidents(share, 100_000, 1);
    const whole = await runNoisyHours(share, 12, 1);
    return {
      columns: [
        "looks that fail",
        "group-hours",
        "incidents",
        "95 %",
        "at first bad look",
        "ratio",
      ],
      rows: [
        ...counted.map((noise) => row(noise.share, noise)),
        row(share, short),
        [`${100 * share} % (whole app)`, whole.groupHours, ...per1000(whole), "–", "–"],
      ],
      notes: [
        "Looks of three sites every 15 s fail independently; the app's own rule (the second bad look in a row at one site) opens. 95 %: Poisson.",
        "The last two rows hold the short way against the whole app on the local host, at a noise that shows something in hours: there, incidents stay open for longer, and later suspicions join them.",
        `Failovers in the whole app's hours: ${whole.failovers}.`,
      ],
    };
  },
};

function row(share: number, noise: Noise): readonly Cell[] {
  const first = (1_000 * noise.atFirstBadLook) / noise.groupHours;
  const ratio = noise.atFirstBadLook / noise.incidents;
  return [`${100 * share} %`, noise.groupHours, ...per1000(noise), first, ratio];
}

function per1000({ incidents, groupHours }: Pick<Noise, "incidents" | "groupHours">): Cell[] {
  const [low, high] = poissonInterval(incidents).map(
    (n) => Math.round((10_000 * n) / groupHours) / 10,
  );
  return [(1_000 * incidents) / groupHours, `${low} – ${high}`];
}
