import type { OutgoingEvent } from "../../shared/domain/event.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { keepSent, wasSent } from "../../shared/ledger/sent.ts";
import type { App } from "../app.ts";

/** Every event of an incident has one id, whoever sends it and however often. */
export function eventId(incidentId: string, type: OutgoingEvent["type"], key: string): string {
  return `${incidentId}~${type}~${key}`;
}

/**
 * Sends an event and remembers it in that book. Once remembered it is not sent again; while nobody
 * can tell whether it was, it is not sent either.
 */
export async function sendOnce(
  app: App,
  book: Book,
  event: OutgoingEvent,
  /** When what it is about began. */
  aboutAt: number,
): Promise<"sent" | "failed" | "told-already"> {
  const before = await wasSent(book, { id: event.id, aboutAt });
  if (before === "sent") return "told-already";
  if (before === "unknown") return "failed";
  const outcome = await app.ports.notifier.send(event);
  if (outcome === "failed") return "failed";
  await keepSent(book, event, { aboutAt, sentAt: app.ports.clock.now() });
  return "sent";
}

/**
 * Sends an event that must not wait for a store: unless it is known to have been sent. Whoever calls
 * remembers by itself what was sent; the book is for those who come after.
 */
export async function sendAnyway(
  app: App,
  book: Book,
  event: OutgoingEvent,
  aboutAt: number,
): Promise<"sent" | "failed" | "told-already"> {
  if ((await wasSent(book, { id: event.id, aboutAt })) === "sent") return "told-already";
  const outcome = await app.ports.notifier.send(event);
  if (outcome === "failed") return "failed";
  await keepSent(book, event, { aboutAt, sentAt: event.at }).catch(() => undefined);
  return "sent";
}
