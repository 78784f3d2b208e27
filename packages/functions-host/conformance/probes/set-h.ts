// Set h: what timer triggers are told, and when they run.

import { at, type Json, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { LogEntry } from "../target.ts";

const WATCH_MS = 200_000;

const payloads: Probe = async (bench) => {
  const startMs = bench.target.nowMs();
  await bench.pause(WATCH_MS);
  const log = bench.target.log();
  const fired = (n: string): readonly LogEntry[] =>
    log.filter((entry) => entry.n === n && entry.ev === "fire");
  const told = (n: string, run: number): Json => toJson(fired(n)[run]?.timer);
  const retries = fired("retrier")
    .slice(0, 3)
    .map(({ retry }) => toJson(retry));
  return {
    "h.sub-minute": { observed: told("every15", 1) },
    "h.not monitored": { observed: told("nomon", 1) },
    "h.first of every minute": { observed: told("everymin", 0) },
    "h.second of every minute": { observed: told("everymin", 1) },
    "h.interval": { observed: told("span", 1) },
    "h.on startup": {
      observed: {
        payload: told("startup", 0),
        afterMs: (fired("startup")[0]?.atMs ?? 0) - startMs,
        runs: fired("startup").length,
      },
    },
    "h.longer than the interval": { observed: overlapping(log, "overlap") },
    "h.throwing": { observed: { runs: Math.min(3, fired("thrower").length) } },
    "h.retried": {
      observed: {
        contexts: retries.map((context) => [
          at(context, "retryCount") ?? null,
          at(context, "maxRetryCount") ?? null,
        ]),
        message: typeof at(retries[1], "exception", "message"),
      },
    },
    "h.trigger metadata": { observed: fired("everymin").some(({ md }) => md !== undefined) },
  };
};

/** Whether a run ever began before the one before it had ended, and how soon after it the next one began. */
function overlapping(log: readonly LogEntry[], n: string): Json {
  const own = log.filter((entry) => entry.n === n);
  const parallel = own.some((entry, i) => entry.ev === "fire" && own[i + 1]?.ev === "fire");
  const gaps = own.flatMap(({ ev, atMs }, i) => {
    const before = own[i - 1];
    return ev === "fire" && before !== undefined ? [atMs - before.atMs] : [];
  });
  return { parallel, atOnce: gaps.length > 0 && gaps.every((gapMs) => gapMs <= 100) };
}

export const setH: readonly Probe[] = [payloads];
