import type { OrchestrationContext } from "durable-functions";
import type { MotorStatus } from "./contracts.ts";

/** Says what a motor is doing, since when, and what comes next and when. */
export function reportPhase(
  context: OrchestrationContext,
  phase: MotorStatus["phase"],
  decided: { readonly rule: string | null; readonly verdict: string | null },
  next: { readonly step: string; readonly afterMs: number },
): void {
  const now = context.df.currentUtcDateTime.getTime();
  const status: MotorStatus = {
    phase,
    sinceAt: new Date(now).toISOString(),
    rule: decided.rule,
    verdict: decided.verdict,
    next: { step: next.step, at: new Date(now + next.afterMs).toISOString() },
  };
  context.df.setCustomStatus(status);
}
