import type { SecondarySql, SecondaryState } from "../../shared/domain/facts.ts";
import { type Group, otherSide, type Side } from "../../shared/domain/group.ts";
import type { SecondarySeen } from "../../shared/domain/travelling.ts";
import { nameSecondary } from "../../shared/policy/evidence/name-secondary.ts";
import type { InstanceReading } from "../../shared/ports/instances.ts";
import type { ReplicationReading } from "../../shared/ports/sql.ts";
import type { App } from "../app.ts";
import { secondaryOf } from "./look.ts";

/** One login to the secondary. Every site asks the same question, so that an answer means the same. */
export async function probeSecondary(
  app: App,
  group: Group,
  primary: Side,
): Promise<ReplicationReading> {
  const { fqdn } = secondaryOf(group, primary);
  return app.ports.sql.replication({ fqdn, timeoutMs: group.policy.probeTimeoutMs });
}

/** What this site sees of the secondary, for the site that decides. A site beside the primary does not ask. */
export async function seeSecondary(
  app: App,
  group: Group,
  primary: Side,
): Promise<SecondarySeen | null> {
  if (app.config.self.region === group[primary].region) return null;
  return { side: otherSide(primary), sql: sqlOf(await probeSecondary(app, group, primary)) };
}

/** Whether Resource Manager calls it ready. */
export function stateOf(reading: InstanceReading): SecondaryState["state"] {
  return reading.kind === "read" ? reading.state : { kind: "unknown", said: "unknown" };
}

/** Whether a secondary that was asked answers, and serves. */
export function sqlOf(reading: ReplicationReading): SecondarySql {
  return nameSecondary(reading.kind === "read" ? null : reading);
}
