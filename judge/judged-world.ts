// The world of one incident file: what its signals say now, and what our own requests have changed since.
//
// W1. The signals speak of roles as the incident file sees them; our own failover moves roles beside them,
//     and the instances keep saying what their region's signals say.
// W2. Nothing here knows what the app believes: what it sent and said is recorded as it happened.

import type { Clock } from "functions-host/clock";
import type { IncidentFile } from "./incident-file.ts";
import { type CommitTrack, createCommitTrack } from "./last-commit.ts";
import { createRoleTrack, type RoleTrack } from "./roles.ts";
import type { GroupPlace, Place, Source, Values } from "./sources.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createTrace, type Trace } from "./trace.ts";

/** A token that was just had is good for this long. */
const TOKEN_GOOD_MS = 3_600_000;
/** The product's default. */
const PROBE_TIMEOUT_MS = 8_000;

export interface JudgedWorld {
  readonly incidentFile: IncidentFile;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly roles: RoleTrack;
  readonly commits: CommitTrack;
  readonly seed: number;
  readonly trace: Trace;
  /** Milliseconds since the incident file began; below zero before. */
  now(): number;
  read<S extends Source>(source: S): Values[S];
  /** How long the token at hand stays good; null when there is none. */
  tokenGoodForMs(): number | null;
  /** The site reports, in one way or the other. */
  speaks(place: Place): boolean;
  newId(of: string): string;
}

/** The world in which one incident file is about to happen. */
export function createJudgedWorld(
  incidentFile: IncidentFile,
  options: {
    readonly clock: Clock;
    readonly startAt: number;
    readonly seed: number;
    /** A write that takes longer has failed. */
    readonly probeTimeoutMs?: number;
  },
): JudgedWorld {
  const { clock, startAt, seed, probeTimeoutMs = PROBE_TIMEOUT_MS } = options;
  const timeline = createTimeline(incidentFile);
  const now = (): number => clock.now() - startAt;
  const read = <S extends Source>(source: S): Values[S] => timeline[source].at(now());
  const trace = createTrace();
  let ids = 0;
  return {
    incidentFile,
    clock,
    timeline,
    roles: createRoleTrack(timeline),
    commits: createCommitTrack(timeline, probeTimeoutMs),
    seed,
    trace,
    now,
    read,
    tokenGoodForMs: () => tokenGoodForMs(timeline, now()),
    speaks: (place) => speaks(timeline, place, now()),
    newId: (of) => `${of}-${seed.toString(36)}-${(++ids).toString(36)}`,
  };
}

/** A site is gone when none of its probes reports anything. */
export function speaks(timeline: Timeline, place: Place, atMs: number): boolean {
  const looks = timeline[`tds_primary@${place}`].at(atMs).kind;
  const reference = timeline[`ref_probe@${place}`].at(atMs);
  if (looks !== "silent" || reference !== "silent") return true;
  return place === "A" && timeline["write_canary@A"].at(atMs).kind !== "silent";
}

/** While tokens cannot be had there is the one at hand, if the incident file tells of one. */
function tokenGoodForMs(timeline: Timeline, atMs: number): number | null {
  if (timeline.identity.at(atMs) === "ok") return TOKEN_GOOD_MS;
  const cached = timeline.orchestrator.steps.findLast(
    (step) => step.atMs <= atMs && step.value.kind === "token-cached",
  );
  if (cached?.value.kind !== "token-cached") return null;
  return cached.value.untilMs > atMs ? cached.value.untilMs - atMs : null;
}

export function otherPlace(place: GroupPlace): GroupPlace {
  return place === "A" ? "B" : "A";
}
