const LENGTH_MAX = 300;

const REDACTIONS: readonly (readonly [RegExp, string])[] = [
  // The query of a poll URL carries its signature: the path is enough to recognise it by.
  [/(https?:\/\/[^\s?"'<>]{0,2000})\?[^\s"'<>]*/gi, "$1?…"],
  [/\b(bearer)\s+\S+/gi, "$1 …"],
  [/\beyJ[\w-]*\.[\w.-]*/g, "…"],
  [/([?&][\w%-]+)=[^\s&"'<>]+/g, "$1=…"],
  [/\b(sig|token|access_token|client_secret|password|pwd)=[^\s&;"']+/gi, "$1=…"],
  // Nothing a person should read is an unbroken run this long.
  [/[\w+/=%-]{120,}/g, "…"],
];

/** Makes a text of unknown origin fit for logs and notices: no secrets, no markup, one line, not long. */
export function presentable(text: string): string {
  // Cut before matching too: the text may be megabytes of garbage.
  let shown = text.slice(0, 8 * LENGTH_MAX);
  for (const [pattern, replacement] of REDACTIONS) shown = shown.replace(pattern, replacement);
  shown = shown
    .replace(/<[^<>]*>/g, " ")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return shown.length <= LENGTH_MAX ? shown : `${shown.slice(0, LENGTH_MAX - 1)}…`;
}

/** A word of Azure's own (a code, a status, a state), or null where it is something else. */
export function azureWord(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[a-z0-9][\w .-]{0,99}$/i.test(text) ? text : null;
}
