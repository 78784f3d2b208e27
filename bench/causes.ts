// What goes wrong in the world, how often beside each other, and for how long. Every line comes from a
// public account of an outage; none knows how this product decides.

import type { Random } from "functions-host/random";
import type { RawValue } from "../judge/signal-forms.ts";
import type { Source } from "../judge/sources.ts";

export type Signals = Partial<Record<Source, RawValue>>;

/** What one incident looks like from its beginning, which is second 0. */
export interface Story {
  readonly steps: readonly (readonly [atSeconds: number, signals: Signals])[];
  readonly lengthSeconds: number;
  /** From when on nobody is served until the end of it; null where that never happens. */
  readonly lostFromSeconds: number | null;
}

export interface Cause {
  readonly name: string;
  /** Accounts of this kind in the collection; routine events have as many as all others together. */
  readonly weight: number;
  tell(random: Random): Story;
}

const MINUTE = 60;

/** All ways to the primary, with one answer. */
function everywhere(answer: RawValue): Signals {
  return {
    "tds_primary@A": answer,
    "tds_primary@B": answer,
    "tds_primary@C": answer,
    "write_canary@A": answer,
    "listener_rw@A": answer,
  };
}

const SITE_A_GONE: Signals = {
  "tds_primary@A": "silent",
  "write_canary@A": "silent",
  "listener_rw@A": "silent",
  "ref_probe@A": "silent",
};
const REGION_GONE: Signals = { "home_ref@B": "timeout", "home_ref@C": "timeout" };

/** Log-uniform: lengths of outages spread over orders of magnitude. */
function length(random: Random, lowSeconds: number, highSeconds: number): number {
  return Math.round(lowSeconds * (highSeconds / lowSeconds) ** random.next());
}

function ratio(random: Random, low: number, high: number): number {
  return Math.round(1_000 * random.between(low, high)) / 1_000;
}

function chance(random: Random, share: number): boolean {
  return random.next() < share;
}

/** One state from the beginning to the end. */
function steady(lengthSeconds: number, signals: Signals, lost = false): Story {
  return { steps: [[0, signals]], lengthSeconds, lostFromSeconds: lost ? 0 : null };
}

/** Power, cooling, a whole data centre: 246 minutes to a day; one in seven smoulders for up to an hour first. */
function tellRegionLost(random: Random): Story {
  const smoulders = chance(random, 1 / 7) ? length(random, 5 * MINUTE, 64 * MINUTE) : 0;
  const lengthSeconds = smoulders + length(random, 246 * MINUTE, 1_440 * MINUTE);
  const dark = { ...everywhere("timeout"), ...SITE_A_GONE, ...REGION_GONE, app_e2e: 0 };
  // One zone burns, the region lives: our site there may be in the zone, or beside it.
  const zone = {
    ...everywhere("timeout"),
    ...(chance(random, 0.5) ? SITE_A_GONE : {}),
    app_e2e: 0,
  };
  const smoke = { ...everywhere(`flaky:${ratio(random, 0.2, 0.6)}`), app_e2e: 0.6 };
  const loss: Signals = {
    ...(chance(random, 0.3) ? zone : dark),
    repl_lag_s: "unknown",
    arm_primary: chance(random, 0.5) ? "timeout" : "Ready",
  };
  const steps: Story["steps"] =
    smoulders > 0
      ? [
          [0, smoke],
          [smoulders, loss],
        ]
      : [[0, loss]];
  return { steps, lengthSeconds, lostFromSeconds: smoulders };
}

/** Storage refuses disk I/O: logins may work while writes hang, or every database is unavailable. */
function tellStorageLost(random: Random): Story {
  const hangs: Signals = { "write_canary@A": "timeout", "listener_rw@A": "timeout" };
  const signals = chance(random, 0.5) ? hangs : everywhere("err:40613");
  const lengthSeconds = length(random, 246 * MINUTE, 460 * MINUTE);
  return steady(lengthSeconds, { ...signals, app_e2e: ratio(random, 0, 0.2) }, true);
}

