import type { Decision, GuardFinding } from "../../shared/domain/decision.ts";
import { HELD_WORDS } from "../../shared/policy/conditions/find-held.ts";
import { guardSays } from "../../shared/policy/sentences.ts";
import { sayInstant } from "../../shared/text/say-instant.ts";

/** Rules that hold by a guard that nobody lifts: what keeps it is the guard, and that is what is told. */
const BY_GUARD: readonly string[] = [
  "absolute-guard",
  "long-trouble-guarded",
  "call-guard-absolute",
];

/** The guard that keeps everything still, where that is why nothing is sent. */
export function heldBy({ rule, guards }: Decision): GuardFinding | null {
  if (!BY_GUARD.includes(rule)) return null;
  return (
    guards.find(({ strength, state }) => strength === "absolute" && state === "closed") ?? null
  );
}

/** What is written of every group, said of this one: whoever copies a command need fill in nothing. */
export function nameGroup(repair: string, group: string): string {
  return repair.replaceAll("GROUP", () => group);
}

/** What somebody can do about it; null where it ends by itself, or has a condition that says so. */
export function sayRepair(decision: Decision, group: string): string | null {
  if (decision.verdict !== "hold") return null;
  const words: Readonly<Record<string, { readonly repair: string }>> = HELD_WORDS;
  const found = words[decision.rule] ?? words[heldBy(decision)?.guard ?? ""];
  return found === undefined ? null : nameGroup(found.repair, group);
}

/** A guard in words, with the instant at which it opens by itself. */
export function sayGuard({ guard, because }: GuardFinding): string {
  const untilAt = because?.values.untilAt;
  return typeof untilAt === "number"
    ? `${guardSays(guard)}, until ${sayInstant(untilAt)}`
    : guardSays(guard);
}
