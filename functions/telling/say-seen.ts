import type { Seen } from "../../shared/domain/incident.ts";
import type { LookResult } from "../../shared/domain/observation.ts";

const SAYS: Readonly<Record<LookResult, string>> = {
  "no-answer": "no answer",
  "not-serving": "not serving",
  alive: "answers",
  writes: "takes writes",
  blind: "blind",
};

/** Who sees what, those together that see alike; and what the application says, where anything tells. */
export function saySeen(seen: Seen | null): readonly string[] {
  if (seen === null) return [];
  const says = seen.looks.map(({ result }) => (result === null ? "silent" : SAYS[result]));
  const alike = [...new Set(says)].map((what) => {
    const who = seen.looks.filter((_, nth) => says[nth] === what);
    return `${who.map(({ vantage }) => vantage).join(", ")}: ${what}`;
  });
  return [`Seen by ${alike.join("; ")}.${sayRatio(seen.applicationRatio)}`];
}

function sayRatio(ratio: number | null): string {
  return ratio === null ? "" : ` Application: ${Math.floor(ratio * 100)} % succeed.`;
}
