import type { SecondarySql } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { SecondarySeen } from "../../shared/domain/travelling.ts";
import { readWatch } from "../../shared/ledger/watches.ts";
import { nameSecondary } from "../../shared/policy/evidence/name-secondary.ts";
import type { ReplicationReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { within } from "../deadline.ts";
import { secondaryOf } from "./look.ts";

/** One login to the secondary. Every site asks the same question, so that an answer means the same. */
export async function probeSecondary(
  app: App,
  group: Group,
  primary: Side,
): Promise<ReplicationReading> {
  const { clock, sql } = app.ports;
  const timeoutMs = group.policy.probeTimeoutMs;
  const { fqdn } = secondaryOf(group, primary);
  return within<ReplicationReading>(clock, timeoutMs, sql.replication({ fqdn, timeoutMs }), () => ({
    kind: "unknown",
    because: "timeout",
  }));
}

/** What this site sees of the secondary, for the site that decides. A site beside the primary does not ask. */
export async function seeSecondary(app: App, group: Group): Promise<SecondarySeen | null> {
  const primary = (await readWatch(app.stores.own, group.name)).primary ?? "home";
  if (app.config.self.region === group[primary].region) return null;
  return { side: otherSide(primary), sql: sqlOf(await probeSecondary(app, group, primary)) };
}

/** Whether a secondary that was asked answers, and serves. */
export function sqlOf(reading: ReplicationReading): SecondarySql {
  return nameSecondary(reading.kind === "read" ? null : reading);
}
