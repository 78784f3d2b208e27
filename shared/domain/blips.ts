import * as z from "zod";
import { Side } from "./group.ts";
import type { Observation } from "./observation.ts";
import { DurationMs, Instant } from "./units.ts";

// Trouble that ended by itself, as one site saw it: how often, how long, and the worst of it.
//
// P1. Counting the same look twice changes nothing.
// P2. Only what was watched from end to end counts: trouble that a blind vantage, a silent site or a
//     change of roles came into has no length that anybody knows.

/** Upper edges of the lengths that are counted together; the last count is of all that was longer. */
export const BLIP_EDGES_MS: readonly number[] = [
  15_000, 30_000, 45_000, 60_000, 90_000, 120_000, 180_000, 300_000, 600_000, 1_800_000,
];

const DAY_MS = 24 * 60 * 60_000;
/** What is counted together, by the day that it ended on. */
export const PERIOD_MS = 10 * DAY_MS;
/** Nine whole periods and the one that runs are never less than 90 days. */
const PERIODS_KEPT = 10;
/** Looks further apart than this leave a gap that nobody watched. */
const GAP_MAX_MS = 120_000;

const Lengths = z.object({
  counts: z.array(z.number().int().nonnegative()),
  longestMs: DurationMs,
  longestAt: Instant.nullable(),
});
export type Lengths = z.infer<typeof Lengths>;

export const BlipPeriod = z.object({
  startAt: Instant,
  /** Days of it on which this site looked. */
  days: z.number().int().nonnegative(),
  /** Nothing answered. */
  silent: Lengths,
  /** Something answered in between, and did not serve. */
  gray: Lengths,
  /** The slowest look that succeeded, where it was slow at all. */
  slowestMs: DurationMs,
});
export type BlipPeriod = z.infer<typeof BlipPeriod>;

/** One row per group in each site's own store. */
export const Blips = z.object({
  /** Start of the newest look that was counted: one that began earlier and ended later is not news. */
  countedAt: Instant,
  running: z.object({ sinceAt: Instant, target: Side, gray: z.boolean() }).nullable(),
  /** Oldest first. */
  periods: z.array(BlipPeriod),
  lastDayAt: Instant,
});
export type Blips = z.infer<typeof Blips>;

export const NO_BLIPS: Blips = { countedAt: 0, running: null, periods: [], lastDayAt: 0 };

/** Adds looks, oldest first, to what was counted. Null when none of them is new. */
export function countBlips(before: Blips, looks: readonly Observation[]): Blips | null {
  const after = looks.reduce(
    (counted, look) => (isNew(counted, look) ? countLook(counted, look) : counted),
    before,
  );
  return after === before ? null : after;
}

/** Older than what was counted: counted already, unless the clock was set back since. */
function isNew({ countedAt }: Blips, { startedAt }: Observation): boolean {
  return startedAt > countedAt || countedAt - startedAt > DAY_MS;
}

function countLook(before: Blips, look: Observation): Blips {
  const watched =
    look.startedAt - before.countedAt <= GAP_MAX_MS && look.startedAt > before.countedAt;
  const running = watched && before.running?.target === look.target ? before.running : null;
  const seen = countDay({ ...before, running, countedAt: look.startedAt }, look.endedAt);
  if (look.result === "blind") return { ...seen, running: null };
  if (isTrouble(look)) {
    const gray = look.result !== "no-answer" || (running?.gray ?? false);
    return {
      ...seen,
      running: { sinceAt: running?.sinceAt ?? look.startedAt, target: look.target, gray },
    };
  }
  const slow = inPeriod(seen, (period) => ({
    ...period,
    slowestMs: Math.max(period.slowestMs, look.latencyMs ?? 0),
  }));
  return running === null ? slow : endBlip({ ...slow, running: null }, running, look.endedAt);
}

/** The primary did not serve, or not all of its databases. */
export function isTrouble({ result, failedDatabases }: Observation): boolean {
  return result === "no-answer" || result === "not-serving" || failedDatabases.length > 0;
}

function endBlip(blips: Blips, running: NonNullable<Blips["running"]>, at: number): Blips {
  const kind = running.gray ? "gray" : "silent";
  return inPeriod(blips, (period) => ({
    ...period,
    [kind]: addLength(period[kind], at - running.sinceAt, running.sinceAt),
  }));
}

function addLength(lengths: Lengths, ms: number, sinceAt: number): Lengths {
  const edge = BLIP_EDGES_MS.findIndex((upper) => ms <= upper);
  const bucket = edge < 0 ? BLIP_EDGES_MS.length : edge;
  const counts = lengths.counts.map((count, i) => (i === bucket ? count + 1 : count));
  return ms > lengths.longestMs
    ? { counts, longestMs: ms, longestAt: sinceAt }
    : { ...lengths, counts };
}

/** A new day, and with it perhaps a new period. */
function countDay(blips: Blips, at: number): Blips {
  const dayAt = at - (at % DAY_MS);
  if (dayAt === blips.lastDayAt) return blips;
  const startAt = at - (at % PERIOD_MS);
  const last = blips.periods.at(-1);
  const periods =
    last?.startAt === startAt ? blips.periods : [...blips.periods, emptyPeriod(startAt)];
  const kept = periods.slice(-PERIODS_KEPT);
  return inPeriod({ ...blips, lastDayAt: dayAt, periods: kept }, (period) => ({
    ...period,
    days: period.days + 1,
  }));
}

function inPeriod(blips: Blips, change: (period: BlipPeriod) => BlipPeriod): Blips {
  const last = blips.periods.at(-1);
  return last === undefined
    ? blips
    : { ...blips, periods: [...blips.periods.slice(0, -1), change(last)] };
}

function emptyPeriod(startAt: number): BlipPeriod {
  const none = (): Lengths => ({
    counts: Array.from({ length: BLIP_EDGES_MS.length + 1 }, () => 0),
    longestMs: 0,
    longestAt: null,
  });
  return { startAt, days: 0, silent: none(), gray: none(), slowestMs: 0 };
}
