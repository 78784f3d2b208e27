import { activityEntry } from "../shared/azure/activity-log/activity-entry.ts";
import type { ActivityEntry } from "../shared/domain/facts.ts";
import type { Group } from "../shared/domain/group.ts";
import type { ActivitySignal } from "./signal-forms.ts";
import type { GroupPlace } from "./sources.ts";
import type { Step, Timeline } from "./timeline.ts";

type Kind = ActivityEntry["what"];

/** The words of the format, in ours. A failover that was begun has its end beside it, once it has one. */
const KINDS: Readonly<Record<string, Kind>> = {
  failover: "failover-started",
  failback: "failover-started",
  planned_failover: "failover-started",
  planned_failover_failed: "failover-failed",
  mi_scale: "scale",
  nsg_rule_write: "network-change",
  keyvault_policy_change: "key-change",
};

/** What the activity log shows at that instant: every entry that was ever told, each with its own. */
export function entriesOf(
  timeline: Timeline,
  group: Group,
  startAt: number,
  nowMs: number,
): readonly ActivityEntry[] {
  return timeline.activity_log.steps
    .filter(({ atMs, value }) => atMs <= nowMs && value.what !== "none")
    .flatMap((step) => [entryOf(step, group, startAt), ...endOf(step, timeline, startAt, nowMs)]);
}

function entryOf(
  { atMs, value }: Step<ActivitySignal>,
  group: Group,
  startAt: number,
): ActivityEntry {
  const { what, by, ours, code } = value;
  const kind = KINDS[what] ?? kindByName(what, group);
  return {
    what: kind,
    operation: code === null ? what : `${what}: ${code}`,
    by,
    ours,
    // Changes are told of the primary's region at the beginning.
    side: /^(scale|network-change|key-change)$/.test(kind) ? "home" : null,
    at: startAt + atMs,
  };
}

/** An operation under Azure's own name is what the product takes it for. */
function kindByName(operation: string, group: Group): Kind {
  const record = {
    operationName: { value: operation, localizedValue: operation },
    status: { value: "Succeeded", localizedValue: "Succeeded" },
    caller: "somebody",
    eventTimestamp: new Date(0).toISOString(),
    resourceId: group.home.id,
    correlationId: null,
  };
  return activityEntry(record, group, new Set())?.what ?? "other";
}

/** When the roles were told to be where this failover was to bring them. */
function endOf(
  { atMs, value: { what, by, ours } }: Step<ActivitySignal>,
  { fog_primary }: Timeline,
  startAt: number,
  nowMs: number,
): readonly ActivityEntry[] {
  if (KINDS[what] !== "failover-started") return [];
  const target: GroupPlace = what === "failback" ? "A" : "B";
  const there = fog_primary.at(atMs) === target;
  const arrived = fog_primary.steps.find((step) => step.atMs >= atMs && step.value === target);
  const endedAtMs = there ? atMs : arrived?.atMs;
  if (endedAtMs === undefined || endedAtMs > nowMs) return [];
  const at = startAt + endedAtMs;
  return [{ what: "failover-succeeded", operation: what, by, ours, side: null, at }];
}
