import type { Pause } from "../../domain/person.ts";
import { EVERY_SCOPE, reasonOf, standingPauses } from "../evidence/standing-pauses.ts";
import type { ConditionEvidence, Finding, GroupEvidence, LedgerEvidence } from "./condition-row.ts";

/**
 * Does a pause stand? In peace one without an end is told, under trouble any. One that covers every
 * group is told once for all of them in peace, and for each that is in trouble.
 */
export function findPaused(evidence: ConditionEvidence, now: number): readonly Finding[] {
  const every = findIn(evidence.everyGroup, EVERY_SCOPE, now);
  const single = evidence.groups.map((of): Finding => {
    const found = { ...findIn(of, of.group, now), group: of.group };
    if (found.state !== "bad") return found;
    const pressingAt = pressesFrom(of);
    if (pressingAt !== null && now >= pressingAt) {
      return { ...found, severity: "page", urgentSinceAt: pressingAt };
    }
    return found.because?.values.scope === EVERY_SCOPE ? { ...found, severity: null } : found;
  });
  return [every, ...single];
}

/** What one vantage alone sees wakes nobody before it has lasted the grace. */
function pressesFrom({ trouble, policy }: GroupEvidence): number | null {
  return trouble === null ? null : (trouble.outageKnownAt ?? trouble.sinceAt + policy.graceMs);
}

function findIn({ pauses, pausesReadable, leads }: LedgerEvidence, scope: string, now: number) {
  const [pause] = standingPauses(pauses, scope, now).toSorted(byHold);
  const found = { group: null, subject: null, urgentSinceAt: null, leads } as const;
  if (pause !== undefined) {
    return {
      ...found,
      state: "bad",
      severity: pause.expiresAt === null ? "notice" : null,
      sinceAt: pause.pausedAt,
      because: reasonOf(pause),
    } satisfies Finding;
  }
  const because = pausesReadable ? null : { code: "pause-unreadable", values: {} };
  const state = pausesReadable ? "ok" : "unknown";
  return { ...found, state, severity: null, sinceAt: null, because } satisfies Finding;
}

/** The one that will hold longest: a group's own before one of all, then the oldest. */
function byHold(a: Pause, b: Pause): number {
  const endless = Number(b.expiresAt === null) - Number(a.expiresAt === null);
  const own = Number(a.scope === EVERY_SCOPE) - Number(b.scope === EVERY_SCOPE);
  return endless || own || a.pausedAt - b.pausedAt;
}
