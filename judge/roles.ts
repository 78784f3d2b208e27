import type { GroupPlace } from "./sources.ts";
import type { Timeline } from "./timeline.ts";

/** Who is primary, as the incident file tells it and as we have changed it. */
export interface RoleTrack {
  /** By the signals alone: the instance that `tds_primary` speaks of. */
  told(atMs: number): GroupPlace;
  /** The newest of what the signals say and what our own failovers did. */
  primary(atMs: number): GroupPlace;
  /** Our own failover has taken effect. */
  move(to: GroupPlace, atMs: number): void;
}

interface Change {
  readonly atMs: number;
  readonly to: GroupPlace;
}

export function createRoleTrack({ fog_primary }: Timeline): RoleTrack {
  const ours: Change[] = [];
  const told = fog_primary.steps.flatMap(({ atMs, value }) =>
    value === "unknown" ? [] : [{ atMs, to: value }],
  );
  const newest = (changes: readonly Change[], atMs: number): Change =>
    changes.findLast((change) => change.atMs <= atMs) ?? START;
  return {
    told: (atMs) => newest(told, atMs).to,
    primary: (atMs) => {
      const [byOthers, byUs] = [newest(told, atMs), newest(ours, atMs)];
      return byUs.atMs > byOthers.atMs ? byUs.to : byOthers.to;
    },
    move: (to, atMs) => {
      ours.push({ atMs, to });
    },
  };
}

const START: Change = { atMs: Number.NEGATIVE_INFINITY, to: "A" };
