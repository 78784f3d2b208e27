import type * as z from "zod";
import type { LastRoleChange } from "../domain/facts.ts";
import { Override } from "../domain/person.ts";
import { Instant } from "../domain/units.ts";
import type { Book } from "./book.ts";
import type { LiveRows } from "./live-rows.ts";
import { changeRow, type RowType } from "./rows.ts";

/** One row per group and guard; one that was withdrawn stays, so that withdrawing survives as well. */
const Kept = Override.extend({ withdrawnAt: Instant.nullable() });
export type KeptOverride = z.infer<typeof Kept>;

/** One that cannot be read lifts nothing; a new word takes its place. */
export const OVERRIDE: RowType<KeptOverride> = {
  kind: "override",
  schema: Kept,
  unreadable: "replace",
};

/** All that was ever said on the guards of a group in one store, the newest word on each. */
export function overridesIn(rows: LiveRows): readonly KeptOverride[] {
  return rows.all(OVERRIDE);
}

/**
 * Keeps the word on one guard in place of any other. It counts as said after that one, whatever the
 * clocks of the two sites say: whoever is told that it is kept may rely on it.
 */
export async function keepOverride(book: Book, override: Override): Promise<void> {
  await changeRow({ book, type: OVERRIDE, id: override.guard }, (kept) => ({
    ...override,
    madeAt: kept === null ? override.madeAt : Math.max(override.madeAt, saidAt(kept) + 1),
    withdrawnAt: null,
  }));
}

/** Takes the word on one guard back. False when there was none that stood. */
export async function withdrawOverride(
  book: Book,
  guard: Override["guard"],
  now: number,
): Promise<boolean> {
  const outcome = await changeRow({ book, type: OVERRIDE, id: guard }, (kept) =>
    kept === null || kept.withdrawnAt !== null || kept.expiresAt <= now
      ? null
      : { ...kept, withdrawnAt: Math.max(now, kept.madeAt) },
  );
  return outcome.kind === "changed";
}

/**
 * What stands of what several stores say: the last word on each guard, wherever it was heard. A word
 * from before the roles last moved is over for good, also when they have moved back since. While nobody
 * knows when that was none stands.
 */
export function standingOverrides(
  kept: readonly KeptOverride[],
  now: number,
  roles: LastRoleChange,
): readonly Override[] {
  if (roles.kind === "unknown") return [];
  const rolesMovedAt = roles.kind === "known" ? roles.at : 0;
  const last = new Map<string, KeptOverride>();
  for (const row of kept) {
    const known = last.get(row.guard);
    if (known === undefined || isLater(row, known)) last.set(row.guard, row);
  }
  return [...last.values()].flatMap(({ withdrawnAt, ...override }) =>
    withdrawnAt === null && override.expiresAt > now && override.madeAt > rolesMovedAt
      ? [override]
      : [],
  );
}

/** Of two words of the same instant the one that was taken back holds. */
function isLater(row: KeptOverride, known: KeptOverride): boolean {
  if (saidAt(row) !== saidAt(known)) return saidAt(row) > saidAt(known);
  return row.withdrawnAt !== null;
}

function saidAt({ madeAt, withdrawnAt }: KeptOverride): number {
  return withdrawnAt ?? madeAt;
}
