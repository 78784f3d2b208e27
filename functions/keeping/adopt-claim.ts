import type { Claim } from "../../shared/domain/claim.ts";
import type { Group } from "../../shared/domain/group.ts";
import type { Incident } from "../../shared/domain/incident.ts";
import { claimIn } from "../../shared/ledger/claims.ts";
import { failbackIn, isOver } from "../../shared/ledger/failbacks.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import type { LiveRows } from "../../shared/ledger/live-rows.ts";
import { valueOrNull } from "../../shared/ledger/reading.ts";
import { doubtIn, isUnsettled } from "../../shared/policy/evidence/follow-claim.ts";
import type { App } from "../app.ts";
import { primaryBy, readGroup } from "../seeing/read-roles.ts";
import { beginIncident } from "./begin-incident.ts";
import { leads } from "./leads.ts";

/**
 * A claim that nobody works on any more, since its incident is over or gone, gets an incident of its
 * own while anything may still come of it: each move of ours has its receipt, whatever died meanwhile.
 */
export async function adoptClaim(
  app: App,
  group: Group,
  presence: Promise<Presence>,
  rows: LiveRows,
): Promise<Incident | null> {
  const claim = valueOrNull(claimIn(rows));
  if (claim === null) return null;
  const at = app.ports.clock.now();
  const doubt = doubtIn(claim, at);
  if (!isUnsettled(claim) && doubt === null) return null;
  if (isOfFailback(rows, doubt?.incidentId ?? claim.incidentId)) return null;
  if (!(await leads(app, group, claim.expectedPrimary, presence))) return null;
  if (!isUnsettled(claim) && !(await hasMoved(app, group, claim))) return null;
  const { expectedPrimary } = claim;
  const id = `${group.name}-${at.toString(36)}`;
  const suspicion = { id, group: group.name, openedBy: "claim", at, expectedPrimary, call: null };
  return (await beginIncident(app, rows, suspicion)).incident;
}

/** Its own motor is brought back for it. */
function isOfFailback(rows: LiveRows, incidentId: string): boolean {
  const failback = valueOrNull(failbackIn(rows, "partner"));
  return failback !== null && failback.id === incidentId && !isOver(failback);
}

async function hasMoved(
  app: App,
  group: Group,
  { expectedPrimary, target }: Claim,
): Promise<boolean> {
  return primaryBy(await readGroup(app, group, expectedPrimary), expectedPrimary) === target;
}
