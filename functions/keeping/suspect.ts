import type { DurableClient } from "durable-functions";
import type { Incident } from "../../shared/domain/incident.ts";
import type { PersonCall } from "../../shared/domain/person.ts";
import type { Book } from "../../shared/ledger/book.ts";
import { type GroupLedger, readOwn } from "../../shared/ledger/group-ledger.ts";
import type { Presence } from "../../shared/ledger/heartbeats.ts";
import { openIncidentIn } from "../../shared/ledger/incidents.ts";
import { type LiveRows, readLive } from "../../shared/ledger/live-rows.ts";
import type { OwnView } from "../../shared/ledger/own-view.ts";
import type { App } from "../app.ts";
import { beginIncident } from "./begin-incident.ts";
import { keepMotor } from "./keep-motors.ts";
import { lookAround } from "./leads.ts";
import { booksOf } from "./motor.ts";

export interface Suspected {
  readonly ledger: GroupLedger;
  readonly openedBy: string;
  readonly call: PersonCall | null;
  readonly client: DurableClient | null;
}

/** What the tick has read already. */
export interface Known {
  readonly view: OwnView;
  readonly stores: readonly LiveRows[];
  readonly presence: Promise<Presence>;
}

/** Opens the group's incident, or joins the open one, and sees to its motor if this site leads. */
export async function suspect(
  app: App,
  { ledger, openedBy, call, client }: Suspected,
  known?: Known,
): Promise<{ readonly incident: Incident; readonly opened: boolean }> {
  const view = known?.view ?? (await readOwn(ledger));
  const { expectedPrimary } = view;
  const rowsOf = rowReader([...(known?.stores ?? []), view.rows]);
  const keep = async (book: Book, incident: Incident): Promise<void> => {
    if (client === null) return;
    const presence =
      known?.presence ?? readLive(app.stores.own).then((own) => lookAround(app, own));
    await keepMotor(app, { client, ledger, presence, motor: view.watch.motor }, book, incident);
  };
  const under = await incidentUnderWay(booksOf(ledger), rowsOf);
  if (under !== null && call === null) {
    await keep(under.book, under.incident);
    return { incident: under.incident, opened: false };
  }
  const book = ledger.target(expectedPrimary);
  const at = app.ports.clock.now();
  const suspicion = {
    id: `${book.group}-${at.toString(36)}`,
    group: book.group,
    openedBy,
    at,
    expectedPrimary,
    call,
  };
  const { incident, opened } = await beginIncident(app, await rowsOf(book), suspicion);
  await keep(book, incident);
  return { incident, opened };
}

type RowReader = (book: Book) => Promise<LiveRows>;

/** Reads each store once at most. */
function rowReader(inHand: readonly LiveRows[]): RowReader {
  const read = new Map(inHand.map((rows) => [rows.book, Promise.resolve(rows)]));
  return (book) => {
    const rows = read.get(book) ?? readLive(book);
    read.set(book, rows);
    return rows;
  };
}

/** One that this site may be running: its failover may have moved the roles, and with them the target, already. */
async function incidentUnderWay(
  books: readonly Book[],
  rowsOf: RowReader,
): Promise<{ readonly incident: Incident; readonly book: Book } | null> {
  for (const book of books) {
    const incident = openIncidentIn(await rowsOf(book));
    if (incident !== null && incident.phases.postedAt !== null) return { incident, book };
  }
  return null;
}
