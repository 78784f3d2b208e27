import type { Claim } from "../../shared/domain/claim.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import type { Grip } from "./motor.ts";

/** Remembers that a planned attempt of this incident has ended without effect: outage time counts anew from here. */
export async function noteAttemptEnded(
  held: Grip,
  claim: Claim,
  code: string,
  now: number,
): Promise<void> {
  if (claim.kind !== "planned") return;
  await changeIncident(held.book, held.work, (row) => ({
    ...row,
    plannedEndedAt: now,
    plannedEndedCode: code,
  }));
}
