import { Condition, conditionId } from "../domain/condition.ts";
import type { Book } from "./book.ts";
import { type LiveRows, rowIn } from "./live-rows.ts";
import { type RowType, tryChange } from "./rows.ts";

export const CONDITION: RowType<Condition> = {
  kind: "condition",
  schema: Condition,
  unreadable: "replace-broken",
};

/** Every condition of a group, or of none, as that store has it. */
export function conditionsIn(rows: LiveRows): readonly Condition[] {
  return rows.all(CONDITION);
}

/**
 * Keeps a condition in every one of these books that answers; what was read of one in this tick is not read again. Where
 * people have heard of it since from another site, that one's row stands. Never throws: whoever keeps conditions
 * remembers them as well.
 */
export async function writeCondition(
  books: readonly Book[],
  inHand: readonly LiveRows[],
  row: Condition,
): Promise<void> {
  const id = conditionId(row);
  const keep = (now: Condition | null): Condition | null =>
    now !== null && (now.toldAt ?? 0) > (row.toldAt ?? 0) ? null : row;
  await Promise.all(
    books.map((book) => {
      const rows = inHand.find((each) => each.book === book && !each.silent);
      const place = rows === undefined ? { book, type: CONDITION, id } : rowIn(rows, CONDITION, id);
      return tryChange(place, keep);
    }),
  );
}
