import type { FailoverKind, Purpose } from "../../shared/domain/purpose.ts";
import {
  ACTIVITY,
  ALL_BUT_ONE,
  ALL_LOOKS,
  ATTEMPT,
  CLAIM,
  GROUP,
  KEY,
  LAG,
  LOOKS,
  LOSS,
  MODE,
  OPERATION,
  OUTAGE,
  OVERRIDE,
  PAUSE,
  PERSON,
  SECONDARY,
  WORK,
} from "./fact-signals.ts";
import { narrow, type Signal, type Slice, type Value } from "./fact-space.ts";
import { call, facts, failbackFacts, HOUR, look, MINUTE, NOW, policy } from "./facts.ts";
import { WINDOW_CLOSED_NOW, WINDOW_OPEN_NOW } from "./freeze.ts";

// The slices of the space. The full product of all signals has more points than there is time; each
// slice is the full product of the signals that one part of the tables reads together, and they
// overlap in those that every part reads: looks, outage, person and mode.

function pick<K extends string>(signal: Readonly<Record<K, Value>>, ...names: K[]): Signal {
  return Object.fromEntries(names.map((name): [string, Value] => [name, signal[name]]));
}

const ADVANCES = {
  no: { facts: { secondaryAdvances: "no" } },
  yes: { facts: { secondaryAdvances: "yes" } },
  unknown: { facts: { secondaryAdvances: "unknown" } },
} satisfies Signal;

const APPLICATION = {
  "below its floor": {
    facts: { application: { kind: "ratio", value: 0.49, ageMs: 0, windowMs: 60_000 } },
  },
  "at its floor": {
    facts: { application: { kind: "ratio", value: 0.5, ageMs: 0, windowMs: 60_000 } },
  },
  "well, long ago": {
    facts: { application: { kind: "ratio", value: 1, ageMs: HOUR, windowMs: 60_000 } },
  },
  unknown: { facts: { application: { kind: "unknown", because: "timeout" } } },
} satisfies Signal;

const SITE = {
  outside: { facts: { site: "neu" } },
  inside: { facts: { site: "weu" } },
} satisfies Signal;

const MOVED = {
  no: { facts: { movedByOtherAt: null } },
  yes: { facts: { movedByOtherAt: NOW } },
} satisfies Signal;

const TOKEN = {
  "good for five minutes": { facts: { tokenGoodForMs: 5 * MINUTE } },
  "good for less": { facts: { tokenGoodForMs: 5 * MINUTE - 1 } },
  none: { facts: { tokenGoodForMs: null } },
} satisfies Signal;

const COOLDOWN = {
  over: { facts: { lastRoleChange: { kind: "known", at: NOW - HOUR } } },
  running: { facts: { lastRoleChange: { kind: "known", at: NOW - HOUR + 1 } } },
  never: { facts: { lastRoleChange: { kind: "none" } } },
  unknown: { facts: { lastRoleChange: { kind: "unknown", because: "row-broken" } } },
} satisfies Signal;

const FOLLOWED = {
  "since the change": { facts: { followedAt: NOW - HOUR } },
  "before the change": { facts: { followedAt: NOW - HOUR - 1 } },
  never: { facts: { followedAt: null } },
} satisfies Signal;

const DENIED = {
  no: { facts: { deniedAt: null } },
  yes: { facts: { deniedAt: NOW - HOUR } },
} satisfies Signal;

const UNDO = {
  "half an hour ago": { facts: { undoRefusedAt: NOW - 30 * MINUTE } },
  lately: { facts: { undoRefusedAt: NOW - 30 * MINUTE + 1 } },
} satisfies Signal;

const CAPACITY = {
  ready: { facts: { capacityAtTarget: "ready" }, policy: { capacityRequired: true } },
  unknown: { facts: { capacityAtTarget: "unknown" }, policy: { capacityRequired: true } },
  "unknown, not required": {
    facts: { capacityAtTarget: "unknown" },
    policy: { capacityRequired: false },
  },
} satisfies Signal;

const FREEZE = {
  none: { policy: { freeze: [] } },
  "closed now": { policy: { freeze: [WINDOW_CLOSED_NOW] } },
  "open now": { policy: { freeze: [WINDOW_CLOSED_NOW, WINDOW_OPEN_NOW] } },
} satisfies Signal;

