import type * as z from "zod";
import { type Row, type RowKey, StoreUnreachable } from "../ports/store.ts";
import type { Book } from "./book.ts";
import type { Reading, UnreadableBecause } from "./reading.ts";

/** A kind of row: its name in the store and the shape every reader insists on. */
export interface RowType<T> {
  readonly kind: string;
  readonly schema: z.ZodType<T>;
  /**
   * What becomes of a row that cannot be read. `replace`: it is a cache, or counts as none, and the
   * next writer takes its place. `replace-broken`: the same, but what a newer release wrote stays,
   * since a site that runs it may be at work. `keep`: it stays, and closes what it must.
   */
  readonly unreadable: "replace" | "replace-broken" | "keep";
  /** What its ids are in order of, oldest first, where that is not the id itself. */
  readonly orderOf?: (id: string) => string;
}

/** One row of a book. */
export interface RowRef<T> {
  readonly book: Book;
  readonly type: RowType<T>;
  readonly id: string;
  /** What was read of it before saves reading it again: only who comes too late with it reads. */
  readonly known?: Reading<T> | undefined;
}

/** A row as it was written, for whoever writes it once more. */
export type Versioned<T> = Extract<Change<T>, { kind: "changed" }>;

/** What became of a change. */
export type Change<T> =
  | { readonly kind: "changed"; readonly value: T; readonly etag: string }
  /** Nothing had to be changed. */
  | { readonly kind: "kept"; readonly value: T | null }
  | { readonly kind: "unreadable"; readonly because: UnreadableBecause }
  | { readonly kind: "failed"; readonly because: FailedBecause };

/** A store that is silent may have taken the write all the same. */
export type FailedBecause = "silent" | "others-write" | "too-large";

/** Thrown where a row has to be written and was not, for sure or perhaps. */
export class NotWritten extends Error {
  override readonly name = "NotWritten";
  readonly site: string;
  readonly because: FailedBecause | "unreadable";

  constructor(what: string, site: string, because: NotWritten["because"]) {
    super(`Cannot write ${what} at ${site}: ${SAYS[because]}`);
    this.site = site;
    this.because = because;
  }
}

/** For what may be written later, or not at all. */
export function ignoreNotWritten(error: unknown): void {
  if (!(error instanceof NotWritten)) throw error;
}

const SAYS: Readonly<Record<NotWritten["because"], string>> = {
  silent: "its store gives no answer",
  "others-write": "others keep changing it",
  "too-large": "it is larger than a row may be",
  unreadable: "what is there cannot be understood",
};

const TRIES = 6;
/** Whoever was faster is done by then; each try waits longer. */
const WAIT_MS = 40;

/** Reads one row by itself. */
export async function readRow<T>(row: RowRef<T>): Promise<Reading<T>> {
  const { book, type } = row;
  const answer = await orSilent(book.store.read(keyOf(row)));
  if (answer.kind === "silent") return { kind: "silent", site: book.site };
  return answer.value === null ? { kind: "none" } : understand(type, answer.value);
}

/**
 * Writes a row that must not exist yet. False when it does: somebody was here before, perhaps we.
 * Throws `NotWritten` where nobody can tell.
 */
export async function addRow<T>(row: RowRef<T>, value: T): Promise<boolean> {
  const answer = await orSilent(row.book.store.write(keyOf(row), value, { kind: "new" }));
  if (answer.kind === "silent") throw notWritten(row, "silent");
  if (answer.value.kind === "too-large") throw notWritten(row, "too-large");
  return answer.value.kind === "written";
}

/** Rows of a kind that is only added to, in order of id, from one on. None where the store is silent. */
export async function listFrom(
  book: Book,
  kind: string,
  from: string,
  limit: number,
): Promise<readonly Row[]> {
  const answer = await orSilent(book.store.list({ group: book.group, kind, from, limit }));
  return answer.kind === "answer" ? answer.value : [];
}

/**
 * Takes a row away, with an ETag only as it was seen. False where nobody can tell, or somebody has written it
 * since: then it is done again, or left.
 */
export async function removeRow(
  book: Book,
  kind: string,
  id: string,
  etag?: string,
): Promise<boolean> {
  const answer = await orSilent(book.store.remove({ group: book.group, kind, id }, etag));
  return answer.kind === "answer" && answer.value === "removed";
}

