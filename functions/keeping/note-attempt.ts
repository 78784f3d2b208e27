import type { Work } from "../../orchestrations/contracts.ts";
import type { Claim } from "../../shared/domain/claim.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import type { Grip } from "./motor.ts";

/** Remembers that a planned attempt of this incident has ended without effect: outage time counts anew from here. */
export async function noteAttemptEnded(
  held: Grip,
  work: Work,
  claim: Claim,
  code: string,
  now: number,
): Promise<void> {
  if (claim.kind !== "planned") return;
  await changeIncident(held.book, work, (row) => ({
    ...row,
    plannedEndedAt: now,
    plannedEndedCode: code,
  }));
}
