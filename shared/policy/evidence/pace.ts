import type { Observation } from "../../domain/observation.ts";
import type { Policy } from "../../domain/policy.ts";
import { type Pace, TALLIES_MAX, type Tally } from "../../domain/tally.ts";

const MINUTE_MS = 60_000;

/** The looks of so long before the onset tell whether the primary sickened, or vanished. */
const BEFORE_ONSET_MS = TALLIES_MAX * MINUTE_MS;

/** Fewer looks than these tell nothing. */
const LOOKS_LEAST = 20;

/** An answer that took half the probe timeout or more. */
export function isSlow(
  { latencyMs }: Pick<Observation, "latencyMs">,
  { probeTimeoutMs }: Pick<Policy, "probeTimeoutMs">,
): boolean {
  return latencyMs !== null && 2 * latencyMs >= probeTimeoutMs;
}

/** Counts one look more; newest minute first. What is blind says nothing of the primary. */
export function tallyLook(
  tallies: Pace,
  seen: Observation,
  policy: Pick<Policy, "probeTimeoutMs">,
): Tally[] {
  if (seen.result === "blind") return [...tallies];
  const at = seen.startedAt - (seen.startedAt % MINUTE_MS);
  const minute = tallies.find((each) => each.at === at) ?? { at, looks: 0, wrote: 0, slow: 0 };
  const wrote = seen.result === "writes";
  const counted = {
    at,
    looks: minute.looks + 1,
    wrote: minute.wrote + (wrote ? 1 : 0),
    slow: minute.slow + (wrote && isSlow(seen, policy) ? 1 : 0),
  };
  const others = tallies.filter(
    (each) => each.at !== at && Math.abs(at - each.at) < BEFORE_ONSET_MS,
  );
  return [counted, ...others].sort((a, b) => b.at - a.at).slice(0, TALLIES_MAX);
}

/**
 * Was the primary slow before it was lost? So many vantages as make a quorum must say so, each by most of its own looks in
 * the half hour before the onset: one that lies changes its own word alone.
 */
export function wasSlowBefore(paces: readonly Pace[], onsetAt: number, needed: number): boolean {
  const known = paces.map((pace) => countBefore(pace, onsetAt));
  const looks = known.reduce((sum, one) => sum + one.looks, 0);
  const slow = known.filter((one) => 2 * one.slow > one.looks);
  return looks >= LOOKS_LEAST && slow.length >= needed;
}

function countBefore(
  pace: Pace,
  onsetAt: number,
): { readonly looks: number; readonly slow: number } {
  const before = pace.filter(({ at }) => at < onsetAt && at >= onsetAt - BEFORE_ONSET_MS);
  return {
    looks: before.reduce((sum, { looks }) => sum + looks, 0),
    slow: before.reduce((sum, { slow }) => sum + slow, 0),
  };
}
