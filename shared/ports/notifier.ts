import type { OutgoingEvent } from "../domain/event.ts";

/**
 * Tells people and hooks. Sending an id again is harmless. `logged`: an ask that stands in the log, where
 * nobody can answer it. `failed`: nobody was told.
 */
export interface Notifier {
  send(event: OutgoingEvent): Promise<"sent" | "logged" | "failed">;
}
