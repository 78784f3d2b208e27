import type { Failback } from "../shared/domain/failback.ts";
import type { Incident } from "../shared/domain/incident.ts";
import { FAILBACK } from "../shared/ledger/failbacks.ts";
import { INCIDENT } from "../shared/ledger/incidents.ts";
import { createAppEntries } from "./app-entries.ts";
import type { Entry } from "./entry.ts";
import type { Run } from "./start-run.ts";
import { createShelf } from "./stored-entries.ts";
import { createWorldEntries } from "./world-entries.ts";

export interface Watched {
  /** What has happened since the last call, oldest first. */
  news(): readonly Entry[];
  incident(): Incident | null;
  failback(): Failback | null;
  /** Something is under way that people would watch. */
  busy(): boolean;
}

/** Reads the world's ledger and the sites' stores; it never asks the app, and changes nothing. */
export function watchRun(run: Run): Watched {
  const sources = [createWorldEntries(run), createAppEntries(run)];
  const newest = <T>(rows: readonly { readonly value: T }[], at: (value: T) => number): T | null =>
    rows.map(({ value }) => value).sort((a, b) => at(b) - at(a))[0] ?? null;
  const incidents = createShelf(run.world, run.group.name, INCIDENT);
  const failbacks = createShelf(run.world, run.group.name, FAILBACK);
  const incident = (): Incident | null => newest(incidents(), (row) => row.openedAt);
  const failback = (): Failback | null =>
    newest(failbacks(), (row) => row.doneAt ?? row.protectedAt ?? row.failedOverAt);
  return {
    news: () => sources.flatMap((news) => news()).sort((a, b) => a.at - b.at),
    incident,
    failback,
    busy: () => {
      const open = incident();
      const operation = run.world.groups.get(run.group.name)?.operation ?? null;
      return (open !== null && open.closedAt === null) || operation !== null;
    },
  };
}
