import type { Instance } from "../../shared/domain/group.ts";
import type { Decided, DecisionReceipt } from "../../shared/domain/receipt.ts";
import { keepReceipt } from "../../shared/ledger/audit.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { App } from "../app.ts";
import { PRODUCT } from "../product.ts";
import { type GroupBook, writeAudit } from "../telling/write-audit.ts";

/** Writes a decision down so that anyone can make it again, and its reasons into the audit. */
export async function writeReceipt(
  app: App,
  { book, group }: GroupBook,
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
    sides: { home: named(group.home), partner: named(group.partner) },
    ...decided,
  };
  await Promise.all([keepReceipt(book, receipt), auditDecision(app, book, decided, id)]);
}

function named({ name, region }: Instance): Pick<Instance, "name" | "region"> {
  return { name, region };
}

/** For whom a decision acts: whoever called for it, else this product. */
export function actorOf({ purpose, facts }: Pick<Decided, "purpose" | "facts">): string {
  return facts.call?.purpose === purpose ? facts.call.actor.name : "geo-failover";
}

function auditDecision(app: App, book: Book, decided: Decided, id: string): Promise<void> {
  const { purpose, facts, decision } = decided;
  const { rule, verdict, kind, diagnosis, because, waitingFor, graceLeftMs } = decision;
  return writeAudit(app, book, {
    incidentId: facts.incidentId,
    action: "decided",
    key: id,
    ofAt: facts.now,
    rule,
    receiptId: id,
    actor: actorOf(decided),
    detail: { purpose, verdict, kind, diagnosis, because, waitingFor, graceLeftMs },
  });
}
