import type { Observation } from "../domain/observation.ts";
import { type KeyProof, NO_WATCH, type RoleChange, type Watch } from "../domain/watch.ts";
import { rowIn } from "./live-rows.ts";
import {
  KEY_PROOF,
  LOOKS,
  LOOKS_KEPT,
  type Occasion,
  type OwnView,
  ROLE_CHANGE,
  WATCH,
} from "./own-view.ts";
import { tryChange } from "./rows.ts";

/**
 * Changes what this site remembers of the group. What comes back holds whether or not it could be
 * written: a look that nobody remembers was made all the same.
 */
export async function keepWatch(view: OwnView, change: (watch: Watch) => Watch): Promise<Watch> {
  const { rows, memory, watch: remembered } = view;
  const row = rowIn(rows, WATCH, rows.book.site);
  const outcome = await tryChange(row, (now) => change(now ?? NO_WATCH));
  const watch = outcome.kind === "changed" ? outcome.value : change(remembered);
  memory.primary = watch.primary;
  noteKept(view, watch.looks.at(-1), outcome.kind === "changed");
  return watch;
}

/** Remembers a look that was made beside the tick. */
export async function keepLook(
  view: OwnView,
  occasion: Occasion,
  seen: Observation,
): Promise<void> {
  recall(view, seen);
  const outcome = await tryChange(rowIn(view.rows, LOOKS, occasion), (now) => ({
    looks: withLook(now?.looks ?? [], seen),
  }));
  noteKept(view, seen, outcome.kind === "changed");
}

/** A store that can be read and takes nothing would show us old looks for ever. */
function noteKept({ memory }: OwnView, seen: Observation | undefined, kept: boolean): void {
  if (kept) memory.unkeptSinceAt = null;
  else memory.unkeptSinceAt ??= seen?.startedAt ?? null;
}

/** Forgets looks of the future: they were timed by a clock that has been set back since. */
export async function forgetFutureLooks(
  { rows }: OwnView,
  occasion: Occasion,
  now: number,
): Promise<void> {
  const known = rows.one(LOOKS, occasion);
  const isPast = ({ endedAt }: Observation): boolean => endedAt <= now;
  if (known.kind !== "read" || known.value.looks.every(isPast)) return;
  const past = (): { looks: Observation[] } => ({ looks: known.value.looks.filter(isPast) });
  await tryChange(rowIn(rows, LOOKS, occasion), past);
}

/** Keeps a look in this process, for the time in which its store is silent. */
export function recall({ memory }: OwnView, seen: Observation): void {
  memory.looks = withLook(memory.looks, seen);
}

/**
 * Adds a look to others; the same look twice is one look. Looks of the future were timed by a clock
 * that has been set back since: nobody can tell their age, so they are forgotten.
 */
export function withLook(looks: readonly Observation[], seen: Observation): Observation[] {
  return [...looks.filter((known) => known.startedAt < seen.startedAt), seen].slice(-LOOKS_KEPT);
}

/** Writes down who is primary since when. False where it may not have been: then it is to be seen again. */
export async function keepRoleChange({ rows }: OwnView, roles: RoleChange): Promise<boolean> {
  const outcome = await tryChange(rowIn(rows, ROLE_CHANGE, rows.book.site), (now) =>
    now !== null && now.primary === roles.primary && (now.at ?? 0) >= (roles.at ?? 0)
      ? null
      : roles,
  );
  return outcome.kind === "changed" || outcome.kind === "kept";
}

/** Keeps what is known of the key of the instance that is secondary. */
export async function keepKeyProof({ rows }: OwnView, proof: KeyProof): Promise<void> {
  await tryChange(rowIn(rows, KEY_PROOF, rows.book.site), () => proof);
}
