import { activityRecord } from "../shared/azure/activity-log/activity-entry.ts";
import type { ActivityEntry, OperationKind } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import { BUSY } from "./arm-answers.ts";
import type { ActivitySignal, ArmSignal } from "./signal-forms.ts";
import type { GroupPlace } from "./sources.ts";
import type { Step, Timeline } from "./timeline.ts";

/** How far it had come when the format tells of it. */
interface Told {
  readonly what: OperationKind;
  readonly step: "begun" | "done" | "failed" | "done-when-at-rest";
}

/** The words of the format, in ours. */
const TOLD: Readonly<Record<string, Told>> = {
  failover: { what: "failover", step: "begun" },
  failback: { what: "failover", step: "begun" },
  planned_failover: { what: "failover", step: "begun" },
  planned_failover_failed: { what: "failover", step: "failed" },
  mi_scale: { what: "scale", step: "done-when-at-rest" },
  nsg_rule_write: { what: "network", step: "done" },
  keyvault_policy_change: { what: "key", step: "done" },
};

/** What the activity log shows at that instant: every entry that was ever told, each with its own end. */
export function entriesOf(
  timeline: Timeline,
  group: Group,
  startAt: number,
  nowMs: number,
): readonly ActivityEntry[] {
  return timeline.activity_log.steps
    .filter(({ atMs, value }) => atMs <= nowMs && value.what !== "none")
    .map((step) => {
      const told = TOLD[step.value.what] ?? toldByName(step.value.what, group);
      const { what, by, ours, code } = step.value;
      const at = startAt + step.atMs;
      const entry = {
        what: told.what,
        said: code === null ? what : `${what}: ${code}`,
        by,
        ours,
        side: sideOf(told.what),
      };
      switch (told.step) {
        case "begun":
          return { ...entry, startedAt: at, ended: endOf(step, timeline, startAt, nowMs) };
        case "done":
          return { ...entry, startedAt: at, ended: { at, how: "well" } };
        case "done-when-at-rest":
          return { ...entry, startedAt: at, ended: restAfter(step.atMs, timeline, startAt, nowMs) };
        case "failed":
          return { ...entry, startedAt: null, ended: { at, how: "badly" } };
        default:
          return told.step satisfies never;
      }
    });
}

/** Changes are told of the primary's region at the beginning. */
function sideOf(what: OperationKind): "home" | null {
  switch (what) {
    case "scale":
    case "network":
    case "key":
    case "update":
      return "home";
    case "failover":
    case "other":
      return null;
    default:
      return what satisfies never;
  }
}

/** An operation under Azure's own name is what the product takes it for, and done. */
function toldByName(operation: string, group: Group): Told {
  const record = {
    operationName: { value: operation, localizedValue: operation },
    status: { value: "Succeeded", localizedValue: "Succeeded" },
    caller: "somebody",
    eventTimestamp: new Date(0).toISOString(),
    resourceId: group.home.id,
    correlationId: null,
  };
  const what = activityRecord(record, group, new Set())?.entry.what ?? "other";
  return { what, step: "done" };
}

/** An operation on A runs for as long as A is told to be busy from its beginning on; what only cannot be read has not ended. */
function restAfter(
  atMs: number,
  { arm_primary }: Timeline,
  startAt: number,
  nowMs: number,
): ActivityEntry["ended"] {
  const isBusy = (told: ArmSignal): boolean => told.kind === "state" && BUSY.test(told.state);
  if (!isBusy(arm_primary.at(atMs))) return { at: startAt + atMs, how: "well" };
  const rest = arm_primary.steps.find(
    ({ atMs: at, value }) => at > atMs && value.kind === "state" && !isBusy(value),
  );
  if (rest === undefined || rest.atMs > nowMs) return null;
  return { at: startAt + rest.atMs, how: "well" };
}

/** When the roles were told to be where this failover was to bring them; null while they are not. */
function endOf(
  { atMs, value: { what } }: Step<ActivitySignal>,
  { fog_primary }: Timeline,
  startAt: number,
  nowMs: number,
): ActivityEntry["ended"] {
  const target: GroupPlace = what === "failback" ? "A" : "B";
  const there = fog_primary.at(atMs) === target;
  const arrived = fog_primary.steps.find((step) => step.atMs >= atMs && step.value === target);
  const endedAtMs = there ? atMs : arrived?.atMs;
  if (endedAtMs === undefined || endedAtMs > nowMs) return null;
  return { at: startAt + endedAtMs, how: "well" };
}
