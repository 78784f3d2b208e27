import type { ConditionEvidence, Finding, GroupEvidence, StoreEvidence } from "./condition-row.ts";

/**
 * Does every store answer? Each is told for itself, in peace too, and whether any group would fail over to its region.
 * The one that a group's claim belongs into is a page for that group from the moment at which this site would have
 * acted: without it nobody does.
 */
export function findLedgerSilent(evidence: ConditionEvidence, now: number): readonly Finding[] {
  return [
    ...evidence.stores.map((of) => {
      const isNeeded = evidence.groups.some(({ target }) => target.site === of.site);
      const found = findIn(of, isNeeded ? "store-silent" : "store-not-needed");
      return { ...found, subject: of.site };
    }),
    ...evidence.groups.map((of) => findTarget(of, now)),
  ];
}

function findTarget({ group, target, wouldActAt }: GroupEvidence, now: number): Finding {
  const found = { ...findIn(target, "store-needed"), group };
  if (found.state !== "bad") return found;
  const urgent = wouldActAt !== null && now >= wouldActAt;
  return { ...found, severity: urgent ? "page" : null, urgentSinceAt: urgent ? wouldActAt : null };
}

function findIn({ site, region, answers, untaken, leads }: StoreEvidence, code: string): Finding {
  const found = { group: null, subject: null, sinceAt: null, urgentSinceAt: null, leads } as const;
  if (answers === true) return { ...found, state: "ok", severity: null, because: null };
  const because = { code, values: { stores: `${site}, ${region}`, why: untaken } };
  return answers === false
    ? { ...found, state: "bad", severity: "notice", because }
    : { ...found, state: "unknown", severity: null, because };
}
