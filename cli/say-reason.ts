import type { Reason } from "../shared/domain/decision.ts";
import { sayInstant } from "../shared/text/say-instant.ts";
import { sayMs } from "../shared/text/say-time.ts";

/** A reason for people: its code, and its numbers with their units. */
export function sayReason({ code, values }: Reason): string {
  const parts = Object.entries(values).map(([name, value]) => sayValue(name, value));
  return parts.length === 0 ? code : `${code}: ${parts.join(", ")}`;
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
