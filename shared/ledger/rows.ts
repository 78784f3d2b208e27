import type * as z from "zod";
import type { RowKey, Store } from "../ports/store.ts";

/** A kind of row: its name in the store and the shape every reader insists on. */
export interface RowType<T> {
  readonly kind: string;
  readonly schema: z.ZodType<T>;
}

export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

/** A row that is there but cannot be understood, by us or at all. It is left alone. */
export class RowUnreadable extends Error {
  override readonly name = "RowUnreadable";
}

const TRIES = 6;

/** Reads one row; null where there is none. Throws `RowUnreadable` for rows of newer versions or broken ones. */
export async function readRow<T>(
  store: Store,
  type: RowType<T>,
  group: string,
  id: string,
): Promise<Versioned<T> | null> {
  const row = await store.read({ group, kind: type.kind, id });
  if (row === null) return null;
  if (row.kind === "newer") {
    throw new RowUnreadable(
      `Cannot read ${describe(row.key)} at ${store.site}: it has schema version ${row.schemaVersion}, written by a newer release`,
    );
  }
  return { value: parse(type, row.key, row.value, store.site), etag: row.etag };
}

/** Lists rows of one kind, oldest first unless `newest`. Rows it cannot understand are passed over. */
export async function listRows<T>(
  store: Store,
  type: RowType<T>,
  group: string,
  options: { readonly newest?: boolean; readonly limit?: number } = {},
): Promise<readonly T[]> {
  const rows = await store.list({ group, kind: type.kind, ...options });
  return rows.flatMap((row) => {
    if (row.kind === "newer") return [];
    const parsed = type.schema.safeParse(row.value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Writes a row that must not exist yet. False when it does: somebody was here before, perhaps we. */
export async function addRow<T>(
  store: Store,
  type: RowType<T>,
  group: string,
  id: string,
  value: T,
): Promise<boolean> {
  const answer = await store.write({ group, kind: type.kind, id }, value, { kind: "new" });
  return answer.kind === "written";
}

/**
 * Reads, changes and writes under the ETag until nobody interferes. `change` may run several times;
 * returning null leaves the row as it is. Returns what the row says afterwards.
 */
export async function changeRow<T>(
  store: Store,
  type: RowType<T>,
  group: string,
  id: string,
  change: (now: T | null) => T | null,
): Promise<{ readonly value: T | null; readonly changed: boolean }> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await readRow(store, type, group, id);
    const after = change(before?.value ?? null);
    if (after === null) return { value: before?.value ?? null, changed: false };
    const condition =
      before === null ? { kind: "new" as const } : { kind: "match" as const, etag: before.etag };
    const key = { group, kind: type.kind, id };
    const answer = await store.write(key, parse(type, key, after, store.site), condition);
    if (answer.kind === "written") return { value: after, changed: true };
  }
  throw new Error(
    `Cannot write ${describe({ group, kind: type.kind, id })} at ${store.site}: others changed it ${TRIES} times in a row`,
  );
}

function parse<T>(type: RowType<T>, key: RowKey, value: unknown, site: string): T {
  const parsed = type.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new RowUnreadable(
    `Cannot read ${describe(key)} at ${site}: ${first?.path.join(".") ?? ""} ${first?.message ?? "is not what it should be"}`,
  );
}

function describe(key: RowKey): string {
  return `row ${key.group}/${key.kind}/${key.id}`;
}