/** Everything restarts at once: back within 20 to 149 minutes. */
function tellMassRestart(random: Random): Story {
  const signals = { ...everywhere("timeout"), ...SITE_A_GONE, ...REGION_GONE, app_e2e: 0 };
  return steady(length(random, 20 * MINUTE, 149 * MINUTE), signals, true);
}

function tellControlPlane(random: Random): Story {
  const answer = chance(random, 0.5) ? "5xx" : "timeout";
  const both = { arm_primary: answer, arm_secondary: answer };
  const signals: Signals = chance(random, 0.5)
    ? { arm_global: answer, ...both, fog_status: "unknown", "resource_health@A": "Unknown" }
    : { arm_primary: answer, "resource_health@A": "Unknown" };
  return steady(length(random, 98 * MINUTE, 448 * MINUTE), signals);
}

function tellIdentity(random: Random): Story {
  const refused: Signals = {
    ...everywhere("err:18456"),
    "tds_secondary@B": "err:18456",
    "tds_secondary@C": "err:18456",
  };
  const signals = chance(random, 0.5) ? refused : {};
  const app_e2e = ratio(random, 0.3, 0.95);
  return steady(length(random, 125 * MINUTE, 357 * MINUTE), {
    ...signals,
    identity: "timeout",
    app_e2e,
  });
}

/** No failover helps: the listener's name is a name too. */
function tellNames(random: Random): Story {
  const nowhere: Signals = {
    ...everywhere("dns_fail"),
    "tds_secondary@B": "dns_fail",
    "tds_secondary@C": "dns_fail",
    dns_control: "servfail",
    dns_listener: "servfail",
  };
  return steady(length(random, 39 * MINUTE, 190 * MINUTE), {
    ...nowhere,
    app_e2e: ratio(random, 0, 0.4),
  });
}

function tellVault(random: Random): Story {
  const answer = chance(random, 0.5) ? "403" : "timeout";
  const both = chance(random, 0.5);
  const signals = { "key_vault@A": answer, ...(both ? { "key_vault@B": answer } : {}) };
  return steady(length(random, 174 * MINUTE, 448 * MINUTE), signals);
}

function tellEdge(random: Random): Story {
  const signals: Signals = { app_e2e: ratio(random, 0, 0.3), alerts: "fired:app_down" };
  return steady(length(random, 60 * MINUTE, 504 * MINUTE), signals);
}

/** The primary serves its own region and is cut off from the others, on one path or on all. */
function tellRegionCut(random: Random): Story {
  const everyPath = chance(random, 1 / 3);
  const heard: Signals = everyPath ? { ...SITE_A_GONE, ...REGION_GONE } : {};
  const signals: Signals = {
    "tds_primary@B": "timeout",
    "tds_primary@C": "timeout",
    ...heard,
    repl_lag_s: "unknown",
    app_e2e: everyPath || chance(random, 0.5) ? "unknown" : 0.999,
  };
  return steady(length(random, 43, 338 * MINUTE), signals);
}

/** Packets get lost on some of the ways. */
function tellLossyNetwork(random: Random): Story {
  const share = (): string => `flaky:${ratio(random, 0.1, 0.7)}`;
  const signals: Signals = {
    ...(chance(random, 0.5) ? { "tds_primary@A": share(), "write_canary@A": share() } : {}),
    ...(chance(random, 0.7) ? { "tds_primary@B": share() } : {}),
    ...(chance(random, 0.7) ? { "tds_primary@C": share() } : {}),
    app_e2e: ratio(random, 0.5, 0.95),
  };
  return steady(length(random, 48 * MINUTE, 393 * MINUTE), signals);
}

