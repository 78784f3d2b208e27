import type { Facts } from "../../domain/facts.ts";
import type { Seen } from "../../domain/incident.ts";
import type { Policy } from "../../domain/policy.ts";
import { noteRatio } from "./application.ts";
import { judgeObservations } from "./judge-observations.ts";

/** Who sees what of the primary, as it counted in this decision: a message says so. */
export function whoSees(facts: Facts, policy: Policy): Seen {
  const { votes } = judgeObservations(facts, policy);
  return {
    looks: votes.map(({ vantage, result }) => ({ vantage, result })),
    applicationRatio: noteRatio(facts.application, facts.now).ratio,
  };
}
