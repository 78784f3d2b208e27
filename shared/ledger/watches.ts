import { Heartbeat, NO_WATCH, SeenHeartbeat, Watch } from "../domain/watch.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, type RowType, readRow } from "./rows.ts";
import { EVERY_GROUP } from "./stores.ts";

const WATCH: RowType<Watch> = { kind: "watch", schema: Watch };
const HEARTBEAT: RowType<Heartbeat> = { kind: "heartbeat", schema: Heartbeat };
const SEEN: RowType<SeenHeartbeat> = { kind: "seen-heartbeat", schema: SeenHeartbeat };

/** What this site knows of a group; an empty watch where it has never looked. */
export async function readWatch(own: Store, group: string): Promise<Watch> {
  return (await readRow(own, WATCH, group, own.site))?.value ?? NO_WATCH;
}

/** Changes what this site knows of a group, and gives what stands there then. `change` may run twice. */
export async function changeWatch(
  own: Store,
  group: string,
  change: (watch: Watch) => Watch,
): Promise<Watch> {
  const { value } = await changeRow(own, WATCH, group, own.site, (now) => change(now ?? NO_WATCH));
  return value ?? NO_WATCH;
}

/** Says that this site's tick runs. Others judge by whether it changes, not by its instant. */
export async function beat(own: Store, now: number): Promise<number> {
  const { value } = await changeRow(own, HEARTBEAT, EVERY_GROUP, own.site, (last) => ({
    site: own.site,
    beat: (last?.beat ?? 0) + 1,
    at: now,
  }));
  return value?.beat ?? 0;
}

/** The newest heartbeat in this store, of the site whose store it is; null where there is none. */
export async function lastBeat(store: Store): Promise<Heartbeat | null> {
  return (await readRow(store, HEARTBEAT, EVERY_GROUP, store.site))?.value ?? null;
}

/** For how long, on our own clock, that site's heartbeat has not changed. */
export async function quietForMs(own: Store, other: Store, now: number): Promise<number> {
  const heartbeat = await lastBeat(other).catch(() => null);
  return unchangedForMs(own, other.site, heartbeat?.beat ?? null, now);
}

/**
 * For how long, on our own clock, we have seen this number unchanged; null is "not to be had".
 * Instants of another clock say nothing here, but whether they move does.
 */
export async function unchangedForMs(
  own: Store,
  what: string,
  current: number | null,
  now: number,
): Promise<number> {
  const { value } = await changeRow(own, SEEN, EVERY_GROUP, what, (seen) => {
    const beat = current ?? seen?.beat ?? 0;
    return seen === null || seen.beat !== beat || seen.changedAt > now
      ? { beat, changedAt: now }
      : null;
  });
  return Math.max(0, now - (value?.changedAt ?? now));
}