const ACTED_ON = {
  usual: { policy: { automatic: ["regional-loss", "instance-loss", "gray-writes"] } },
  "regional loss alone": { policy: { automatic: ["regional-loss"] } },
} satisfies Signal;

const inRegions = (...regions: string[]): Value => ({
  policy: {
    vantages: regions.map((region, i) => ({ name: ["weu", "neu", "sec"][i] ?? "uks", region })),
  },
});

const VANTAGES = {
  three: { policy: { vantages: policy().vantages } },
  "four, one never heard": inRegions("westeurope", "northeurope", "swedencentral", "uksouth"),
  "two inside": inRegions("westeurope", "westeurope", "swedencentral"),
  "all inside": inRegions("westeurope", "westeurope", "westeurope"),
  "none inside": inRegions("uksouth", "northeurope", "swedencentral"),
  "one named twice": {
    policy: { vantages: [...policy().vantages, { name: "neu", region: "northeurope" }] },
  },
} satisfies Signal;

type Signals = Slice["signals"];

function away(name: string, signals: Signals): Slice {
  return {
    name,
    purpose: "fail-over",
    base: failbackFacts({}, facts()),
    policy: policy(),
    signals,
  };
}

const evidence = away("evidence", {
  looks: ALL_LOOKS,
  advances: ADVANCES,
  application: APPLICATION,
  outage: pick(OUTAGE, "at its grace", "below its grace", "gray, at its grace", "flapping"),
  person: pick(
    PERSON,
    "nobody",
    "approved",
    "approved, all accepted",
    "calls planned",
    "calls forced",
    "calls forced, all accepted",
  ),
  mode: pick(MODE, "automatic", "approve", "observe"),
});

const rungs = away("the rungs of one incident", {
  looks: LOOKS,
  outage: OUTAGE,
  attempt: ATTEMPT,
  lag: LAG,
  group: pick(GROUP, "settled", "suspended"),
  person: PERSON,
  mode: MODE,
  actedOn: ACTED_ON,
  site: SITE,
});

const absolute = away("what nobody lifts", {
  looks: pick(LOOKS, "lost", "hangs", "serves", "nothing"),
  group: GROUP,
  operation: OPERATION,
  secondary: SECONDARY,
  claim: CLAIM,
  attempt: pick(ATTEMPT, "none", "running"),
  pause: PAUSE,
  activity: pick(ACTIVITY, "nothing", "a failover started", "a failover failed"),
  person: pick(PERSON, "nobody", "approved, all accepted", "calls forced, all accepted"),
  key: pick(KEY, "proven", "denied"),
});

const liftable = away("what a person lifts", {
  looks: pick(LOOKS, "lost", "hangs", "serves", "lost, one sees life", "one alone"),
  group: pick(GROUP, "settled", "Microsoft-managed"),
  secondary: pick(SECONDARY, "fit", "unfit"),
  key: KEY,
  loss: LOSS,
  cooldown: pick(COOLDOWN, "over", "running"),
  capacity: CAPACITY,
  activity: pick(ACTIVITY, "nothing", "a failover succeeded", "a change before the onset"),
  person: ALL_BUT_ONE,
  override: pick(OVERRIDE, "none", "on every guard"),
});

const circumstances = away("circumstances", {
  looks: LOOKS,
  vantages: VANTAGES,
  moved: MOVED,
  token: TOKEN,
  site: SITE,
  cooldown: COOLDOWN,
  followed: FOLLOWED,
  activity: ACTIVITY,
  work: WORK,
  person: PERSON,
});

const words = away("what an operator said ahead", {
  looks: pick(LOOKS, "lost", "hangs", "lost, one sees life", "one alone"),
  override: OVERRIDE,
  key: KEY,
  loss: LOSS,
  cooldown: COOLDOWN,
  pause: pick(PAUSE, "off", "on"),
  person: PERSON,
  mode: MODE,
});

const calendar = away("the calendar", {
  looks: LOOKS,
  freeze: FREEZE,
  denied: DENIED,
  undo: UNDO,
  pause: PAUSE,
  person: PERSON,
  mode: MODE,
});

