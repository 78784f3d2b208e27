import type { OutgoingEvent } from "../domain/event.ts";

/** Tells people and hooks. Sending an id again is harmless; "failed" means nobody was told. */
export interface Notifier {
  send(event: OutgoingEvent): Promise<"sent" | "failed">;
}
