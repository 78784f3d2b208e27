import type { Incident } from "../../domain/incident.ts";
import type { Observation } from "../../domain/observation.ts";
import type { Approval } from "../../domain/person.ts";

/** A round takes this much longer than its look: its rows are read and written. */
const ROWS_MS = 2_000;

/**
 * May the round that begins now come to act? By what the last one decided, and what came since. Who is wrong loses a
 * moment: whatever acts has asked for everything first.
 */
export function mayAct(
  { decision, decidedAt }: Pick<Incident, "decision" | "decidedAt">,
  since: { readonly approvals: readonly Approval[]; readonly look: Observation | null },
  now: number,
): boolean {
  if (decision === null || decidedAt === null || decision.verdict === "fail-over") return true;
  if (since.approvals.some(({ approvedAt }) => approvedAt > decidedAt)) return true;
  const leftMs = (decision.graceLeftMs ?? 0) - (now - decidedAt);
  const lookMs = since.look === null ? 0 : since.look.endedAt - since.look.startedAt;
  return (decision.graceLeftMs ?? 0) > 0 && leftMs <= lookMs + ROWS_MS;
}
