"use strict";

// The probes may run on a clock that is faster than life; a process cannot speed up its own timers.
const speed = Number(process.env.PROBE_SPEED ?? 1);

/** Waits on the timers of the process, as an activity of a real app would. */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms / speed));
}

/** Keeps the process busy: nothing else of it runs meanwhile. */
function spin(ms) {
  const endMs = Date.now() + ms / speed;
  while (Date.now() < endMs);
}

module.exports = { sleep, spin };
