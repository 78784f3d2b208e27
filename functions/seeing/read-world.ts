import type { Facts, SecondarySql } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { SecondaryCommit } from "../../shared/domain/loss.ts";
import type { ReplicationReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { probeSecondary, sqlOf } from "./probe-secondary.ts";

export type WorldReading = Pick<
  Facts,
  "secondaryCommits" | "application" | "capacityAtTarget" | "tokenGoodForMs"
> & {
  /** What the secondary answers to this site. */
  readonly secondarySql: SecondarySql;
  /** When it was asked: an age counts from here, and a round of looks takes seconds more. */
  readonly askedAt: number;
};

/** What the secondary, the application and our own identity say. Resource Manager is asked by `readAzure`. */
export async function readWorld(app: App, group: Group, primary: Side): Promise<WorldReading> {
  const { clock, signals, identity } = app.ports;
  // The instant before asking: on the safe side, since it makes commits look older than they are.
  const measuredAt = clock.now();
  const [replication, application, capacityAtTarget, tokenGoodForMs] = await Promise.all([
    probeSecondary(app, group, primary),
    signals.application(group),
    signals.capacityAt(group, otherSide(primary)),
    identity.tokenGoodForMs(),
  ]);
  return {
    secondaryCommits: commitsOf(replication, measuredAt),
    application,
    capacityAtTarget,
    tokenGoodForMs,
    askedAt: measuredAt,
    secondarySql: sqlOf(replication),
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
