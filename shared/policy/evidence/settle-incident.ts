import type * as z from "zod";
import type { Decision } from "../../domain/decision.ts";
import type { Facts } from "../../domain/facts.ts";
import type { Incident, IncidentEnd } from "../../domain/incident.ts";
import type { Policy } from "../../domain/policy.ts";
import { failsBelowFloor } from "./application.ts";
import { graceLeft } from "./grace.ts";
import { judgeObservations } from "./judge-observations.ts";

/** Nothing may be wrong for this long before an incident is over. */
export const CALM_MS = 120_000;

/** While so many vantages are blind, that the rest sees nothing wrong does not end a suspicion. */
const BLIND_DOUBTED = 2;

export interface Settlement {
  /** It was more than a suspicion, now or before: what an incident once was it does not cease to have been. */
  readonly isConfirmed: boolean;
  readonly calmSinceAt: number | null;
  readonly end: z.infer<typeof IncidentEnd> | null;
}

/** Is this incident over, and how? Null while a claim, a call or any trouble keeps it open. */
export function settleIncident(
  incident: Pick<Incident, "calmSinceAt" | "isConfirmed">,
  facts: Facts,
  decision: Decision,
  policy: Policy,
): Settlement {
  const isConfirmed = incident.isConfirmed || isMoreThanSuspected(facts, decision, policy);
  const open = { isConfirmed, calmSinceAt: null, end: null };
  // Another's failover that still runs may fail: only moved roles settle the matter.
  if (decision.rule === "roles-moved") return { ...open, end: "stood-down" };
  const busy = facts.claim.kind === "open" || facts.claim.kind === "unknown" || facts.call !== null;
  const { onsetAt, partialSinceAt, lastLifeAt } = facts.outage;
  // A vantage that still votes down keeps it open: closed, it would only be opened again.
  const { down, votes } = judgeObservations(facts, policy);
  const serves =
    down === 0 && onsetAt === null && partialSinceAt === null && lastLifeAt === facts.now;
  // A question that stands is not taken back for a pause in the trouble it asks about.
  const asks = decision.verdict === "ask";
  // Whoever uses the primary may know better than a look: as long as that lasts it is told as application-failing.
  const fails = !isConfirmed && failsBelowFloor(facts.application, policy);
  if (busy || asks || !serves || fails) return open;
  const calmSinceAt = incident.calmSinceAt ?? facts.now;
  const calm = facts.now - calmSinceAt >= CALM_MS;
  // Who sees nothing confirms nothing. What lasts is told as vantage-blind; what comes and goes begins no calm anew.
  const blind = votes.filter(({ result }) => result === "blind").length;
  const waits = !calm || (!isConfirmed && blind >= BLIND_DOUBTED);
  return {
    isConfirmed,
    calmSinceAt,
    end: waits ? null : isConfirmed ? "recovered" : "not-confirmed",
  };
}

/** An outage that ended, an ask, an act, the whole grace, or trouble for the `rto`: people have heard of it. */
function isMoreThanSuspected(
  { outage, now }: Facts,
  { verdict }: Decision,
  policy: Policy,
): boolean {
  const troubledMs = outage.trouble === null ? 0 : now - outage.trouble.sinceAt;
  return (
    outage.ended.length > 0 ||
    verdict === "ask" ||
    verdict === "fail-over" ||
    graceLeft(outage, now, policy) === 0 ||
    troubledMs >= policy.rtoMs
  );
}
