import { formatDuration } from "../text/duration.ts";
import { neverCloses } from "./calendar.ts";
import { type Complaint, complain } from "./complaint.ts";
import { ALWAYS } from "./settings.ts";
import type { SettledGroup } from "./settled-group.ts";

/** Local high-availability failovers take up to a minute or so, and several may come in a row. */
const GRACE_LEAST_MS = 180_000;
/** Outage time is the sum of spans between down-majorities; a longer gap adds nothing to it. */
const SPAN_MOST_MS = 60_000;
const INTERVALS_PER_GRACE = 4;
/** Trouble is seen to last two minutes longer than the grace before anybody is asked because it lasts. */
export const RTO_ABOVE_GRACE_MS = 120_000;

/** Checks the times of a group against each other. */
export function checkTiming(group: SettledGroup): readonly Complaint[] {
  return [
    ...checkLooks(group),
    ...checkGrace(group, "grace"),
    ...checkGrace(group, "grayGrace"),
    ...checkRto(group),
    ...checkFailbackWindow(group),
    ...checkFreeze(group),
  ];
}

function checkLooks({ settings, blame }: SettledGroup): readonly Complaint[] {
  const { interval, probeTimeout } = settings;
  const both = `probeTimeout ${formatDuration(probeTimeout)}, interval ${formatDuration(interval)}`;
  const path = blame(["probeTimeout"], ["interval"]);
  if (probeTimeout >= interval) {
    const what = `lets a look last into the next one (${both})`;
    return [
      complain(path, "timeout-not-below-interval", what, "a probeTimeout below the interval"),
    ];
  }
  if (interval + probeTimeout > SPAN_MOST_MS) {
    const what = `spaces looks too far to ever confirm an outage (${both})`;
    const write = `an interval and a probeTimeout of together at most ${formatDuration(SPAN_MOST_MS)}`;
    return [complain(blame(["interval"], ["probeTimeout"]), "looks-too-rare", what, write)];
  }
  return [];
}

function checkGrace(group: SettledGroup, key: "grace" | "grayGrace"): readonly Complaint[] {
  const { settings, blame } = group;
  const { interval, allowShortGrace } = settings;
  const graceMs = settings[key];
  const complaints: Complaint[] = [];
  if (graceMs < GRACE_LEAST_MS && !allowShortGrace) {
    const what = "is shorter than local failovers may take";
    const write = `${formatDuration(GRACE_LEAST_MS)} or more, or allowShortGrace: true beside it`;
    complaints.push(complain(blame([key]), "short-grace", what, write));
  }
  if (graceMs <= INTERVALS_PER_GRACE * interval) {
    const what = `is not above four intervals (${key} ${formatDuration(graceMs)}, interval ${formatDuration(interval)})`;
    const write = `a ${key} above ${formatDuration(INTERVALS_PER_GRACE * interval)}, or a shorter interval`;
    complaints.push(complain(blame([key], ["interval"]), "grace-of-few-looks", what, write));
  }
  return complaints;
}

/** Earlier it would ask about what is about to be done, or to end, by itself. */
function checkRto({ settings, blame }: SettledGroup): readonly Complaint[] {
  const longestMs = Math.max(settings.grace, settings.grayGrace);
  if (settings.rto >= longestMs + RTO_ABOVE_GRACE_MS) return [];
  const what = `would ask before the grace is over (rto ${formatDuration(settings.rto)}, longest grace ${formatDuration(longestMs)})`;
  const write = `an rto of ${formatDuration(longestMs + RTO_ABOVE_GRACE_MS)} or more`;
  return [complain(blame(["rto"], ["grayGrace"], ["grace"]), "rto-below-grace", what, write)];
}

function checkFailbackWindow({ settings, blame }: SettledGroup): readonly Complaint[] {
  const { window, for: open, timezone } = settings.failback;
  if (window !== ALWAYS && (open === undefined || timezone === undefined)) {
    const what = "is a window without its length or time zone";
    const write = "for: PT4H and timezone: Europe/Berlin beside it";
    return [complain(blame(["failback", "window"]), "window-incomplete", what, write)];
  }
  const windowWritten = blame(["failback", "window"]).at(-1) === "window";
  if (!windowWritten && (open !== undefined || timezone !== undefined)) {
    const path = blame(["failback", "for"], ["failback", "timezone"]);
    const write = 'window: "0 2 * * SAT" beside it';
    return [complain(path, "window-missing", "speaks of a window that is not written", write)];
  }
  return [];
}

function checkFreeze({ settings, blame }: SettledGroup): readonly Complaint[] {
  return settings.freeze.flatMap((window, index) => {
    if (!neverCloses({ ...window, forMs: window.for })) return [];
    const path = [...blame(["freeze"]), index, "for"];
    const write = "a shorter time, or mode: observe";
    return [complain(path, "freeze-never-ends", "freezes the group for ever", write)];
  });
}
