/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** What is left of a value after a trip through JSON: undefined members are gone. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : parseJson(text);
}

export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

/** The value of a JSON text, or the text itself when it is none. */
export function parseJsonOrText(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** The member at a path of keys and indices, or undefined. */
export function at(
  json: Json | undefined,
  ...path: readonly (string | number)[]
): Json | undefined {
  let here: Json | undefined = json;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isObject(here)) here = here[String(step)];
    else return undefined;
  }
  return here;
}

/** Applies `change` to every leaf and string, `path` being the way to it; keys in sorted order. */
export function mapLeaves(
  json: Json,
  change: (leaf: null | boolean | number | string, path: string) => Json,
  path = "",
): Json {
  const inside = (key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(json)) return json.map((item, index) => mapLeaves(item, change, inside(index)));
  if (isObject(json)) {
    const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      entries.map(([key, value]) => [key, mapLeaves(value, change, inside(key))]),
    );
  }
  return isLeaf(json) ? change(json, path) : json;
}

function isLeaf(json: Json): json is null | boolean | number | string {
  return typeof json !== "object" || json === null;
}
