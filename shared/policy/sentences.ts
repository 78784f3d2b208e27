import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Purpose } from "../domain/purpose.ts";
import { DIAGNOSES } from "./evidence/diagnose.ts";
import { GUARDS } from "./guards/guards.ts";
import { FAILBACK_TABLE } from "./rules/decide-failback.ts";
import { FAILOVER_TABLE } from "./rules/decide-failover.ts";

// The sentences of the tables, for whoever speaks of a decision: messages and explanations use the same ones.

/** The sentence of a rule. */
export function ruleSays(id: string, purpose: Purpose): string {
  if (id === "refused-by-check") return "the second opinion found that acting would be wrong";
  const table: readonly { readonly id: string; readonly says: string }[] =
    purpose === "fail-over" ? FAILOVER_TABLE : FAILBACK_TABLE;
  return table.find((rule) => rule.id === id)?.says ?? "this release has no such rule";
}

/** The sentence of a diagnosis. */
export function diagnosisSays(diagnosis: Diagnosis): string {
  return DIAGNOSES.find((row) => row.diagnosis === diagnosis)?.says ?? "not known to this release";
}

/** The sentence of a guard. */
export function guardSays(id: string): string {
  const rows = [...GUARDS.absolute, ...GUARDS.liftable];
  return rows.find(({ guard }) => guard === id)?.says ?? id;
}