/**
 * Changes a row under its ETag until nobody interferes. `change` may run several times; returning
 * null leaves the row as it is.
 */
export async function tryChange<T>(
  row: RowRef<T>,
  change: (now: T | null) => T | null,
): Promise<Change<T>> {
  let before = row.known ?? (await readRow(row));
  for (let attempt = 1; ; attempt++) {
    if (before.kind === "silent") return { kind: "failed", because: "silent" };
    const mayReplace = before.kind !== "unreadable" || isReplaced(row.type, before.because);
    const after = mayReplace ? change(before.kind === "read" ? before.value : null) : null;
    if (after === null) {
      if (before.kind === "unreadable") return { kind: "unreadable", because: before.because };
      return { kind: "kept", value: before.kind === "read" ? before.value : null };
    }
    const written = await write(row, after, before);
    if (written.kind !== "conflict") return written;
    if (attempt === TRIES) return { kind: "failed", because: "others-write" };
    await row.book.clock.sleep(WAIT_MS * attempt);
    before = await readRow(row);
  }
}

/** The same for a change that somebody relies on: throws `NotWritten` where it may not have been made. */
export async function changeRow<T>(
  row: RowRef<T>,
  change: (now: T | null) => T | null,
): Promise<Extract<Change<T>, { kind: "changed" | "kept" }>> {
  const outcome = await tryChange(row, change);
  switch (outcome.kind) {
    case "changed":
    case "kept":
      return outcome;
    case "unreadable":
      throw notWritten(row, "unreadable");
    case "failed":
      throw notWritten(row, outcome.because);
    default:
      return outcome satisfies never;
  }
}

/** What a row that is there says, or why nobody can tell. */
export type Understood<T> = Extract<Reading<T>, { readonly etag: string }>;

/** A row as its kind is understood by this release. */
export function understand<T>(type: RowType<T>, row: Row): Understood<T> {
  if (row.kind === "newer") return { kind: "unreadable", because: "newer", etag: row.etag };
  const parsed = type.schema.safeParse(row.value);
  return parsed.success
    ? { kind: "read", value: parsed.data, etag: row.etag }
    : { kind: "unreadable", because: "broken", etag: row.etag };
}

function isReplaced({ unreadable }: RowType<unknown>, because: UnreadableBecause): boolean {
  return unreadable === "replace" || (unreadable === "replace-broken" && because === "broken");
}

async function write<T>(
  row: RowRef<T>,
  value: T,
  before: Exclude<Reading<T>, { kind: "silent" }>,
): Promise<Change<T> | { readonly kind: "conflict" }> {
  // Nobody keeps what nobody could read: a mistake of ours shows here and not in the next incident.
  const kept = row.type.schema.parse(value);
  const condition =
    before.kind === "none"
      ? { kind: "new" as const }
      : { kind: "match" as const, etag: before.etag };
  const answer = await orSilent(row.book.store.write(keyOf(row), kept, condition));
  if (answer.kind === "silent") return { kind: "failed", because: "silent" };
  switch (answer.value.kind) {
    case "written":
      return { kind: "changed", value, etag: answer.value.etag };
    case "conflict":
      return { kind: "conflict" };
    case "too-large":
      return { kind: "failed", because: "too-large" };
    default:
      return answer.value satisfies never;
  }
}

/** The one place that catches: a store that gives no answer becomes a value. */
async function orSilent<T>(
  work: Promise<T>,
): Promise<{ readonly kind: "answer"; readonly value: T } | { readonly kind: "silent" }> {
  try {
    return { kind: "answer", value: await work };
  } catch (error) {
    if (error instanceof StoreUnreachable) return { kind: "silent" };
    throw error;
  }
}

function keyOf({ book, type, id }: RowRef<unknown>): RowKey {
  return { group: book.group, kind: type.kind, id };
}

function notWritten(row: RowRef<unknown>, because: NotWritten["because"]): NotWritten {
  const { group, kind, id } = keyOf(row);
  return new NotWritten(`row ${group}/${kind}/${id}`, row.book.site, because);
}
