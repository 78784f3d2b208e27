import * as z from "zod";
import { OutgoingEvent } from "../../shared/domain/event.ts";
import { addRow, type RowType, readRow } from "../../shared/ledger/rows.ts";
import type { Store } from "../../shared/ports/store.ts";
import type { App } from "../app.ts";

const SentEvent = z.object({ event: OutgoingEvent.omit({ data: true }), sentAt: z.number() });
const EVENT: RowType<z.infer<typeof SentEvent>> = { kind: "event", schema: SentEvent };

/** Every event of an incident has one id, whoever sends it and however often. */
export function eventId(incidentId: string, type: OutgoingEvent["type"], key: string): string {
  return `${incidentId}~${type}~${key}`;
}

/** Whether this store remembers that the event was sent. Throws what the store throws. */
export async function toldAlready(store: Store, group: string, id: string): Promise<boolean> {
  return (await readRow(store, EVENT, group, id)) !== null;
}

/** Sends an event and remembers it. Once remembered it is not sent again. */
export async function sendEvent(
  app: App,
  store: Store,
  event: OutgoingEvent,
): Promise<"sent" | "failed" | "told-already"> {
  if (await toldAlready(store, event.group, event.id)) return "told-already";
  const outcome = await app.ports.notifier.send(event);
  if (outcome === "failed") return "failed";
  // The data may hold a one-time token: it is sent, never kept.
  const { data: _secret, ...kept } = event;
  await addRow(store, EVENT, event.group, event.id, { event: kept, sentAt: app.ports.clock.now() });
  return "sent";
}
