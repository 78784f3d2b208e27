// Every code that a decision may give as a reason, with what it means and what to do about it.
//
// P1. A code is listed once. Codes are API: never renamed, only retired.
// P2. `test/domain/reason-codes.test.ts` finds every code that the policy can give: an unlisted one
//     fails, and so does a value that is not described here.

import { ABSOLUTE_REASONS } from "./reason-codes/absolute.ts";
import { CONDITION_REASONS } from "./reason-codes/conditions.ts";
import { EVIDENCE_REASONS } from "./reason-codes/evidence.ts";
import { HOMEWARD_REASONS } from "./reason-codes/homeward.ts";
import { LIFTABLE_REASONS } from "./reason-codes/liftable.ts";
import type { ReasonRow } from "./reason-codes/reason-row.ts";
import { REFUSALS } from "./reason-codes/refusals.ts";
import { STANDING_REASONS } from "./reason-codes/standing.ts";

interface ReasonSection {
  readonly title: string;
  readonly rows: readonly ReasonRow[];
}

export const REASON_SECTIONS: readonly ReasonSection[] = [
  { title: "What was seen", rows: EVIDENCE_REASONS },
  { title: "Who acts, who asks", rows: STANDING_REASONS },
  { title: "Guards that nobody lifts", rows: ABSOLUTE_REASONS },
  { title: "Guards that a person may lift", rows: LIFTABLE_REASONS },
  { title: "The way home", rows: HOMEWARD_REASONS },
  { title: "Conditions", rows: CONDITION_REASONS },
  { title: "Refused by the second opinion", rows: REFUSALS },
];

/** Values that any reason may carry beside its own. */
export const COMMON_VALUES: Readonly<Record<string, string>> = {
  guard: "the guard that is closed for this reason",
  invariant: "the invariant that acting would have broken (docs/spec.md)",
  refused: "the rule whose decision was refused",
};

const ROWS: ReadonlyMap<string, ReasonRow> = new Map(
  REASON_SECTIONS.flatMap(({ rows }) => rows.map((row) => [row.code, row] as const)),
);

/** What a code means; null for one that this release does not know. */
export function reasonRow(code: string): ReasonRow | null {
  return ROWS.get(code) ?? null;
}
