import type { Claim } from "../../shared/domain/claim.ts";
import { changeIncident } from "../../shared/ledger/incidents.ts";
import type { Grip } from "./motor.ts";

/** Remembers that a planned attempt of this incident has ended without effect: outage time counts anew from here. */
export async function noteAttemptEnded(
  { book, work }: Pick<Grip, "book" | "work">,
  claim: Claim,
  code: string,
  now: number,
): Promise<void> {
  if (claim.kind !== "planned") return;
  // Whoever works on the incident by now: it is so, and nobody else will find it out.
  await changeIncident(book, { ...work, motor: "any" }, (row) => ({
    ...row,
    plannedEndedAt: now,
    plannedEndedCode: code,
  }));
}
