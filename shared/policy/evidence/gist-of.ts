import type { Decision } from "../../domain/decision.ts";

/** What makes two decisions the same to whoever reads them. */
export function gistOf(decision: Decision): string {
  const closed = decision.guards.filter((finding) => finding.state === "closed");
  const { rule, verdict, diagnosis, kind } = decision;
  return JSON.stringify([rule, verdict, diagnosis, kind, closed.map((finding) => finding.guard)]);
}
