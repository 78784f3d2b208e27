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

/** Keeps the word on one guard; a newer one takes the place of an older. */
export async function keepOverride(store: Store, override: Override): Promise<void> {
  await changeRow(store, OVERRIDE, override.group, override.guard, (now) =>
    now !== null && now.madeAt > override.madeAt ? null : { ...override, withdrawnAt: null },
  );
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
      : { ...kept, withdrawnAt: now },
  );
  return changed;
}

/** What stands of what several stores say: the last word on each guard, wherever it was heard. */
export function standingOverrides(kept: readonly KeptOverride[], now: number): readonly Override[] {
  const last = new Map<string, KeptOverride>();
  for (const row of kept) {
    const known = last.get(row.guard);
    if (known === undefined || saidAt(row) > saidAt(known)) last.set(row.guard, row);
  }
  return [...last.values()].flatMap(({ withdrawnAt, ...override }) =>
    withdrawnAt === null && override.expiresAt > now ? [override] : [],
  );
}

function saidAt({ madeAt, withdrawnAt }: KeptOverride): number {
  return withdrawnAt ?? madeAt;
}
