import type { Decision, GuardFinding, Reason } from "../../domain/decision.ts";
import type { GuardId } from "../../domain/guard.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";

/** What has a condition of its own is told once. */
const TOLD_ELSEWHERE: readonly GuardId[] = ["paused", "claim-store"];

/**
 * Does a guard that nobody lifts keep everything still, though the primary is down past its grace? Nobody is
 * asked then, since no approval would open it: an operation that nobody can read holds as long as it is listed.
 */
export function findHeld({ groups }: ConditionEvidence): readonly Finding[] {
  return groups.map((of) => ({ ...findIn(of), group: of.group, leads: of.leads }));
}

function findIn({ decision, silentStores }: GroupEvidence): Omit<Finding, "group" | "leads"> {
  const found = { subject: null, severity: null, sinceAt: null, urgentSinceAt: null } as const;
  if (decision === "unknown") {
    const because = {
      code: "store-silent",
      values: { stores: silentStores.toSorted().join(", ") },
    };
    return { ...found, state: "unknown", because };
  }
  if (decision === null) return { ...found, state: "ok", because: null };
  const because = whyHeld(decision);
  if (because !== null) return { ...found, state: "bad", severity: "page", because };
  // A round without a majority, or with a sign of life, says nothing of the guard: that it stands is no end of it.
  const still = decision.verdict === "hold" ? whyClosed(decision) : null;
  return { ...found, state: still === null ? "ok" : "unknown", because: still };
}

/** Both rules stand behind the grace; a decision that our own check refuses acts no more than a guard lets it. */
function whyHeld(decision: Decision): Reason | null {
  const { rule, because } = decision;
  if (rule === "refused-by-check") return because[0] ?? null;
  return rule === "absolute-guard" ? whyClosed(decision) : null;
}

function whyClosed({ guards }: Decision): Reason | null {
  const found = guards.find(keepsStill);
  if (found === undefined || found.because === null) return null;
  const { code, values } = found.because;
  return { code, values: { guard: found.guard, ...values } };
}

function keepsStill({ guard, strength, state }: GuardFinding): boolean {
  return strength === "absolute" && state === "closed" && !TOLD_ELSEWHERE.includes(guard);
}
