import type { Observation } from "../../domain/observation.ts";
import type { ConditionEvidence, Finding, GroupEvidence } from "./condition-row.ts";

/** A site that has not looked for this many ticks is not known to see. */
export const TICKS_MISSED_MAX = 4;

/** Does this site see the primary of each group? Each site judges its own sight alone. */
export function findBlind(evidence: ConditionEvidence, now: number): readonly Finding[] {
  const { site, tickMs, groups } = evidence;
  return groups.map((of) => ({
    ...findIn(of, now - TICKS_MISSED_MAX * tickMs),
    group: of.group,
    subject: site,
    urgentSinceAt: null,
    leads: true,
  }));
}

function findIn({ looks }: GroupEvidence, freshFromAt: number) {
  const newest = looks.at(-1);
  if (newest === undefined || newest.endedAt <= freshFromAt) {
    const because = { code: "not-looked", values: { lookedAt: newest?.endedAt ?? null } };
    return { state: "unknown", severity: null, sinceAt: null, because } as const;
  }
  if (newest.result !== "blind") {
    return { state: "ok", severity: null, sinceAt: null, because: null } as const;
  }
  const because = { code: "blind-look", values: { answer: newest.code } };
  return { state: "bad", severity: "notice", sinceAt: blindSince(looks), because } as const;
}

/** Start of the blind looks at the end; null where all that are kept are blind. */
function blindSince(looks: readonly Observation[]): number | null {
  const saw = looks.findLastIndex(({ result }) => result !== "blind");
  return saw === -1 ? null : (looks[saw + 1]?.startedAt ?? null);
}
