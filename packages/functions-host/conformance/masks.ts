// What differs from run to run and says nothing about the host. Both sides of a comparison go
// through the same rules; whatever no rule names is compared as it is.
//
// M1. A run of stack frames is one mark: where there are frames, there must be frames. The head of a
//     stack is cut to a length that counts its frames: what is left of it behind them is dropped.
// M2. An instant of the run keeps its form (`Z` or `+00:00`). Instants that the apps write as data
//     (years 1, 1970 and 2025) are data.
// M3. Generated ids keep who equals whom: the first one met is 1, the second 2.
// M4. Ports, keys, process ids and the name of the run are gone altogether.

import { type Json, mapLeaves } from "./json.ts";

const FRAMES = /(?:(?:\n|\\+n)? {3,4}at [^\n"\\]+)+(?:(?:\n|\\+n?)? {0,4}a?t?$)?/g;
const INSTANT = /\b(?!0001|1970|2025)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g;
const HTTP_DATE = /\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g;
const GENERATED_ID =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:[0-9a-f]{32}|[0-9a-f]{20})\b/g;
const UPTIME = /(?<="processUptime":)\d+/g;
const RUN = /[rs]mwq[0-9a-z]{5}/g;
const PORT = /(127\.0\.0\.1|localhost):\d+/g;
const KEY = /\bcode=[^&"\\\s]+/g;
const PROCESS_ID_IN_TEXT = /\b(slow done|will reject|will throw) \d+/g;
const PROCESS_ID_PATH = /(?:^|\.)(?:p0|p1|pid|pidBefore|pidAfter|hostStillAlive)$/;
// The length of a message counts the characters of its stack frames.
const LENGTH_WITH_FRAMES = /^\d{6}(?=:Activity function)/;

/** Names a run such that the masks find it again in every id made from it. */
export function nameOfRun(seed: number): string {
  return `rmwq${seed.toString(36).padStart(5, "0")}`;
}

/** One answer with everything masked that differs from run to run. */
export function masked(answer: Json): Json {
  const ids = new Map<string, number>();
  return mapLeaves(answer, (leaf, path) => {
    if (PROCESS_ID_PATH.test(path) && /^\d+$/.test(String(leaf))) return "⟨pid⟩";
    if (typeof leaf !== "string") return leaf;
    const text = maskedText(leaf, ids);
    return path.endsWith("stackHead") ? text.replace(/⟨frames⟩.*$/s, "⟨frames⟩") : text;
  });
}

function maskedText(text: string, ids: Map<string, number>): string {
  return text
    .replace(LENGTH_WITH_FRAMES, "⟨length⟩")
    .replace(FRAMES, "⟨frames⟩")
    .replace(HTTP_DATE, "⟨date⟩")
    .replace(INSTANT, "⟨instant⟩")
    .replace(UPTIME, "⟨ms⟩")
    .replace(RUN, "⟨run⟩")
    .replace(KEY, "code=⟨key⟩")
    .replace(GENERATED_ID, (id) => `⟨id ${numberOf(id, ids)}⟩`)
    .replace(PORT, "$1:⟨port⟩")
    .replace(PROCESS_ID_IN_TEXT, "$1 ⟨pid⟩");
}

function numberOf(id: string, ids: Map<string, number>): number {
  const known = ids.get(id);
  if (known !== undefined) return known;
  ids.set(id, ids.size + 1);
  return ids.size;
}
