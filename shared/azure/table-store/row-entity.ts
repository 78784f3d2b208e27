import type { Row, RowKey } from "../../ports/store.ts";
import { rowNames } from "./row-names.ts";

/** Of the rows this release writes. */
export const SCHEMA_VERSION = 1;

/** A string property holds 64 KiB of UTF-16. */
const CHUNK_CHARS = 32_000;
/** An entity holds 1 MiB of UTF-16, keys and names included. */
const CHUNKS_MAX = 15;

/** A row as the table keeps it: JSON in as many properties as it takes. */
export interface RowEntity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly schemaVersion: number;
  readonly [json: `json${number}`]: string;
}

/** The entity of a row; null for a value that is larger than an entity. */
export function toEntity(key: RowKey, value: unknown): RowEntity | null {
  const chunks = chunksOf(asciiJson(value));
  if (chunks.length > CHUNKS_MAX) return null;
  const json = Object.fromEntries(chunks.map((chunk, at) => [`json${at}`, chunk]));
  return { ...rowNames(key), ...json, schemaVersion: SCHEMA_VERSION };
}

/** A row as it was read. One that cannot be understood has no value, which every reader refuses. */
export function toRow(key: RowKey, entity: Readonly<Record<string, unknown>>, etag: string): Row {
  const { schemaVersion } = entity;
  if (typeof schemaVersion === "number" && schemaVersion > SCHEMA_VERSION) {
    return { kind: "newer", key, schemaVersion, etag };
  }
  let parsed: { readonly value: unknown } | null = null;
  return {
    kind: "row",
    key,
    // Of a list most rows are as they were, and nobody asks: a value is parsed when it is wanted.
    get value() {
      parsed ??= { value: jsonOf(entity) };
      return parsed.value;
    },
    etag,
  };
}

function jsonOf(entity: Readonly<Record<string, unknown>>): unknown {
  let text = "";
  for (let at = 0; at < CHUNKS_MAX; at++) {
    const chunk = entity[`json${at}`];
    if (typeof chunk !== "string") break;
    text += chunk;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function chunksOf(text: string): readonly string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length; from += CHUNK_CHARS) {
    chunks.push(text.slice(from, from + CHUNK_CHARS));
  }
  return chunks;
}

/** JSON in ASCII: a character cut in half, here or on the way (Azurite does), does not survive. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
