import { QUIET_MS } from "../evidence/quiet-site.ts";
import type { ConditionEvidence, Finding } from "./condition-row.ts";

/** Has another site stopped ticking, as seen from here? */
export function findSilent(evidence: ConditionEvidence, now: number): readonly Finding[] {
  return evidence.otherSites.map(({ site, quietMs, leads }): Finding => {
    const found = { group: null, subject: site, urgentSinceAt: null, leads };
    if (quietMs === null) {
      const because = { code: "site-unheard", values: {} };
      return { ...found, state: "unknown", severity: null, sinceAt: null, because };
    }
    if (quietMs < QUIET_MS) {
      return { ...found, state: "ok", severity: null, sinceAt: null, because: null };
    }
    const sinceAt = now - quietMs;
    const because = { code: "site-quiet", values: { tickedAt: sinceAt } };
    return { ...found, state: "bad", severity: "notice", sinceAt, because };
  });
}
