import { EVERY_GROUP } from "../domain/group.ts";
import type { UnreadableRow } from "../domain/tick-report.ts";
import { type Row, StoreUnreachable } from "../ports/store.ts";
import type { Book } from "./book.ts";
import type { Reading } from "./reading.ts";
import { type RowRef, type RowType, type Understood, understand } from "./rows.ts";

/** The live rows of one book, as they were at one instant. */
export interface LiveRows {
  readonly book: Book;
  /** The store gave no answer: nothing is known. */
  readonly silent: boolean;
  one<T>(type: RowType<T>, id: string): Reading<T>;
  /** Of all rows of one kind those that can be read, in the order of that kind, at most the last `limit`. */
  all<T>(type: RowType<T>, limit?: number): readonly T[];
  /** Ids of one kind that come before the last `kept`. */
  idsBefore(type: RowType<unknown>, kept: number): readonly string[];
  /** Every row of one kind can be read. */
  isReadable(type: RowType<unknown>): boolean;
  /** Of all rows of these kinds those that cannot be read. */
  unreadable(types: readonly RowType<unknown>[]): readonly UnreadableRow[];
}

/** One row, with what was read of it. */
export function rowIn<T>(rows: LiveRows, type: RowType<T>, id: string): RowRef<T> {
  return { book: rows.book, type, id, known: rows.one(type, id) };
}

/** Reads every live row of a book in one request. */
export async function readLive(book: Book): Promise<LiveRows> {
  try {
    return liveRows(book, await book.store.readLive(book.group));
  } catch (error) {
    if (error instanceof StoreUnreachable) return silentRows(book);
    throw error;
  }
}

/** The same, but whoever has not answered by then counts as silent. */
export function readLiveWithin(book: Book, ms: number): Promise<LiveRows> {
  const { clock } = book;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(clock.now() + ms, () => resolve(silentRows(book)));
    readLive(book).then((rows) => {
      timer.cancel();
      resolve(rows);
    }, reject);
  });
}

/** What the newest reading of a book has understood, by kind and id. */
const UNDERSTOOD = new WeakMap<Book, ReadonlyMap<string, Understood<unknown>>>();

function liveRows(book: Book, rows: readonly Row[]): LiveRows {
  // A tick asks for some rows a dozen times, and most are what they were a tick ago: each is understood once.
  const before = UNDERSTOOD.get(book);
  const understood = new Map<string, Understood<unknown>>();
  UNDERSTOOD.set(book, understood);
  const readingOf = <T>(type: RowType<T>, row: Row): Understood<T> => {
    const name = `${row.key.kind} ${row.key.id}`;
    const known = understood.get(name) ?? before?.get(name);
    const reading = known?.etag === row.etag ? known : understand(type, row);
    understood.set(name, reading);
    // A row has one kind, and a kind has one shape.
    return reading as Understood<T>;
  };
  const kinds = new Map<string, Row[]>();
  for (const row of rows) {
    const found = kinds.get(row.key.kind);
    if (found === undefined) kinds.set(row.key.kind, [row]);
    else found.push(row);
  }
  const ofKind = ({ kind, orderOf }: RowType<unknown>): readonly Row[] => {
    const found = kinds.get(kind) ?? [];
    return orderOf === undefined ? found : inOrder(found, orderOf);
  };
  return {
    book,
    silent: false,
    one: (type, id) => {
      const row = kinds.get(type.kind)?.find(({ key }) => key.id === id);
      return row === undefined ? { kind: "none" } : readingOf(type, row);
    },
    all: (type, limit) =>
      newest(ofKind(type), limit).flatMap((row) => {
        const reading = readingOf(type, row);
        return reading.kind === "read" ? [reading.value] : [];
      }),
    idsBefore: (type, kept) =>
      ofKind(type)
        .slice(0, -kept)
        .map(({ key }) => key.id),
    isReadable: (type) => ofKind(type).every((row) => readingOf(type, row).kind === "read"),
    unreadable: (types) =>
      types.flatMap((type) =>
        newest(ofKind(type), CHECKED_MAX).flatMap((row) => {
          const reading = readingOf(type, row);
          if (reading.kind !== "unreadable") return [];
          const { kind, id } = row.key;
          const group = row.key.group === EVERY_GROUP ? null : row.key.group;
          return [{ group, kind, id, store: book.site, because: reading.because }];
        }),
      ),
  };
}

function inOrder(rows: readonly Row[], orderOf: (id: string) => string): readonly Row[] {
  const placed = rows.map((row) => ({ row, place: orderOf(row.key.id) }));
  return placed
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ row }) => row);
}

/** Nobody has to know of more broken rows of one kind. */
const CHECKED_MAX = 50;

function newest(rows: readonly Row[], limit: number = rows.length): readonly Row[] {
  return limit === 0 ? [] : rows.slice(-limit);
}

function silentRows(book: Book): LiveRows {
  return {
    book,
    silent: true,
    one: () => ({ kind: "silent", site: book.site }),
    all: () => [],
    idsBefore: () => [],
    isReadable: () => false,
    unreadable: () => [],
  };
}
