import type { Incident } from "../../domain/incident.ts";
import { NO_OUTAGE, type Outage, type Trouble } from "../../domain/outage.ts";

/** A gap that adds nothing to an outage: rounds further apart than a minute were not watched. */
const UNWATCHED_MS = 61_000;

/**
 * An incident as the site that takes it over must see it. The instants in it are of another site's
 * clock: only their distances mean anything here. What that site has counted stands, the time in
 * which nobody watched adds nothing, and a bound of the loss stays a bound while the outage lasts.
 */
export function onOwnClock(incident: Incident, now: number, unseenMs: number): Incident {
  const { outage } = incident;
  const sinceShownMs = now - (incident.heartbeatAt ?? incident.openedAt);
  const trouble = shiftTrouble(Math.min(0, sinceShownMs), outage.trouble);
  const fresh = { ...incident, samples: [], calmSinceAt: null };
  if (outage.onsetAt === null || outage.lastDownAt === null) {
    // What is over is as old as its site had it when it was last heard, and is counted once.
    const shift = sinceShownMs - unseenMs;
    const ended = moveEnded(shift, outage.ended);
    const countedUntilAt = ended[0]?.endedAt ?? null;
    const plannedEndedAt = moveBy(shift, incident.plannedEndedAt, now);
    const anew = { ...NO_OUTAGE, ended, trouble };
    return { ...fresh, outage: anew, countedUntilAt, carriedLoss: null, plannedEndedAt };
  }
  const shift = now - Math.max(UNWATCHED_MS, unseenMs) - outage.lastDownAt;
  const moved = (at: number | null): number | null => moveBy(shift, at, now);
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
      ended: moveEnded(shift, outage.ended),
      trouble,
    },
    countedUntilAt: moved(outage.onsetAt),
    carriedLoss: incident.loss,
    plannedEndedAt: moved(incident.plannedEndedAt),
  };
}

/** Into the past at most: an attempt may have ended long after the last down-majority, but it has ended. */
function moveBy(shift: number, at: number | null, now: number): number | null {
  return at === null ? null : Math.min(at + shift, now);
}

function moveEnded(shift: number, ended: Outage["ended"]): Outage["ended"] {
  return ended.map(({ onsetAt, endedAt, rounds }) => {
    return { onsetAt: onsetAt + shift, endedAt: endedAt + shift, rounds };
  });
}

/**
 * Trouble that nobody watched for a while has lasted no less long, so it is moved only where its instants would lie in
 * the future: it is as old as it was to within what the clocks differ by, and by a clock that was behind it is older.
 */
function shiftTrouble(shiftMs: number, trouble: Trouble | null): Trouble | null {
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
