import type { RowKey } from "../../ports/store.ts";

/** A table takes keys of up to 1 KiB, which is this many characters of UTF-16. */
const LENGTH_MAX = 512;

/**
 * Between kind and id. A table lists in order of row key only, so all rows of a kind must be one
 * range: nothing that `escaped` lets through sorts between this and its successor.
 */
const SEPARATOR = ":";
const SUCCESSOR = ";";

export interface RowNames {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** How a row is called in the table. */
export function rowNames({ group, kind, id }: RowKey): RowNames {
  return {
    partitionKey: checked(escaped(group)),
    rowKey: checked(`${escaped(kind)}${SEPARATOR}${escaped(id)}`),
  };
}

/** The id in a row key, as it was given. */
export function idOf(rowKey: string): string {
  const id = rowKey.slice(rowKey.indexOf(SEPARATOR) + 1);
  return id.replace(/!([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** The OData filter that finds every row of one kind of one group, and nothing else. */
export function filterOf({ group, kind }: Pick<RowKey, "group" | "kind">): string {
  const from = `${escaped(kind)}${SEPARATOR}`;
  const to = `${escaped(kind)}${SUCCESSOR}`;
  // Nothing to quote: an escaped name has no apostrophe.
  return `PartitionKey eq '${escaped(group)}' and RowKey ge '${from}' and RowKey lt '${to}'`;
}

/** Letters, digits, `-`, `_` and `~` stay, so that the order of ids stays; all else becomes `!` and its code. */
function escaped(name: string): string {
  return name.replace(
    /[^A-Za-z0-9_~-]/g,
    (unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function checked(name: string): string {
  if (name.length <= LENGTH_MAX) return name;
  throw new RangeError(`Cannot name a row: a key takes ${LENGTH_MAX} characters: ${name.length}`);
}
