/** A request as it reached the host. `path` and `query` are still encoded. */
export interface HttpRequest {
  method: string;
  /** Absolute, as the caller sees it. */
  url: URL;
  /** Names in lower case, values of repeated headers joined. */
  headers: Record<string, string>;
  /** Null: no Content-Length, so nothing the platform would read. */
  body: Uint8Array | null;
}

export interface HttpAnswer {
  status: number;
  /** A list, because Set-Cookie may come more than once. */
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** An answer without a body. */
export function emptyAnswer(status: number): HttpAnswer {
  return { status, headers: [], body: NO_BYTES };
}

/** An answer with a text for body. */
export function textAnswer(
  status: number,
  contentType: string,
  text: string,
  headers: readonly (readonly [string, string])[] = [],
): HttpAnswer {
  const body = new TextEncoder().encode(text);
  return { status, headers: [["content-type", contentType], ...headers], body };
}

/** An answer with JSON for body, typed as the durable extension types it. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: readonly (readonly [string, string])[] = [],
): HttpAnswer {
  const text = JSON.stringify(value);
  return textAnswer(status, "application/json; charset=utf-8", text, headers);
}

/** Repeated keys are one, whatever their case; the first spelling stays. */
export function mergedQuery(url: URL): Map<string, string> {
  const merged = new Map<string, string>();
  const spelling = new Map<string, string>();
  for (const [key, value] of url.searchParams) {
    const name = spelling.get(key.toLowerCase()) ?? key;
    spelling.set(key.toLowerCase(), name);
    const before = merged.get(name);
    merged.set(name, before === undefined ? value : `${before},${value}`);
  }
  return merged;
}

/** One query value by name, compared without case; null when it is missing. */
export function queryValue(url: URL, name: string): string | null {
  for (const [key, value] of mergedQuery(url)) {
    if (key.toLowerCase() === name.toLowerCase()) return value;
  }
  return null;
}
