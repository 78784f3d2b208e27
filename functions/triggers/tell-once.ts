import * as z from "zod";
import type { OutgoingEvent } from "../../shared/domain/event.ts";
import { addRow, type RowType, readRow } from "../../shared/ledger/rows.ts";
import { EVERY_GROUP } from "../../shared/ledger/stores.ts";
import { digestOf } from "../../shared/text/digest.ts";
import type { App } from "../app.ts";

const Told = z.object({ eventId: z.string(), at: z.number().int() });
const TOLD: RowType<z.infer<typeof Told>> = { kind: "told", schema: Told };

/** Sends a notice unless one of this key was sent from here before. A failed one is tried at the next call. */
export async function tellOnce(
  app: App,
  key: string,
  notice: Pick<OutgoingEvent, "group" | "incidentId" | "text" | "data">,
): Promise<"told" | "told-already" | "failed"> {
  const { own } = app.stores;
  const eventId = `notice-${digestOf(key).slice(0, 32)}`;
  if ((await readRow(own, TOLD, EVERY_GROUP, eventId)) !== null) return "told-already";
  const at = app.ports.clock.now();
  const sent = await app.ports.notifier.send({
    ...notice,
    id: eventId,
    type: "notice",
    at,
    urgent: false,
  });
  if (sent === "failed") return "failed";
  await addRow(own, TOLD, EVERY_GROUP, eventId, { eventId, at });
  return "told";
}
