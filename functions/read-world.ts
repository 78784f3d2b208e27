import type { Facts, OperationState } from "../shared/domain/facts.ts";
import type { Group, Side } from "../shared/domain/group.ts";
import { otherSide } from "../shared/domain/group.ts";
import type { SecondaryCommit } from "../shared/domain/loss.ts";
import type { ReplicationReading } from "../shared/ports/sql.ts";
import type { App } from "./app.ts";
import { within } from "./deadline.ts";
import { secondaryOf } from "./look.ts";

const ACTIVITY_MS = 30 * 60_000;

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
  readonly secondarySql: Facts["secondary"]["sql"];
  readonly secondaryState: string;
};

/** What the secondary's side, the platform and the application say. The primary's side is best effort. */
export async function readWorld(app: App, group: Group, primary: Side): Promise<WorldReading> {
  const { clock, instances, signals, identity, sql } = app.ports;
  const secondary = secondaryOf(group, primary);
  const ms = group.policy.probeTimeoutMs;
  const unknown = (because: string) => ({ kind: "unknown" as const, because });
  const target = { fqdn: secondary.fqdn, timeoutMs: ms };
  // The instant before asking: on the safe side, since it makes commits look older than they are.
  const measuredAt = clock.now();
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
    within<ReplicationReading>(clock, ms, sql.replication(target), () => ({
      kind: "unknown",
      because: "timeout",
    })),
    within(clock, ms, signals.application(group), unknown),
    within(clock, ms, signals.capacityAt(group, otherSide(primary)), () => "unknown" as const),
    within(clock, ms, signals.activity(group, ACTIVITY_MS), () => []),
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
        ? { ...operation, failover: /failover/i.test(operation.name), by: "unknown" }
        : operation,
    secondarySql: replication.kind === "read" ? "answers" : silence(replication.because),
    secondaryState: state.kind === "read" ? state.state : "unknown",
  };
}

/** A server that refuses us answers; one that let the probe time out is silent; else we do not know. */
function silence(because: string): Facts["secondary"]["sql"] {
  if (because.startsWith("error-")) return "answers";
  return because === "timeout" || because === "unreachable" ? "silent" : "unknown";
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
