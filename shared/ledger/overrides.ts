import type * as z from "zod";
import { Override } from "../domain/person.ts";
import { Instant } from "../domain/units.ts";
import type { Store } from "../ports/store.ts";
import { changeRow, listRows, type RowType } from "./rows.ts";

/** One row per group and guard; one that was withdrawn stays, so that withdrawing survives as well. */
const Kept = Override.extend({ withdrawnAt: Instant.nullable() });
export type KeptOverride = z.infer<typeof Kept>;

export const OVERRIDE: RowType<KeptOverride> = { kind: "override", schema: Kept };

/** All that was ever said on the guards of a group in one store, the newest word on each. */
export async function overridesIn(store: Store, group: string): Promise<readonly KeptOverride[]> {
  return listRows(store, OVERRIDE, group);
}

/**
 * Keeps the word on one guard in place of any other. It counts as said after that one, whatever the
 * clocks of the two sites say: whoever is told that it is kept may rely on it.
 */
export async function keepOverride(store: Store, override: Override): Promise<void> {
  await changeRow(store, OVERRIDE, override.group, override.guard, (kept) => ({
    ...override,
    madeAt: kept === null ? override.madeAt : Math.max(override.madeAt, saidAt(kept) + 1),
    withdrawnAt: null,
  }));
}

/** Takes the word on one guard back. False when there was none that stood. */
export async function withdrawOverride(
  store: Store,
  group: string,
  guard: Override["guard"],
  now: number,
): Promise<boolean> {
  const { changed } = await changeRow(store, OVERRIDE, group, guard, (kept) =>
    kept === null || kept.withdrawnAt !== null || kept.expiresAt <= now
      ? null
      : { ...kept, withdrawnAt: Math.max(now, kept.madeAt) },
  );
  return changed;
}

/**
 * What stands of what several stores say: the last word on each guard, wherever it was heard. A word
 * from before the roles last moved is over for good, also when they have moved back since.
 */
export function standingOverrides(
  kept: readonly KeptOverride[],
  now: number,
  rolesMovedAt: number | null,
): readonly Override[] {
  const last = new Map<string, KeptOverride>();
  for (const row of kept) {
    const known = last.get(row.guard);
    if (known === undefined || isLater(row, known)) last.set(row.guard, row);
  }
  return [...last.values()].flatMap(({ withdrawnAt, ...override }) =>
    withdrawnAt === null && override.expiresAt > now && override.madeAt > (rolesMovedAt ?? 0)
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
