import type { Detector } from "./detector.ts";

const INTERVAL_MS = 10_000;
const MISSES = 2;

/** N failures in a row, seen from one place: the region that would take over. */
export const consecutiveFailures: Detector = {
  name: "2 failures in a row, one vantage",
  defaults:
    "AWS's published automation for a global database: a canary every 10 s, two misses in a row",
  decide: (looks, endMs) => {
    let misses = 0;
    for (let atMs = 0; atMs < endMs; atMs += INTERVAL_MS) {
      misses = looks.answered("B", atMs) === false ? misses + 1 : 0;
      if (misses === MISSES) return atMs + INTERVAL_MS;
    }
    return null;
  },
};
