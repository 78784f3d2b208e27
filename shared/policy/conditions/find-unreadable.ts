import type { Reason } from "../../domain/decision.ts";
import type { UnreadableRow } from "../../domain/tick-report.ts";
import { isHolding } from "../evidence/weigh-unreadable.ts";
import type { ConditionEvidence, Finding, LedgerEvidence } from "./condition-row.ts";

/** A message names this many rows; the rest is a number. */
const NAMED_MAX = 3;

/** Is there a row that nobody can read? A store that is silent hides its rows, so it is unknown then. */
export function findUnreadable(evidence: ConditionEvidence): readonly Finding[] {
  const groups = evidence.groups.map((of) => ({ ...findIn(of), group: of.group }));
  return [findIn(evidence.everyGroup), ...groups];
}

function findIn({ unreadable, silentStores, leads }: LedgerEvidence): Finding {
  const found = { group: null, subject: null, sinceAt: null, urgentSinceAt: null, leads } as const;
  if (unreadable.length > 0) {
    const severity = unreadable.some(isHolding) ? "page" : "notice";
    return { ...found, state: "bad", severity, because: nameRows(unreadable) };
  }
  if (silentStores.length > 0) {
    const because = {
      code: "store-silent",
      values: { stores: silentStores.toSorted().join(", ") },
    };
    return { ...found, state: "unknown", severity: null, because };
  }
  return { ...found, state: "ok", severity: null, because: null };
}

/** In one order, whatever the stores' order was: the reason must not change while nothing does. */
function nameRows(rows: readonly UnreadableRow[]): Reason {
  const named = rows
    .map((row) => ({ ...row, says: `${row.kind} at ${row.store} (${row.because})` }))
    .toSorted((a, b) => Number(isHolding(b)) - Number(isHolding(a)) || (a.says < b.says ? -1 : 1))
    .map(({ says }) => says);
  const first = [...new Set(named)].slice(0, NAMED_MAX).join(", ");
  return { code: "rows-unreadable", values: { rows: rows.length, first } };
}
