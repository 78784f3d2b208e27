import { Blips, countBlips, NO_BLIPS } from "../domain/blips.ts";
import type { Observation } from "../domain/observation.ts";
import { type LiveRows, rowIn } from "./live-rows.ts";
import type { Reading } from "./reading.ts";
import { type RowType, tryChange } from "./rows.ts";

export const BLIPS: RowType<Blips> = { kind: "blips", schema: Blips, unreadable: "replace" };

/** What a site has counted of a group's blips. */
export function blipsIn(rows: LiveRows): Reading<Blips> {
  return rows.one(BLIPS, rows.book.site);
}

/**
 * Counts looks; those that were counted already change nothing, however many ticks bring them. False
 * where it could not be written: what nobody counted is missing from an advice and from nothing else.
 */
export async function keepBlips(rows: LiveRows, looks: readonly Observation[]): Promise<boolean> {
  const count = (now: Blips | null): Blips | null => countBlips(now ?? NO_BLIPS, looks);
  const outcome = await tryChange(rowIn(rows, BLIPS, rows.book.site), count);
  return outcome.kind === "changed" || outcome.kind === "kept";
}
