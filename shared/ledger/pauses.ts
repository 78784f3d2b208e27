// One row for each owner, in the store of both group regions. Any of them pauses; nobody's ends, shortens
// or hides another's.

import { Pause } from "../domain/person.ts";
import { digestOf } from "../text/digest.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import { changeRow, type RowType, readRow, removeRow } from "./rows.ts";

/** One that cannot be read pauses. A new pause of its owner takes its place, and can be lifted. */
export const PAUSE: RowType<Pause> = { kind: "pause", schema: Pause, unreadable: "replace" };

export interface Pauses {
  readonly standing: readonly Pause[];
  /** Everything that may pause was read: without that nobody knows whether we are paused. */
  readonly readable: boolean;
}

/** Pauses of a group and of all groups, ended ones left out. */
export function pausesIn(rows: readonly LiveRows[], now: number): Pauses {
  return {
    standing: rows.flatMap((each) => each.all(PAUSE)).filter((pause) => isStanding(pause, now)),
    readable: rows.every((each) => each.isReadable(PAUSE)),
  };
}

/** A pause that was lifted keeps its row, so that lifting survives like pausing does. */
const LIFTED = 0;

function isStanding({ pausedAt, expiresAt }: Pause, now: number): boolean {
  return pausedAt !== LIFTED && (expiresAt === null || expiresAt > now);
}

/** Writes a pause of one group or of all, over an earlier one of the same owner. */
export async function writePause(book: Book, pause: Pause): Promise<void> {
  await changeRow({ book, type: PAUSE, id: pauseId(pause.owner) }, () => pause);
}

/** Lifts the pause of that owner, one that nobody can read as well. False where none was in force. */
export async function liftPause(book: Book, owner: string, now: number): Promise<boolean> {
  const row = { book, type: PAUSE, id: pauseId(owner) };
  const known = await readRow(row);
  const none = { scope: book.group, reason: "", owner, pausedAt: LIFTED, expiresAt: now };
  const outcome = await changeRow({ ...row, known }, (pause) => {
    if (pause === null) return known.kind === "unreadable" ? none : null;
    return isStanding(pause, now) ? { ...pause, pausedAt: LIFTED, expiresAt: now } : null;
  });
  return outcome.kind === "changed";
}

/** Takes away pauses that ended before that instant. One that its owner gives anew meanwhile stays. */
export async function forgetEndedPauses(
  rows: LiveRows,
  { before, atMost }: { readonly before: number; readonly atMost: number },
): Promise<void> {
  const ended = rows
    .all(PAUSE)
    .filter(({ expiresAt }) => expiresAt !== null && expiresAt < before)
    .slice(0, atMost);
  for (const { owner } of ended) {
    const row = rows.one(PAUSE, pauseId(owner));
    if (row.kind === "read") await removeRow(rows.book, PAUSE.kind, pauseId(owner), row.etag);
  }
}

/** A plain name is its own id, so that a row that nobody can read still tells whose it is. */
function pauseId(owner: string): string {
  return /^[A-Za-z0-9-]{1,64}$/.test(owner) ? owner : `~${digestOf(owner)}`;
}
