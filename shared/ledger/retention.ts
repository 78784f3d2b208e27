// Taking away rows that were only added, once they are older than they are to be kept.
//
// R1. Never a live row, however old: only kinds that are listed here.
// R2. Never a row of what is still open: it would be told, decided or called once more.

import * as z from "zod";
import type { Retention } from "../domain/retention.ts";
import { newestFirst } from "./added-ids.ts";
import type { Book } from "./book.ts";
import { listFrom, removeRow } from "./rows.ts";

interface SweptKind {
  readonly kind: string;
  readonly kept: keyof Retention;
  /** Where its ids begin with their instant: older rows come last. */
  readonly inOrder: boolean;
  /** A kind with the same ids that goes with it. */
  readonly with?: string;
}

/** Looks of peace and reports have no writer of their own yet; whoever adds rows of such a kind finds them swept. */
export const SWEPT_KINDS: readonly SweptKind[] = [
  { kind: "audit", kept: "auditMs", inOrder: true },
  { kind: "receipt", kept: "receiptsMs", inOrder: true },
  { kind: "event", kept: "eventsMs", inOrder: true },
  { kind: "call", kept: "auditMs", inOrder: false, with: "call-answer" },
  { kind: "look", kept: "looksMs", inOrder: true },
  { kind: "report", kept: "reportsMs", inOrder: true },
];

/** Rows looked at in one sweep; those in no order of their age from another place each time. */
const LOOKED_AT = 50;

/** When a row of any swept kind says that it was made. */
const Dated = z.object({
  at: z.number().optional(),
  writtenAt: z.number().optional(),
  sentAt: z.number().optional(),
  calledAt: z.number().optional(),
});

export interface Swept {
  readonly removed: number;
  /** The newest instant of what went. */
  readonly upToAt: number;
}

/** Takes away a few rows of one kind that are older than they are kept; null where there are none. */
export async function sweep(
  book: Book,
  { kind, inOrder, with: beside }: SweptKind,
  by: {
    readonly before: number;
    readonly atMost: number;
    /** Where to begin among rows that are not in order of their age: another place each time. */
    readonly from?: string;
  },
): Promise<Swept | null> {
  const { before, atMost } = by;
  const from = inOrder ? newestFirst(before) : (by.from ?? "");
  const rows = await listFrom(book, kind, from, LOOKED_AT);
  const old = rows.flatMap((row) => {
    const at = row.kind === "row" ? madeAt(row.value) : null;
    return at !== null && at < before ? [{ id: row.key.id, at }] : [];
  });
  const gone: number[] = [];
  for (const { id, at } of old.slice(0, atMost)) {
    // What goes with a row goes first, and the rest another time: nobody would find it without the row.
    const kinds = beside === undefined ? [kind] : [beside, kind];
    if (!(await removeAll(book, kinds, id))) break;
    gone.push(at);
  }
  return gone.length === 0 ? null : { removed: gone.length, upToAt: Math.max(...gone) };
}

async function removeAll(book: Book, kinds: readonly string[], id: string): Promise<boolean> {
  for (const kind of kinds) {
    if (!(await removeRow(book, kind, id))) return false;
  }
  return true;
}

/** Null where nobody can tell: such a row is left alone. */
function madeAt(value: unknown): number | null {
  const dated = Dated.safeParse(value);
  if (!dated.success) return null;
  const { at, writtenAt, sentAt, calledAt } = dated.data;
  return at ?? writtenAt ?? sentAt ?? calledAt ?? null;
}
