import type { ConditionEvidence, Finding, GroupEvidence, StoreEvidence } from "./condition-row.ts";

/**
 * Does every store answer? Each is told for itself, in peace too. The one that a group's claim belongs into
 * is a page for that group from the moment at which this site would have acted: without it nobody does.
 */
export function findLedgerSilent(evidence: ConditionEvidence, now: number): readonly Finding[] {
  return [
    ...evidence.stores.map((of) => ({ ...findIn(of), subject: of.site })),
    ...evidence.groups.map((of) => findTarget(of, now)),
  ];
}

function findTarget({ group, target, wouldActAt }: GroupEvidence, now: number): Finding {
  const found = { ...findIn(target), group };
  if (found.state !== "bad") return found;
  const urgent = wouldActAt !== null && now >= wouldActAt;
  return { ...found, severity: urgent ? "page" : null, urgentSinceAt: urgent ? wouldActAt : null };
}

function findIn({ site, answers, untaken, leads }: StoreEvidence): Finding {
  const found = { group: null, subject: null, sinceAt: null, urgentSinceAt: null, leads } as const;
  if (answers === true) return { ...found, state: "ok", severity: null, because: null };
  const because = { code: "store-silent", values: { stores: site, why: untaken } };
  return answers === false
    ? { ...found, state: "bad", severity: "notice", because }
    : { ...found, state: "unknown", severity: null, because };
}
