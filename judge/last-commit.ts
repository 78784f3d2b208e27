import type { SqlSignal } from "./signal-forms.ts";
import { PLACES, type Place } from "./sources.ts";
import type { Timeline } from "./timeline.ts";

/** When the primary stopped taking writes, and what of them the secondary has. */
export interface CommitTrack {
  /** The newest commit of the primary: now, or the instant at which nobody could write any more. */
  onPrimary(atMs: number): number;
  /** The newest commit that is hardened on the secondary; null where nobody knows. */
  onSecondary(atMs: number): number | null;
}

interface Loss {
  readonly atMs: number;
  readonly lost: boolean;
}

export function createCommitTrack(timeline: Timeline, probeTimeoutMs: number): CommitTrack {
  const losses = lossesOf(timeline, probeTimeoutMs);
  const lostSince = (atMs: number): number | null => {
    const newest = losses.findLast((loss) => loss.atMs <= atMs);
    return newest?.lost === true ? newest.atMs : null;
  };
  return {
    onPrimary: (atMs) => lostSince(atMs) ?? atMs,
    onSecondary: (atMs) => {
      const lostAt = lostSince(atMs);
      // While the primary commits, the link's lag says how far behind the secondary is.
      const behindS =
        lostAt === null
          ? timeline.repl_lag_s.at(atMs)
          : timeline.secondary_last_commit_gap_s.at(atMs);
      return behindS === "unknown" ? null : (lostAt ?? atMs) - behindS * 1_000;
    },
  };
}

/** Every instant at which writes were lost, or came back, in order. */
function lossesOf(timeline: Timeline, probeTimeoutMs: number): readonly Loss[] {
  const tracks = [
    ...PLACES.map((place) => timeline[`tds_primary@${place}`]),
    timeline["write_canary@A"],
    timeline["ref_probe@A"],
  ];
  const instants = [...new Set(tracks.flatMap(({ steps }) => steps.map(({ atMs }) => atMs)))];
  let lost = false;
  return instants
    .sort((a, b) => a - b)
    .flatMap((atMs) => {
      const before = lost;
      lost = !PLACES.some((place) => mayWrite(timeline, place, atMs, probeTimeoutMs));
      return lost === before ? [] : [{ atMs, lost }];
    });
}

function mayWrite(timeline: Timeline, place: Place, atMs: number, probeTimeoutMs: number): boolean {
  const canary = timeline["write_canary@A"].at(atMs);
  if (place === "A" && mayWork(canary, probeTimeoutMs)) return true;
  const login = timeline[`tds_primary@${place}`].at(atMs);
  return (
    mayWork(login, probeTimeoutMs) && mayWork(writeSeenBy(timeline, place, atMs), probeTimeoutMs)
  );
}

/**
 * What a write from there meets. The canary is told as A sees it; elsewhere it is the same, unless A
 * cannot see the primary for reasons of its own.
 */
export function writeSeenBy(timeline: Timeline, place: Place, atMs: number): SqlSignal {
  const canary = timeline["write_canary@A"].at(atMs);
  if (place === "A") return canary;
  const { kind } = timeline["tds_primary@A"].at(atMs);
  const blindThere = kind === "timeout" || kind === "silent" || kind === "dns-fail";
  return blindThere || timeline["ref_probe@A"].at(atMs) !== "ok" ? { kind: "ok" } : canary;
}

function mayWork(signal: SqlSignal, probeTimeoutMs: number): boolean {
  switch (signal.kind) {
    case "ok":
      return true;
    case "slow":
      return signal.ms < probeTimeoutMs;
    case "flaky":
      return signal.fraction < 1;
    case "partial":
      return signal.failed < signal.databases;
    case "timeout":
    case "silent":
    case "dns-fail":
    case "error":
    case "network":
      return false;
    default:
      return signal satisfies never;
  }
}
