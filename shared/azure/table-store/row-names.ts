import { LIVE_KINDS, type RowKey } from "../../ports/store.ts";

/** A table takes keys of up to 1 KiB, which is this many characters of UTF-16. */
const LENGTH_MAX = 512;

/**
 * Between kind and id. A table lists in order of row key only, so all rows of a kind must be one
 * range: nothing that `escaped` lets through sorts between this and its successor.
 */
const SEPARATOR = ":";
const SUCCESSOR = ";";
/** Before the kind of a live row: what is read together lies together. No kind is called so. */
const LIVE = `live${SEPARATOR}`;

export interface RowNames {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** How a row is called in the table. */
export function rowNames({ group, kind, id }: RowKey): RowNames {
  return {
    partitionKey: checked(escaped(group)),
    rowKey: checked(`${rangeOf(kind)}${escaped(id)}`),
  };
}

/** Kind and id in a row key, as they were given. */
export function keyOf(group: string, rowKey: string): RowKey {
  const name = rowKey.startsWith(LIVE) ? rowKey.slice(LIVE.length) : rowKey;
  const end = name.indexOf(SEPARATOR);
  return { group, kind: plain(name.slice(0, end)), id: plain(name.slice(end + 1)) };
}

/** The OData filter that finds every live row of a group, and nothing else. */
export function liveFilter(group: string): string {
  return filterOf(group, LIVE, LIVE);
}

/** The OData filter that finds the rows of one kind of one group from an id on, and nothing else. */
export function listFilter(group: string, kind: string, from = ""): string {
  const range = rangeOf(kind);
  return filterOf(group, range, `${range}${escaped(from)}`);
}

/** Nothing to quote: an escaped name has no apostrophe. */
function filterOf(group: string, range: string, from: string): string {
  const to = `${range.slice(0, -SEPARATOR.length)}${SUCCESSOR}`;
  return `PartitionKey eq '${escaped(group)}' and RowKey ge '${from}' and RowKey lt '${to}'`;
}

/** What the row keys of one kind begin with. */
function rangeOf(kind: string): string {
  return `${LIVE_KINDS.has(kind) ? LIVE : ""}${escaped(kind)}${SEPARATOR}`;
}

/** Letters, digits, `-`, `_` and `~` stay, so that the order of ids stays; all else becomes `!` and its code. */
function escaped(name: string): string {
  return name.replace(
    /[^A-Za-z0-9_~-]/g,
    (unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function plain(name: string): string {
  return name.replace(/!([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

function checked(name: string): string {
  if (name.length <= LENGTH_MAX) return name;
  throw new RangeError(`Cannot name a row: a key takes ${LENGTH_MAX} characters: ${name.length}`);
}
