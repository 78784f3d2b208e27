import type { Facts, OperationState, SecondarySql } from "../../shared/domain/facts.ts";
import type { Group, Side } from "../../shared/domain/group.ts";
import { otherSide } from "../../shared/domain/group.ts";
import type { SecondaryCommit } from "../../shared/domain/loss.ts";
import type { PrimaryReading } from "../../shared/policy/evidence/primary-work.ts";
import type { ReplicationReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { secondaryOf } from "./look.ts";
import { probeSecondary, sqlOf, stateOf } from "./probe-secondary.ts";

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
  /** When it was asked: an age counts from here, and a round of looks takes seconds more. */
  readonly askedAt: number;
  /** What the primary's own side says of it just now. */
  readonly primaryNow: PrimaryReading;
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
  // The instant before asking: on the safe side, since it makes commits look older than they are.
  const measuredAt = clock.now();
  const outageMs = onsetAt === null ? 0 : measuredAt - onsetAt;
  const sinceMs = Math.max(ACTIVITY_MS, group.policy.cooldownMs, outageMs + CAUSE_MS);
  const [
    state,
    operation,
    primaryState,
    primaryOperation,
    inaccessible,
    replication,
    application,
    capacityAtTarget,
    activity,
    advice,
    token,
  ] = await Promise.all([
    instances.read(secondary),
    instances.runningOperation(secondary),
    instances.read(group[primary]),
    instances.runningOperation(group[primary]),
    instances.inaccessibleDatabases(group[primary]),
    probeSecondary(app, group, primary),
    signals.application(group),
    signals.capacityAt(group, otherSide(primary)),
    signals.activity(group, sinceMs),
    signals.advice(group, primary),
    identity.tokenGoodForMs(),
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
    askedAt: measuredAt,
    secondarySql: sqlOf(replication),
    secondaryState: stateOf(state),
    primaryNow: {
      state: primaryState.kind === "read" ? primaryState.state.kind : "unknown",
      operation: primaryOperation,
    },
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
