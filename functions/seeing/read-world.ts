import type { Facts, OperationState, SecondarySql } from "../../shared/domain/facts.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { SecondaryCommit } from "../../shared/domain/loss.ts";
import type { ReplicationReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { secondaryOf } from "./look.ts";
import { probeSecondary, sqlOf } from "./probe-secondary.ts";

/** How far back the activity log is read at least: an unended failover counts this long. */
const ACTIVITY_MS = 30 * 60_000;
/** A change that may have been the cause is this much older than the onset, at most. */
const CAUSE_MS = 15 * 60_000;

type WorldReading = Pick<
  Facts,
  | "inaccessible"
  | "secondaryCommits"
  | "application"
  | "capacityAtTarget"
  | "activity"
  | "advice"
  | "tokenGoodForMs"
> & {
  readonly operation: OperationState;
  /** What the secondary answers to this site. */
  readonly secondarySql: SecondarySql;
  readonly secondaryState: Facts["secondary"]["state"];
};

/** What the secondary's side, the platform and the application say. The primary's side is best effort. */
export async function readWorld(
  app: App,
  group: Group,
  primary: Side,
  onsetAt: number | null,
): Promise<WorldReading> {
  const { clock, instances, signals, identity } = app.ports;
  const secondary = secondaryOf(group, primary);
  const ms = group.policy.probeTimeoutMs;
  const unknown = (because: string) => ({ kind: "unknown" as const, because });
  // The instant before asking: on the safe side, since it makes commits look older than they are.
  const measuredAt = clock.now();
  const outageMs = onsetAt === null ? 0 : measuredAt - onsetAt;
  const sinceMs = Math.max(ACTIVITY_MS, group.policy.cooldownMs, outageMs + CAUSE_MS);
  const [
    state,
    operation,
    inaccessible,
    replication,
    application,
    capacityAtTarget,
    activity,
    advice,
    token,
  ] = await Promise.all([
    within(clock, ms, instances.read(secondary), unknown),
    within(clock, ms, instances.runningOperation(secondary), unknown),
    within(clock, ms, instances.inaccessibleDatabases(group[primary]), unknown),
    probeSecondary(app, group, primary),
    within(clock, ms, signals.application(group), unknown),
    within(clock, ms, signals.capacityAt(group, otherSide(primary)), () => "unknown" as const),
    within(clock, ms, signals.activity(group, sinceMs), () => []),
    within(clock, ms, signals.advice(group, primary), () => []),
    within(clock, ms, identity.tokenGoodForMs(), () => null),
  ]);
  return {
    inaccessible:
      inaccessible.kind === "read"
        ? { kind: "read", databases: [...inaccessible.databases] }
        : inaccessible,
    secondaryCommits: commitsOf(replication, measuredAt),
    application,
    capacityAtTarget,
    activity: [...activity],
    advice: [...advice],
    tokenGoodForMs: token,
    operation:
      operation.kind === "running"
        ? { ...operation, side: otherSide(primary), by: "unknown" }
        : operation,
    secondarySql: sqlOf(replication),
    secondaryState: state.kind === "read" ? state.state : { kind: "unknown", said: "unknown" },
  };
}

function commitsOf(reading: ReplicationReading, measuredAt: number): SecondaryCommit[] {
  if (reading.kind === "unknown") return [];
  return reading.rows.map(({ database, lastCommitAgeMs, lastCommitMark }) => ({
    database,
    measuredAt,
    lastCommitAgeMs,
    lastCommitMark,
  }));
}
