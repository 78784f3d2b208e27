import { Heartbeat } from "../domain/watch.ts";
import type { Book } from "./book.ts";
import { type LiveRows, readLive, rowIn } from "./live-rows.ts";
import { type Reading, valueOrNull } from "./reading.ts";
import { type FailedBecause, type RowType, readRow, tryChange } from "./rows.ts";

export const HEARTBEAT: RowType<Heartbeat> = {
  kind: "heartbeat",
  schema: Heartbeat,
  unreadable: "replace",
};

/** For how long each other site has shown no sign of life, on our own clock. */
export interface Presence {
  /** What we have seen of the others, to be kept for the next tick. */
  readonly seen: Heartbeat["seen"];
  /** Rows that concern all groups, of those sites that were looked at just now. */
  readonly read: readonly LiveRows[];
  quietMs(site: string): number;
}

/** The last beat of the site that the rows belong to. */
export function heartbeatIn(rows: LiveRows): Reading<Heartbeat> {
  return rows.one(HEARTBEAT, rows.book.site);
}

/** The last beat of a site, from its own store. */
export function readHeartbeat(own: Book): Promise<Reading<Heartbeat>> {
  return readRow({ book: own, type: HEARTBEAT, id: own.site });
}

/**
 * Compares the heartbeats of other sites with what we have seen of them before. Instants of another
 * clock say nothing here, but whether they move does. A store that is silent shows no new beat; of a
 * site that is not looked at in this tick what was seen last stands.
 */
export async function seeOthers(
  own: LiveRows,
  others: readonly Book[],
  now: () => number,
): Promise<Presence> {
  const last = valueOrNull(heartbeatIn(own));
  const before = last?.seen ?? {};
  // Who looks at nobody knows no more than at its last beat: since then it may have stood still itself.
  const upTo = others.length === 0 && last !== null ? () => last.at : now;
  const read = await Promise.all(others.map((book) => readLive(book)));
  const at = now();
  const seen = { ...before };
  for (const rows of read) {
    const { site } = rows.book;
    const earlier = before[site];
    const beat = valueOrNull(heartbeatIn(rows))?.beat ?? earlier?.beat ?? 0;
    const stands = earlier !== undefined && earlier.beat === beat && earlier.changedAt <= at;
    seen[site] = { beat, changedAt: stands ? earlier.changedAt : at, silent: rows.silent };
  }
  return {
    seen,
    read,
    quietMs: (site) => {
      const changedAt = seen[site]?.changedAt;
      return changedAt === undefined ? 0 : Math.max(0, upTo() - changedAt);
    },
  };
}

/** Which beat was kept, or why none was. */
export type Beaten =
  | { readonly kind: "kept"; readonly beat: number }
  | { readonly kind: "lost"; readonly because: FailedBecause };

/** Says that this site's tick runs, and keeps what it has seen of the others and what it came to. */
export async function beat(
  own: LiveRows,
  { seen, report }: Pick<Heartbeat, "seen" | "report">,
  now: number,
): Promise<Beaten> {
  const { site } = own.book;
  const outcome = await tryChange(rowIn(own, HEARTBEAT, site), (last) => ({
    site,
    // A row that could not be read may have said any number: one that grows with time is another one.
    beat: (last?.beat ?? Math.floor(now / 1_000)) + 1,
    at: now,
    seen,
    report,
  }));
  if (outcome.kind === "changed") return { kind: "kept", beat: outcome.value.beat };
  // Whatever the row says it is replaced: only the store, or who writes it as well, can stand in the way.
  return { kind: "lost", because: outcome.kind === "failed" ? outcome.because : "others-write" };
}

/** Of which tick the next beat will be, for what is done at some of them only; null while nobody knows. */
export function nextBeat(own: LiveRows): number | null {
  const last = valueOrNull(heartbeatIn(own));
  return last === null ? null : last.beat + 1;
}
