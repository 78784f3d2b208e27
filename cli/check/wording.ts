import type { Group, Side } from "../../shared/domain/group.ts";

/** "home (westeurope)" */
export function subjectOf(group: Group, side: Side): string {
  return `${side} (${group[side].region})`;
}

/** What to do where Resource Manager gave no answer that can be used. */
export function howToRead({ because }: { readonly because: string }): string {
  if (because === "identity") return "sign in: az login";
  if (because.startsWith("http-403")) {
    return "ask for Reader on the resource groups of both instances";
  }
  if (because.startsWith("http-429")) return "wait a minute and run it again";
  return "run it again when Resource Manager answers";
}

/** "under a second", "12 s", "3 min" */
export function sayAge(ms: number): string {
  if (ms < 1_000) return "under a second";
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
