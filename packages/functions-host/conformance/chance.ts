// What was not decided by the host but by chance or by the second at which a probe was recorded, and
// so cannot be asked for: it is put into one form. (Where races decided, seeds decide here: suite.ts.)
//
// C1. The list of known functions stands in the order of a hash table, another at every start: sorted.
// C2. A loop that spins on a timer, or a turn that is tried for ever, goes round as often as there is
//     time for: its rounds are counted once.
// C3. Timer triggers tick when the wall clock says so, not when the probe began: not in the log.

import { at, isObject, type Json, mapLeaves } from "./json.ts";

/** One answer, with what chance decides put into one form. */
export function settled(probe: string, answer: Json): Json {
  let result = mapLeaves(answer, (leaf) => (typeof leaf === "string" ? sortedNames(leaf) : leaf));
  if (probe.startsWith("a5.")) result = spinsOnce(result);
  if (/^[kl]\d/.test(probe)) result = logWithoutTimers(result, probe.startsWith("k4."));
  return result;
}

function sortedNames(text: string): string {
  return text.replace(
    /(known \w+ functions: )((?:'[^']+'(?:, )?)+)/,
    (_all, head: string, list: string) => {
      return head + list.split(", ").sort().join(", ");
    },
  );
}

function spinsOnce(answer: Json): Json {
  const seen = new Set<string>();
  return withHistory(answer, (history) =>
    history.filter((event) => {
      if (!/^Timer/.test(String(at(event, "EventType")))) return true;
      const key = JSON.stringify([at(event, "EventType"), at(event, "FireAt")]);
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst;
    }),
  );
}

function withHistory(answer: Json, change: (history: readonly Json[]) => readonly Json[]): Json {
  const details = at(answer, "details");
  const history = at(details, "history");
  if (!isObject(answer) || !isObject(details) || !Array.isArray(history)) return answer;
  return { ...answer, details: { ...details, history: change(history) } };
}

function logWithoutTimers(answer: Json, once: boolean): Json {
  const details = at(answer, "details");
  const lines = Array.isArray(details) ? details : at(details, "log");
  if (!isObject(answer) || !Array.isArray(lines)) return answer;
  const log = lines
    .map((line) => String(line).replace(/^-?[\d.]+ \d+ /, "⟨time⟩ ⟨pid⟩ "))
    .filter((line) => !/ (tick|timer-start|timer-end)\b/.test(line));
  const kept = once ? [...new Set(log)] : log;
  return { ...answer, details: isObject(details) ? { ...details, log: kept } : kept };
}
