// Our own requests, and what becomes of them.
//
// O1. The activity log's entries by the orchestrator are ours: a request of that kind within a minute
//     of one is that entry, and ends as the signals say that it ended.
// O2. Every other request is accepted, and ends as Azure's do: forced at once, planned while the
//     primary answers, else in a timeout.

import { classifyArmError } from "../shared/azure/arm-errors.ts";
import type { FailoverKind } from "../shared/domain/purpose.ts";
import type { PollAnswer } from "../shared/ports/failover-groups.ts";
import type { JudgedWorld } from "./judged-world.ts";
import type { RoleTrack } from "./roles.ts";
import type { ActivitySignal } from "./signal-forms.ts";
import { type GroupPlace, PLACES } from "./sources.ts";
import type { Step, Timeline } from "./timeline.ts";

const SAME_REQUEST_MS = 60_000;
const FORCED_TAKES_MS = 25_000;
const PLANNED_TAKES_MS = 40_000;
const PLANNED_TIMES_OUT_MS = 600_000;
const AGAIN_MS = 10_000;

export interface OwnFailover {
  readonly id: string;
  readonly kind: FailoverKind;
  readonly target: GroupPlace;
  readonly postedAtMs: number;
  state: "running" | "moved" | "failed";
  code: string | null;
}

export interface OwnFailovers {
  readonly all: readonly OwnFailover[];
  accept(kind: OwnFailover["kind"], target: GroupPlace, atMs: number): OwnFailover;
  /** Brings every request up to this instant. */
  settle(atMs: number): void;
  running(): OwnFailover | null;
  poll(id: string, atMs: number): PollAnswer;
}

export function createOwnFailovers({
  timeline,
  roles,
  trace,
}: Pick<JudgedWorld, "timeline" | "roles" | "trace">): OwnFailovers {
  const all: OwnFailover[] = [];
  const settle = (atMs: number): void => {
    for (const one of all.filter(({ state }) => state === "running")) {
      settleOne(one, timeline, roles, atMs);
      if (hasMoved(one)) trace.moves.push({ atMs, to: one.target });
    }
  };
  return {
    all,
    settle,
    accept: (kind, target, atMs) => {
      const id = `operation-${all.length + 1}`;
      const one: OwnFailover = { id, kind, target, postedAtMs: atMs, state: "running", code: null };
      all.push(one);
      return one;
    },
    running: () => all.find(({ state }) => state === "running") ?? null,
    poll: (id, atMs) => {
      settle(atMs);
      const one = all.find((each) => each.id === id);
      if (one === undefined) return { kind: "unknown", because: "http-404 (OperationIdNotFound)" };
      return pollAnswer(one);
    },
  };
}

function hasMoved({ state }: OwnFailover): boolean {
  return state === "moved";
}

function pollAnswer({ state, code }: OwnFailover): PollAnswer {
  switch (state) {
    case "running":
      return { kind: "running", retryAfterMs: AGAIN_MS };
    case "moved":
      return { kind: "succeeded" };
    case "failed":
      return {
        kind: "failed",
        errorClass: classifyArmError(code),
        code: code ?? "no-code",
        message: "",
      };
    default:
      return state satisfies never;
  }
}

function settleOne(one: OwnFailover, timeline: Timeline, roles: RoleTrack, atMs: number): void {
  const failure = toldFailure(one, timeline);
  const entry = toldStart(one, timeline);
  const movedAtMs = entry === null ? null : toldMove(one, timeline, entry.atMs);
  if (failure !== null && (movedAtMs === null || failure.atMs <= movedAtMs)) {
    if (atMs < Math.max(failure.atMs, one.postedAtMs)) return;
    one.state = "failed";
    one.code = failure.value.code;
    return;
  }
  if (movedAtMs !== null) {
    if (atMs >= movedAtMs) one.state = "moved";
    return;
  }
  settleAsAzureDoes(one, timeline, roles, atMs);
}

function settleAsAzureDoes(
  one: OwnFailover,
  timeline: Timeline,
  roles: RoleTrack,
  atMs: number,
): void {
  const sinceMs = atMs - one.postedAtMs;
  if (one.kind === "planned" && !mayEnd(timeline, atMs)) {
    if (sinceMs < PLANNED_TIMES_OUT_MS) return;
    one.state = "failed";
    one.code = "PlannedFailoverTimedOut";
    return;
  }
  const takesMs = one.kind === "planned" ? PLANNED_TAKES_MS : FORCED_TAKES_MS;
  if (sinceMs < takesMs) return;
  roles.move(one.target, atMs);
  one.state = "moved";
}

/** A planned failover needs both sides and the link between them. */
function mayEnd(timeline: Timeline, atMs: number): boolean {
  const answered = PLACES.some((place) => {
    const { kind } = timeline[`tds_primary@${place}`].at(atMs);
    return kind === "ok" || kind === "slow" || kind === "flaky" || kind === "partial";
  });
  return answered && timeline.fog_status.at(atMs) === "Synchronizing";
}

/** The entry that is this request, if the incident file has one. */
function toldStart(
  { kind, postedAtMs }: OwnFailover,
  { activity_log }: Timeline,
): Step<ActivitySignal> | null {
  const names = kind === "planned" ? ["planned_failover", "planned_failover_failed"] : ["failover"];
  const entry = activity_log.steps.find(
    ({ atMs, value }) =>
      value.ours && names.includes(value.what) && Math.abs(atMs - postedAtMs) <= SAME_REQUEST_MS,
  );
  return entry ?? null;
}

/**
 * How a planned request of ours ended, if the incident file says that it failed. An end that names nobody is
 * ours while no other's failover is under way.
 */
function toldFailure(
  { kind, postedAtMs }: OwnFailover,
  { activity_log, fog_primary }: Timeline,
): Step<ActivitySignal> | null {
  if (kind === "forced") return null;
  const entry = activity_log.steps.find(({ atMs, value }) => {
    if (value.what !== "planned_failover_failed") return false;
    if (value.ours) return atMs >= postedAtMs - SAME_REQUEST_MS;
    return value.nameless && atMs >= postedAtMs && !othersRun(activity_log, fog_primary, atMs);
  });
  return entry ?? null;
}

const FAILOVERS = ["failover", "planned_failover", "failback"];

/** Whether somebody else has begun a failover by then that neither moved the roles nor was told to fail. */
function othersRun(
  activity_log: Timeline["activity_log"],
  fog_primary: Timeline["fog_primary"],
  untilMs: number,
): boolean {
  const begun = activity_log.steps.findLast(
    ({ atMs, value }) => atMs < untilMs && FAILOVERS.includes(value.what) && !value.ours,
  );
  if (begun === undefined) return false;
  const ended = [
    ...fog_primary.steps,
    ...activity_log.steps.filter(({ value }) => value.what === "planned_failover_failed"),
  ];
  return !ended.some(({ atMs }) => atMs > begun.atMs && atMs < untilMs);
}

function toldMove(one: OwnFailover, { fog_primary }: Timeline, sinceMs: number): number | null {
  const step = fog_primary.steps.find(({ atMs, value }) => value === one.target && atMs >= sinceMs);
  return step === undefined ? null : Math.max(step.atMs, one.postedAtMs);
}
