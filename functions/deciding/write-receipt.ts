import type { Group } from "../../shared/domain/group.ts";
import type { Decided, DecisionReceipt } from "../../shared/domain/receipt.ts";
import { keepReceipt } from "../../shared/ledger/audit.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";
import { PRODUCT } from "../product.ts";
import { writeAudit } from "../telling/write-audit.ts";

/** Writes a decision down so that anyone can make it again, and its reasons into the audit. */
export async function writeReceipt(
  app: App,
  store: Store,
  group: Group,
  decided: Decided,
  id: string,
): Promise<void> {
  const receipt: DecisionReceipt = {
    kind: "decision",
    version: 1,
    product: PRODUCT,
    id,
    writtenAt: decided.facts.now,
    policyDigest: app.config.digest,
    policy: group.policy,
    ...decided,
  };
  await Promise.all([
    keepReceipt(store, group.name, receipt),
    auditDecision(app, store, group, decided, id),
  ]);
}

function auditDecision(
  app: App,
  store: Store,
  group: Group,
  { purpose, facts, decision }: Decided,
  id: string,
): Promise<void> {
  const { rule, verdict, kind, diagnosis, because, waitingFor, graceLeftMs } = decision;
  const called = facts.call?.purpose === purpose ? facts.call.actor.name : null;
  return writeAudit(app, store, {
    group: group.name,
    incidentId: facts.incidentId,
    action: "decided",
    key: id,
    rule,
    receiptId: id,
    actor: called ?? "geo-failover",
    detail: { purpose, verdict, kind, diagnosis, because, waitingFor, graceLeftMs },
  });
}
