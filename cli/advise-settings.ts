import { type Blips, type Lengths, PERIOD_MS } from "../shared/domain/blips.ts";
import { type Policy, quorumOf } from "../shared/domain/policy.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";

/** What one site has counted. */
export interface SiteBlips {
  readonly site: string;
  readonly blips: Blips;
}

/** A setting as it is, what would fit what was seen, and why. Null: too little is known to say. */
export interface Proposal {
  readonly setting: "grace" | "grayGrace" | "probeTimeout" | "interval";
  readonly nowMs: number;
  readonly proposedMs: number | null;
  readonly because: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** How far back advice looks. */
export const DAYS = 90;
/** With less than this, the blip that matters may not have come yet. */
const DAYS_LEAST = 30;
/** The configuration asks for no less: local failovers take up to a minute or so, and may repeat. */
const GRACE_LEAST_MS = 180_000;
const LOOKS_PER_GRACE = 5;
const GRACE_STEP_MS = 30_000;
const TIMEOUT_STEP_MS = 1_000;
/** Looks further apart add nothing to an outage. */
const LOOK_MOST_MS = 60_000;

/** Proposes settings from what the sites have counted. Times are theirs, lengths never compared across clocks. */
export function adviseSettings(
  policy: Policy,
  sites: readonly SiteBlips[],
  now: number,
): readonly Proposal[] {
  const known = sites.map(({ site, blips }) => summarise(site, blips, now));
  const enough = known.filter(({ days }) => days >= DAYS_LEAST);
  const lacking = lackingDays(policy, known, enough.length);
  const timeout = adviseTimeout(policy, enough, lacking);
  return [
    adviseGrace("grace", policy, enough, lacking),
    adviseGrace("grayGrace", policy, enough, lacking),
    timeout,
    adviseInterval(policy, timeout),
  ];
}

interface Summary {
  readonly site: string;
  readonly days: number;
  readonly silent: Lengths;
  readonly gray: Lengths;
  readonly slowestMs: number;
}

/** The last 90 days of one site, as one; a period that they begin in counts whole. */
export function summarise(site: string, { periods }: Blips, now: number): Summary {
  const recent = periods.filter(({ startAt }) => startAt + PERIOD_MS > now - DAYS * DAY_MS);
  return {
    site,
    days: recent.reduce((sum, { days }) => sum + days, 0),
    silent: together(recent.map(({ silent }) => silent)),
    gray: together(recent.map(({ gray }) => gray)),
    slowestMs: Math.max(0, ...recent.map(({ slowestMs }) => slowestMs)),
  };
}

function together(all: readonly Lengths[]): Lengths {
  const longest = all.reduce((a, b) => (b.longestMs > a.longestMs ? b : a), NONE);
  const buckets = Math.max(0, ...all.map(({ counts }) => counts.length));
  const counts = Array.from({ length: buckets }, (_, i) =>
    all.reduce((sum, each) => sum + (each.counts[i] ?? 0), 0),
  );
  return { ...longest, counts };
}

const NONE: Lengths = { counts: [], longestMs: 0, longestAt: null };

/** Why nothing can be said yet; null when enough sites have watched for long enough. */
function lackingDays(policy: Policy, known: readonly Summary[], enough: number): string | null {
  const needed = quorumOf(policy);
  if (enough >= needed) return null;
  const watched = known.map(({ site, days }) => `${site} ${days}`).join(", ") || "none";
  return `too little is known: ${needed} sites must have watched on ${DAYS_LEAST} days; days watched: ${watched}`;
}

/**
 * A grace has to outlast what heals by itself, and only a majority can end one: what counts is the
 * longest blip that so many sites have seen one at least as long.
 */
function adviseGrace(
  setting: "grace" | "grayGrace",
  policy: Policy,
  enough: readonly Summary[],
  lacking: string | null,
): Proposal {
  const nowMs = setting === "grace" ? policy.graceMs : policy.grayGraceMs;
  if (lacking !== null) return { setting, nowMs, proposedMs: null, because: lacking };
  const kind = setting === "grace" ? "silent" : "gray";
  const longest = enough
    .map((each) => ({ site: each.site, ...each[kind] }))
    .sort((a, b) => b.longestMs - a.longestMs)[quorumOf(policy) - 1];
  const leastMs = Math.max(GRACE_LEAST_MS, LOOKS_PER_GRACE * policy.intervalMs);
  const worstMs = longest?.longestMs ?? 0;
  const proposedMs = Math.max(leastMs, roundUp(2 * worstMs, GRACE_STEP_MS));
  const seen =
    longest?.longestAt == null
      ? `no self-healed blip in ${DAYS} days was seen by a majority`
      : `longest self-healed blip in ${DAYS} days: ${sayMs(worstMs)} (${longest.site}, ${sayInstant(longest.longestAt)})`;
  const because = `${seen}; your ${setting}: ${sayMs(nowMs)}; twice the blip, and at least ${sayMs(leastMs)}`;
  return { setting, nowMs, proposedMs, because };
}

function adviseTimeout(
  { probeTimeoutMs: nowMs }: Policy,
  enough: readonly Summary[],
  lacking: string | null,
): Proposal {
  const setting = "probeTimeout";
  if (lacking !== null) return { setting, nowMs, proposedMs: null, because: lacking };
  const slowest = enough.reduce((a, b) => (b.slowestMs > a.slowestMs ? b : a));
  const wantedMs = roundUp(2 * slowest.slowestMs, TIMEOUT_STEP_MS);
  const proposedMs = Math.max(nowMs, Math.min(wantedMs, LOOK_MOST_MS / 2 - TIMEOUT_STEP_MS));
  const seen =
    slowest.slowestMs === 0
      ? "no look that succeeded was slow"
      : `slowest look that succeeded: ${sayMs(slowest.slowestMs)} (${slowest.site})`;
  return { setting, nowMs, proposedMs, because: `${seen}; your probeTimeout: ${sayMs(nowMs)}` };
}

/** A timeout has to end before the next look begins. */
function adviseInterval({ intervalMs: nowMs }: Policy, timeout: Proposal): Proposal {
  const setting = "interval";
  const { proposedMs: timeoutMs, because } = timeout;
  if (timeoutMs === null) return { setting, nowMs, proposedMs: null, because };
  const leastMs = timeoutMs + TIMEOUT_STEP_MS;
  return {
    setting,
    nowMs,
    proposedMs: Math.max(nowMs, leastMs),
    because: `above the probeTimeout of ${sayMs(timeoutMs)}; your interval: ${sayMs(nowMs)}`,
  };
}

function roundUp(ms: number, stepMs: number): number {
  return Math.ceil(ms / stepMs) * stepMs;
}