function tellLatency(random: Random): Story {
  const slow = `slow:${Math.round(random.between(200, 900))}`;
  const signals: Signals = { "tds_primary@B": slow, "tds_primary@C": slow, repl_lag_s: 8 };
  return steady(length(random, 60 * MINUTE, 1_440 * MINUTE), signals);
}

/** A pipeline or a person fails the group over by hand, which takes a minute and looks like a short outage. */
function tellOthersFailover(random: Random): Story {
  const seconds = length(random, 30, 110);
  const who = "operator@example.net";
  const during: Signals = {
    ...everywhere("err:40613"),
    fog_status: "FailoverInProgress",
    app_e2e: 0.1,
  };
  const after: Signals = {
    ...everywhere("ok"),
    fog_primary: "B",
    dns_listener: "B",
    fog_status: "Synchronizing",
  };
  return {
    steps: [
      [0, { ...during, activity_log: `planned_failover:${who}` }],
      [seconds, { ...after, app_e2e: 0.99 }],
    ],
    lengthSeconds: 40 * MINUTE,
    lostFromSeconds: null,
  };
}

/** Too much load: slow, sometimes too slow, and the secondary falls behind. */
function tellOverload(random: Random): Story {
  const slow = `slow:${Math.round(random.between(2_000, 7_500))}`;
  const signals: Signals = {
    ...everywhere(chance(random, 0.5) ? slow : `flaky:${ratio(random, 0.1, 0.4)}`),
    repl_lag_s: length(random, 30, 3_600),
    app_e2e: ratio(random, 0.5, 0.9),
  };
  return steady(length(random, 27 * MINUTE, 200 * MINUTE), signals);
}

/** Our own probers or their network: the primary has nothing. */
function tellProbers(random: Random): Story {
  const reference = chance(random, 0.5) ? "timeout" : "ok";
  const subnet: Signals = {
    "tds_primary@A": "timeout",
    "write_canary@A": "timeout",
    "listener_rw@A": "timeout",
    "ref_probe@A": reference,
  };
  const allProbers: Signals = {
    ...everywhere("timeout"),
    "ref_probe@A": "timeout",
    "ref_probe@B": "timeout",
    "ref_probe@C": "timeout",
  };
  return steady(
    length(random, 10 * MINUTE, 120 * MINUTE),
    chance(random, 0.75) ? subnet : allProbers,
  );
}

/** A patch or a local failover: most end within a minute and a half, some take up to four. */
function tellLocalFailover(random: Random): Story {
  const seconds = chance(random, 0.9) ? length(random, 8, 90) : length(random, 90, 240);
  return steady(seconds, { ...everywhere("err:40613"), app_e2e: ratio(random, 0.05, 0.4) });
}

const PUBLISHED: readonly Cause[] = [
  { name: "region lost", weight: 7, tell: tellRegionLost },
  { name: "storage lost", weight: 2, tell: tellStorageLost },
  { name: "mass restart", weight: 1, tell: tellMassRestart },
  { name: "control plane", weight: 7, tell: tellControlPlane },
  { name: "identity", weight: 2, tell: tellIdentity },
  { name: "names", weight: 3, tell: tellNames },
  { name: "vault", weight: 2, tell: tellVault },
  { name: "edge", weight: 1, tell: tellEdge },
  { name: "region cut off", weight: 3, tell: tellRegionCut },
  { name: "lossy network", weight: 4, tell: tellLossyNetwork },
  { name: "latency", weight: 1, tell: tellLatency },
  { name: "others' failover", weight: 1, tell: tellOthersFailover },
  { name: "overload", weight: 2, tell: tellOverload },
  { name: "our probers", weight: 2, tell: tellProbers },
];

/** Nobody publishes what happens every month. */
const ROUTINE: Cause = {
  name: "local failover",
  weight: PUBLISHED.reduce((sum, { weight }) => sum + weight, 0),
  tell: tellLocalFailover,
};

export const CAUSES: readonly Cause[] = [...PUBLISHED, ROUTINE];
