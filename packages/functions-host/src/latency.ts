// How long things take, fitted to what was seen on the real host with one instance and a local store.

import type { Random } from "./random.ts";

/** The delays of one host, drawn from its seed. All in milliseconds. */
export interface Latency {
  /** From a client's call until what it wrote is stored; calls at the same time overtake each other. */
  write(): number;
  /** From stored until the owner of the queue has it and runs the turn. */
  deliver(now: number): number;
  /** From a committed turn until the activity starts. */
  startActivity(now: number): number;
  /** From the end of the user's code until the turn is stored. */
  commit(): number;
  /** When a timer set at `createdAt` for `fireAt` can be seen in the queue. */
  timerVisibleAt(createdAt: number, fireAt: number): number;
  /** How long a poller that was last busy at `activeAt` takes to notice. */
  poll(activeAt: number, visibleAt: number): number;
  /** How far before its time a timer trigger fires. */
  triggerEarly(): number;
}

/** Nothing takes time, timers fire on their instant. For tests of something else. */
export const noLatency: Latency = {
  write: () => 0,
  deliver: () => 0,
  startActivity: () => 0,
  commit: () => 0,
  timerVisibleAt: (_createdAt, fireAt) => fireAt,
  poll: () => 0,
  triggerEarly: () => 0,
};

/** As observed: tens of milliseconds, timers up to a second early, or late on an idle app. */
export function observedLatency(random: Random, pollMsMax: number): Latency {
  // Mostly near the low end, with a tail: medians of 20 ms beside maxima of 60 to 100 ms.
  const tailed = (low: number, high: number): number =>
    Math.round(low + (high - low) * random.next() ** 4);
  const machine = new Machine();
  return {
    write: () => tailed(3, 30),
    deliver: (now) => tailed(2, 30) + machine.wait(now),
    startActivity: (now) => tailed(1, 30) + machine.wait(now),
    commit: () => tailed(3, 20),
    timerVisibleAt: (createdAt, fireAt) =>
      createdAt + Math.max(0, Math.floor((fireAt - createdAt) / 1000) * 1000),
    poll: (activeAt, visibleAt) => pollDelay(random, pollMsMax, visibleAt - activeAt),
    triggerEarly: () => (random.next() < 0.2 ? 1 : 0),
  };
}

/** What a turn or an activity costs the two cores; a burst of work queues up behind it. */
const WORK_MS = 6;

class Machine {
  private freeAt = 0;

  wait(now: number): number {
    this.freeAt = Math.max(this.freeAt, now) + WORK_MS;
    return this.freeAt - now;
  }
}

const FRESH_MS = 1200;

/** The poller doubles its pause while it finds nothing; it finds the message at its next look. */
function pollDelay(random: Random, pollMsMax: number, idleMs: number): number {
  if (idleMs <= FRESH_MS) {
    const quick = random.next() < 0.7;
    return Math.round(random.between(0, quick ? 50 : Math.min(900, pollMsMax)));
  }
  let lookedMs = 0;
  let pauseMs = 50;
  while (lookedMs < idleMs && pauseMs < pollMsMax) {
    lookedMs += Math.min(pollMsMax, pauseMs * random.between(0.8, 1.2));
    pauseMs *= 2;
  }
  if (lookedMs < idleMs) lookedMs += Math.ceil((idleMs - lookedMs) / pollMsMax) * pollMsMax;
  return Math.round(lookedMs - idleMs);
}
