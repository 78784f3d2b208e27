import type { Reason } from "../shared/domain/decision.ts";
import { answerSays, lossUnknownSays } from "../shared/policy/sentences.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";

/** A reason for people: its code, and its numbers with their units. */
export function sayReason(reason: Reason): string {
  const parts = sayValues(reason);
  return parts.length === 0 ? reason.code : `${reason.code}: ${parts.join(", ")}`;
}

/** The numbers of a reason with their units, and its codes in words. */
export function sayValues({ code, values }: Reason): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    // What the answer means says the result as well.
    if (code === "look" && name === "result") return [];
    if (code === "look" && name === "answer") return [answerSays(String(value))];
    if (code === "loss-unknown") {
      if (name === "why") return [lossUnknownSays(String(value))];
      if (value === null) return [];
    }
    return [sayValue(name, value)];
  });
}

function sayValue(name: string, value: string | number | null): string {
  const words = wordsOf(name.replace(/(Ms|At|Seconds)$/, ""));
  if (value === null) return `${words} unknown`;
  if (typeof value === "string") return `${words} ${value}`;
  if (name.endsWith("Ms")) return `${words} ${sayMs(value)}`;
  if (name.endsWith("At")) return `${words} ${sayInstant(value)}`;
  return name.endsWith("Seconds") ? `${words} ${value} s` : `${words} ${value}`;
}

/** `lossBudget` is two words. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