const serves = { target: "partner", result: "writes", code: "ok", latencyMs: 40 } as const;
const downNow = { target: "partner" } as const;
const partNow = { ...serves, failedDatabases: ["orders"] };
const called = (kind: FailoverKind): Value => ({
  facts: { call: call({ purpose: "fail-back", kind }), approvals: [] },
});
const approvals = (purpose: Purpose): Value => ({
  facts: {
    call: null,
    approvals: (PERSON["approved, all accepted"].facts?.approvals ?? []).map((a) => ({
      ...a,
      purpose,
      expectedPrimary: "partner" as const,
    })),
  },
});
const healthy = (sinceMs: number | null, soakMs: number): Value => ({
  failback: { healthySinceAt: sinceMs === null ? null : NOW - sinceMs },
  policy: { failback: { ...policy().failback, soakMs } },
});

const UNDER_WAY = {
  facts: {
    ...CLAIM.spent.facts,
    ...ATTEMPT.none.facts,
    ...OPERATION.none.facts,
    ...MOVED.no.facts,
  },
} satisfies Value;

const home: Slice = {
  name: "the way home",
  purpose: "fail-back",
  base: failbackFacts({}, { lastRoleChange: { kind: "known", at: NOW - HOUR } }),
  policy: policy(),
  signals: {
    looks: {
      serves: { facts: { looks: ["weu", "neu", "sec"].map((v) => look(v, serves)) } },
      "one votes down": {
        facts: { looks: [look("weu", serves), look("neu", serves), look("sec", downNow)] },
      },
      "lost in part": { facts: { looks: ["neu", "sec"].map((v) => look(v, partNow)) } },
      nothing: { facts: { looks: [] } },
    },
    away: { yes: { failback: { away: true } }, no: { failback: { away: false } } },
    healthy: {
      "for the soak": healthy(2 * HOUR, 2 * HOUR),
      "for less": healthy(2 * HOUR - 1, 2 * HOUR),
      no: healthy(null, 2 * HOUR),
      "no, and no soak wanted": healthy(null, 0),
      "off, for the soak": {
        failback: { healthySinceAt: NOW - 2 * HOUR },
        policy: { failback: { ...policy().failback, mode: "off" } },
      },
      "by approval, for the soak": {
        failback: { healthySinceAt: NOW - 2 * HOUR },
        policy: { failback: { ...policy().failback, mode: "approve" } },
      },
    },
    window: {
      open: { failback: { windowOpen: true } },
      closed: { failback: { windowOpen: false } },
    },
    lag: {
      "on budget": { failback: { lagSeconds: 30 } },
      "over budget": { failback: { lagSeconds: 30.001 } },
      unknown: { failback: { lagSeconds: null } },
    },
    person: {
      nobody: { facts: { call: null, approvals: [] } },
      approved: approvals("fail-back"),
      "approved the other way": approvals("fail-over"),
      "calls planned": called("planned"),
      "calls forced": called("forced"),
    },
    mode: pick(MODE, "automatic", "approve", "observe"),
    key: pick(KEY, "proven", "unknown"),
    cooldown: pick(COOLDOWN, "over", "running"),
    secondary: pick(SECONDARY, "fit", "silent"),
    site: { outside: { facts: { site: "weu" } }, inside: { facts: { site: "neu" } } },
    others: {
      none: UNDER_WAY,
      "our claim is open": { facts: { ...UNDER_WAY.facts, ...CLAIM.open.facts } },
      "our attempt runs": { facts: { ...UNDER_WAY.facts, ...ATTEMPT.running.facts } },
      "others fail over": {
        facts: { ...UNDER_WAY.facts, ...OPERATION["a failover of others"].facts },
      },
      "roles have moved": { facts: { ...UNDER_WAY.facts, ...MOVED.yes.facts } },
    },
  },
};

export const SLICES: readonly Slice[] = [
  evidence,
  rungs,
  absolute,
  liftable,
  circumstances,
  words,
  calendar,
  home,
];

/** The same in a few seconds, for the gate: fewer values of what matters least together. */
export const NARROW_SLICES: readonly Slice[] = [
  narrow(evidence, { application: 2, person: 4, mode: 2 }),
  narrow(rungs, { lag: 2, person: 6, mode: 3 }),
  narrow(absolute, { operation: 4, secondary: 4, claim: 3, pause: 3, activity: 2 }),
  narrow(liftable, { loss: 3, capacity: 2, person: 10 }),
  narrow(circumstances, { token: 2, followed: 2, activity: 4, work: 1 }),
  narrow(words, { override: 3, person: 6 }),
  calendar,
  narrow(home, { looks: 3, lag: 2, mode: 2, others: 3 }),
];
