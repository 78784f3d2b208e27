// Ids of rows that are only added. A table lists upwards only: so that the newest come first, an id
// begins with what is left until an instant that nobody here will see.
//
// A1. The instant is that of the thing itself, never of the attempt to write it down: written again it
//     has the id that it had.

/** The year 2286, in milliseconds. */
const END_AT = 9_999_999_999_999;

/** What an id of that instant begins with; later instants come first. */
export function newestFirst(at: number): string {
  const left = Math.min(END_AT, Math.max(0, END_AT - Math.round(at)));
  return left.toString(36).padStart(9, "0");
}

/** The id of a row that was added at that instant. */
export function addedId(at: number, id: string): string {
  return `${newestFirst(at)}~${id}`;
}

/** Decisions and receipts carry their instant at the end of their id, so that the id alone finds them. */
export function stampedId(name: string, at: number): string {
  return `${name}-${Math.round(at).toString(36)}`;
}

/** The instant in such an id. One that has none is as old as can be. */
export function stampIn(id: string): number {
  const at = Number.parseInt(id.slice(id.lastIndexOf("-") + 1), 36);
  return Number.isFinite(at) && at <= END_AT ? at : 0;
}
