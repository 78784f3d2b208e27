import { clockTime, countdown } from "../shared/text/say-time.ts";
import type { Run } from "./start-run.ts";
import type { Watched } from "./watch-run.ts";

/** The live line: what runs now, how long the grace still is, what it waits for. */
export function sayStatus({ clock, group }: Run, watched: Watched, skipping: boolean): string {
  const time = clockTime(clock.now());
  const incident = watched.incident();
  if (incident === null || incident.closedAt !== null) {
    const failback = watched.failback();
    const away = failback !== null && failback.state !== "done";
    const what = away ? `away from home, failback ${failback.state}` : "healthy, watching";
    return `${time}  ${what}${skipping ? " (skipping ahead)" : ""}`;
  }
  const { decision, outage, decidedAt } = incident;
  if (decision === null) return `${time}  suspicion: asking all sites`;
  if (incident.phases.postedAt !== null)
    return `${time}  ${group.name}: ${phaseOf(incident.phases)}`;
  if (decision.rule === "grace" && decision.graceLeftMs !== null) {
    const sinceMs = decidedAt === null ? 0 : clock.now() - decidedAt;
    const left = countdown(decision.graceLeftMs - sinceMs);
    return `${time}  grace ${left} left, ${outage.rounds} rounds down; a look that succeeds or a pause stops it`;
  }
  return `${time}  ${decision.verdict} (${decision.rule})`;
}

function phaseOf(phases: {
  readonly movedAt: number | null;
  readonly verifiedAt: number | null;
}): string {
  if (phases.verifiedAt !== null) return "verified";
  return phases.movedAt === null ? "failover requested, following it" : "roles moved, verifying";
}
