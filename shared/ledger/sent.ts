// What was told to people and hooks. Once it is here it is not told again.

import * as z from "zod";
import { OutgoingEvent } from "../domain/event.ts";
import { Instant } from "../domain/units.ts";
import { addedId } from "./added-ids.ts";
import type { Book } from "./book.ts";
import { addRow, type RowType, readRow } from "./rows.ts";

const SentEvent = z.object({ event: OutgoingEvent.omit({ data: true }), sentAt: Instant });
type Sent = z.infer<typeof SentEvent>;
export const EVENT: RowType<Sent> = {
  kind: "event",
  schema: SentEvent,
  unreadable: "keep",
};

/** An event by its id, and since when what it is about has been going on: that tells old rows from new ones. */
export interface EventKey {
  readonly id: string;
  readonly aboutAt: number;
}

/** Whether it was told: a row that cannot be read says so as well. */
export async function wasSent(book: Book, key: EventKey): Promise<"sent" | "not-sent" | "unknown"> {
  const { kind } = await readSent(book, key);
  switch (kind) {
    case "read":
    case "unreadable":
      return "sent";
    case "none":
      return "not-sent";
    case "silent":
      return "unknown";
    default:
      return kind satisfies never;
  }
}

/** When it was told, as far as anybody knows: not before it began. Null: it was not, or no store says so. */
export async function toldAt(book: Book, key: EventKey): Promise<number | null> {
  const reading = await readSent(book, key);
  if (reading.kind === "read") return reading.value.sentAt;
  return reading.kind === "unreadable" ? key.aboutAt : null;
}

function readSent(book: Book, { id, aboutAt }: EventKey): ReturnType<typeof readRow<Sent>> {
  return readRow({ book, type: EVENT, id: addedId(aboutAt, id) });
}

/** Remembers that it was told. The data may hold a one-time token: it is sent, never kept. */
export async function keepSent(
  book: Book,
  { data: _secret, ...event }: OutgoingEvent,
  { aboutAt, sentAt }: { readonly aboutAt: number; readonly sentAt: number },
): Promise<void> {
  await addRow({ book, type: EVENT, id: addedId(aboutAt, event.id) }, { event, sentAt });
}
