import type { AuditEntry } from "../../shared/domain/event.ts";
import { addAudit } from "../../shared/ledger/audit.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";

type Entry = Omit<AuditEntry, "id" | "at" | "site"> & {
  /** Tells this entry from others of its action: the same key again is the same entry. */
  readonly key: string;
};

/** Writes one line of the audit in the name of this site, at this instant. */
export async function writeAudit(app: App, store: Store, { key, ...entry }: Entry): Promise<void> {
  await addAudit(store, {
    ...entry,
    id: `${entry.incidentId ?? "none"}~${entry.action}~${key}`,
    at: app.ports.clock.now(),
    site: app.config.self.name,
  });
}
