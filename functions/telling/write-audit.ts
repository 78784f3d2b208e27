import type { Claim } from "../../shared/domain/claim.ts";
import type { AuditEntry } from "../../shared/domain/event.ts";
import type { Group } from "../../shared/domain/group.ts";
import { addAudit } from "../../shared/ledger/audit.ts";
import type { Book } from "../../shared/ledger/book.ts";
import type { App } from "../app.ts";

type Entry = Omit<AuditEntry, "id" | "at" | "site" | "group"> & {
  /** Tells this entry from others of its action and instant: the same key again is the same entry. */
  readonly key: string;
  /** The instant of what it tells of; the same whenever it is written down. */
  readonly ofAt: number;
};

/** A group, and a book of it. */
export interface GroupBook {
  readonly book: Book;
  readonly group: Group;
}

/** Writes one line of the audit in the name of this site, at this instant. */
export async function writeAudit(
  app: App,
  book: Book,
  { key, ofAt, ...entry }: Entry,
): Promise<void> {
  const line: AuditEntry = {
    ...entry,
    group: book.group,
    id: `${entry.incidentId ?? "none"}~${entry.action}~${key}`,
    at: app.ports.clock.now(),
    site: app.config.self.name,
  };
  await addAudit(book, line, ofAt);
}

/** Writes down what was done with a claim: by the rule and for the actor of the decision that earned it. */
export async function auditClaim(
  app: App,
  at: GroupBook,
  claim: Claim,
  done: { readonly action: string; readonly detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  await writeAudit(app, at.book, {
    incidentId: claim.incidentId,
    action: done.action,
    key: String(claim.epoch),
    ofAt: claim.takenAt,
    rule: claim.rule,
    receiptId: claim.decisionId,
    actor: claim.actor,
    detail: { ...done.detail, kind: claim.kind, target: at.group[claim.target].name },
  });
}
