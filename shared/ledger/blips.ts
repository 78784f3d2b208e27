import { Blips, countBlips, NO_BLIPS } from "../domain/blips.ts";
import type { Observation } from "../domain/observation.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, type RowType, readRow } from "./rows.ts";

const BLIPS: RowType<Blips> = { kind: "blips", schema: Blips };

/** What this site has counted of a group's blips. */
export async function readBlips(own: Store, group: string): Promise<Blips> {
  return (await readRow(own, BLIPS, group, own.site))?.value ?? NO_BLIPS;
}

/** Counts looks; those that were counted already change nothing, however many ticks bring them. */
export async function keepBlips(
  own: Store,
  group: string,
  looks: readonly Observation[],
): Promise<void> {
  await changeRow(own, BLIPS, group, own.site, (now) => countBlips(now ?? NO_BLIPS, looks));
}
