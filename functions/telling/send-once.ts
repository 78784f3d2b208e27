import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { keepSent, wasSent } from "../../shared/ledger/sent.ts";
import type { App } from "../app.ts";

/** Every event of an incident has one id, whoever sends it and however often. */
export function eventId(incidentId: string, type: OutgoingEvent["type"], key: string): string {
  return `${incidentId}~${type}~${key}`;
}

/**
 * Sends an event and remembers it in that book. Once remembered it is not sent again, nor is
 * what can only be logged. Where the store does not say, or does not take it, it is sent all the same: the
 * same id again is harmless, silence is not.
 */
export async function sendOnce(
  app: App,
  book: Book,
  event: OutgoingEvent,
  /** When what it is about began. */
  aboutAt: number,
): Promise<"sent" | "logged" | "failed" | "told-already"> {
  if ((await wasSent(book, { id: event.id, aboutAt })) === "sent") return "told-already";
  const outcome = await app.ports.notifier.send(event);
  if (outcome === "failed") return "failed";
  const sentAt = app.ports.clock.now();
  await keepSent(book, event, { aboutAt, sentAt }).catch(() => undefined);
  return outcome;
}

/** What this process knows to have been told, of each book the newest. Lost with it: then the book is asked. */
const TOLD = new WeakMap<Book, readonly string[]>();
const TOLD_KEPT = 20;

/** The same for what every tick comes to anew: a book is not asked each time whether it was told. */
export async function sendOnceAmongTicks(
  app: App,
  book: Book,
  event: OutgoingEvent,
  aboutAt: number,
): ReturnType<typeof sendOnce> {
  const told = TOLD.get(book) ?? [];
  if (told.includes(event.id)) return "told-already";
  const outcome = await sendOnce(app, book, event, aboutAt);
  if (outcome !== "failed") TOLD.set(book, [...told, event.id].slice(-TOLD_KEPT));
  return outcome;
}
