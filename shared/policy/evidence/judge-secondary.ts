import type { SecondarySql } from "../../domain/facts.ts";

/** What all vantages together know of the secondary: one that gets an answer is enough, and silence outweighs no news. */
export function judgeSecondary(seen: readonly (SecondarySql | null)[]): SecondarySql {
  if (seen.includes("answers")) return "answers";
  return seen.includes("silent") ? "silent" : "unknown";
}
