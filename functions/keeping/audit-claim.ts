import type { Claim } from "../../shared/domain/claim.ts";
import { readReceipt } from "../../shared/ledger/audit.ts";
import type { App } from "../app.ts";
import { writeAudit } from "../telling/write-audit.ts";
import type { Grip } from "./motor.ts";

/** Writes down what was done with a claim: by the rule and for the actor of the decision that earned it. */
export async function auditClaim(
  app: App,
  held: Pick<Grip, "store" | "group">,
  claim: Claim,
  action: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const receipt = await readReceipt(held.store, held.group.name, claim.decisionId);
  await writeAudit(app, held.store, {
    group: held.group.name,
    incidentId: claim.incidentId,
    action,
    key: String(claim.epoch),
    rule: receipt?.decision.rule ?? null,
    receiptId: claim.decisionId,
    actor: receipt?.facts.call?.actor.name ?? "geo-failover",
    detail: { ...detail, kind: claim.kind, target: held.group[claim.target].name },
  });
}
