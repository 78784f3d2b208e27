import type { Incident } from "../../domain/incident.ts";
import { NO_OUTAGE, type Trouble } from "../../domain/outage.ts";

/** A gap that adds nothing to an outage: rounds further apart than a minute were not watched. */
const UNWATCHED_MS = 61_000;

/**
 * An incident as the site that takes it over must see it. The instants in it are of another site's
 * clock: only their distances mean anything here. What that site has counted stands, the time in
 * which nobody watched adds nothing, and a bound of the loss stays a bound while the outage lasts.
 */
export function onOwnClock(incident: Incident, now: number, unseenMs: number): Incident {
  const { outage } = incident;
  const fresh = { ...incident, samples: [], calmSinceAt: null };
  const { trouble } = outage;
  const seenAt = newestSeen(trouble);
  if (outage.onsetAt === null || outage.lastDownAt === null) {
    const shift = now - Math.max(UNWATCHED_MS, unseenMs) - (seenAt ?? now);
    const kept = { ...NO_OUTAGE, trouble: shiftTrouble(trouble, shift) };
    return { ...fresh, outage: kept, countedUntilAt: null, carriedLoss: null };
  }
  const shift = now - Math.max(UNWATCHED_MS, unseenMs) - outage.lastDownAt;
  const moved = (at: number | null): number | null => (at === null ? null : at + shift);
  return {
    ...fresh,
    outage: {
      ...outage,
      onsetAt: moved(outage.onsetAt),
      lastDownAt: moved(outage.lastDownAt),
      heldUntilAt: moved(outage.heldUntilAt),
      lastNotServingAt: moved(outage.lastNotServingAt),
      lastLifeAt: moved(outage.lastLifeAt),
      livedAt: moved(outage.livedAt),
      partialSinceAt: moved(outage.partialSinceAt),
      upSinceAt: moved(outage.upSinceAt),
      storageFailedAt: moved(outage.storageFailedAt),
      attemptEndedAt: moved(outage.attemptEndedAt),
      ended: outage.ended.map((ended) => ({
        ...ended,
        onsetAt: ended.onsetAt + shift,
        endedAt: ended.endedAt + shift,
      })),
      trouble: shiftTrouble(trouble, shift),
    },
    countedUntilAt: moved(outage.onsetAt),
    carriedLoss: incident.loss,
    plannedEndedAt: moved(incident.plannedEndedAt),
  };
}

function newestSeen(trouble: Trouble | null): number | null {
  const instants = trouble?.seen.map(({ countedUntilAt }) => countedUntilAt) ?? [];
  return instants.length === 0 ? null : Math.max(...instants);
}

/** Trouble that nobody watched for a while has lasted no less long; its looks grow no younger by it. */
function shiftTrouble(trouble: Trouble | null, shiftMs: number): Trouble | null {
  if (trouble === null) return null;
  return {
    sinceAt: trouble.sinceAt + shiftMs,
    answeredAt: trouble.answeredAt === null ? null : trouble.answeredAt + shiftMs,
    otherwiseSinceAt: null,
    seen: trouble.seen.map((one) => ({
      ...one,
      countedUntilAt: one.countedUntilAt + shiftMs,
      minutes: one.minutes.map((minute) => ({ ...minute, at: minute.at + shiftMs })),
    })),
  };
}

/** What was counted in the future was counted before this site's clock was set back. */
export function onThisClock(incident: Incident | null, now: number): Incident | null {
  if (incident === null || (incident.countedUntilAt ?? now) <= now) return incident;
  return onOwnClock(incident, now, 0);
}
