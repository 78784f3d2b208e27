// What incidents are made of, as they are told: each story draws the troubles that have to meet for it to matter.

import type { Random } from "functions-host/random";
import type { Move, Plan } from "./move.ts";
import { CALM_FROM_MS, drawAnswers, drawCall, drawPauses, SETTLED_MS } from "./people.ts";
import { type Draw, lastFor, MINUTE, pick, SECOND } from "./troubles.ts";

export interface Story {
  readonly name: string;
  /** In how many of a hundred seeds, about. */
  readonly share: number;
  moves(random: Random): readonly Move[];
  /** What meets the first request of all: times count from it. */
  crossing?(random: Random): readonly Move[];
  /** How the group is configured, where that is part of the story. */
  config?(random: Random): Partial<Pick<Plan, "mode" | "home">>;
}

const LOSSES: readonly Draw[] = [
  () => ({ fault: "region-dark", region: "westeurope" }),
  () => ({ fault: "region-isolated", region: "westeurope" }),
  instanceDown,
];

const GRAY: readonly Draw[] = [
  () => ({ fault: "writes-hang", on: "home" }),
  () => ({ fault: "writes-hang", on: "home" }),
  () => ({ fault: "sql-error", on: "home", number: 40613 }),
];

/** What speaks, and so is not lost: a login refused, and a number that nobody has seen. */
const ALIVE: readonly Draw[] = [
  () => ({ fault: "sql-error", on: "home", number: 18456 }),
  () => ({ fault: "sql-error", on: "home", number: 99_999 }),
  () => ({ fault: "write-error", on: "home", number: 99_998 }),
];

/** What keeps the hand still, so that a person is asked, or nobody can be. */
const OBSTACLES: readonly Draw[] = [
  (r) => ({ fault: "replication-lag", seconds: Math.round(r.between(40, 120)) }),
  () => ({ fault: "key-denied", on: "partner" }),
  () => ({ fault: "key-unreachable", on: "partner" }),
  () => ({ fault: "key-check-silent", on: "partner" }),
  () => ({ fault: "key-check-silent", on: "partner" }),
  () => ({ fault: "policy-automatic" }),
  () => ({ fault: "seeding" }),
  () => ({ fault: "replication-suspended" }),
  () => ({ fault: "operation-running", on: "partner", name: "UPDATE" }),
  () => ({ fault: "instance-size", on: "partner", vCores: 4 }),
  () => ({ fault: "instance-state", on: "partner", state: "Updating" }),
];

export const STORIES: readonly Story[] = [
  { name: "loss", share: 14, moves: (r) => [loss(r, LOSSES)] },
  { name: "gray", share: 8, moves: grayWrites },
  { name: "stuck", share: 7, moves: stuckPlanned },
  { name: "storage", share: 4, moves: failingStorage },
  { name: "flapping", share: 3, moves: flapping },
  { name: "alive", share: 5, moves: (r) => [loss(r, ALIVE)] },
  { name: "cut", share: 8, moves: cutPaths },
  { name: "lies", share: 8, moves: lies },
  { name: "peace", share: 3, moves: () => [] },
  {
    name: "obstacle",
    share: 12,
    // From the start, so that no proof from before stands.
    moves: (r) => [lasting(r, OBSTACLES), longLoss(r, LOSSES), ...drawAnswers(r, 0.4)],
  },
  {
    name: "doubt",
    share: 12,
    moves: (r) => [longLoss(r, r.next() < 0.5 ? LOSSES : GRAY), ...slowFailover(r)],
    crossing: unheardAnswer,
  },
  {
    name: "paused",
    share: 6,
    moves: (r) => [longLoss(r, [instanceDown]), ...slowAzure(r)],
    // Most of them after the decision, and before its claim is taken or sent.
    crossing: (r) => drawPauses(r, -1_300, 100),
  },
  { name: "others", share: 6, moves: others, crossing: otherTool },
  {
    name: "called",
    share: 8,
    moves: called,
    // And once more while the first one's request is out.
    crossing: (r) => [
      drawCall(r, "failover", Math.round(r.between(2, 30)) * SECOND),
      drawCall(r, "failback", Math.round(r.between(2, 15)) * SECOND),
    ],
    config: calledIn,
  },
  { name: "way-home", share: 14, moves: wayHome, config: homeBy },
];

function instanceDown(): ReturnType<Draw> {
  return { fault: "instance-down", on: "home" };
}

/** Most of the losses last longer than the grace. */
function loss(random: Random, from: readonly Draw[]): Move {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const forMs = Math.round(MINUTE * random.between(1.5, 8.5));
  return lastFor(pick(random, from)(random), at, Math.min(forMs, CALM_FROM_MS - at));
}

/** Long enough for whatever is decided, and for what comes of it. */
function longLoss(random: Random, from: readonly Draw[]): Move {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  return lastFor(pick(random, from)(random), at, Math.round(random.between(6, 8) * MINUTE));
}

/** Some of them where a planned failover is not to be trusted to end. */
function grayWrites(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const unsynchronized = lastFor({ fault: "replication-suspended" }, at, CALM_FROM_MS - at);
  return [
    lastFor(pick(random, GRAY)(random), at, Math.round(MINUTE * random.between(3, 8))),
    ...(random.next() < 0.3 ? [unsynchronized, ...drawAnswers(random, 0.4)] : []),
    ...slowFailover(random),
  ];
}

/** A planned failover that cannot end, because of one database or of all. */
function stuckPlanned(random: Random): readonly Move[] {
  const database = random.next() < 0.6 ? { database: "reports" } : {};
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  // Long enough for the grace, the attempt, and the minute after it.
  const untilMs = CALM_FROM_MS + MINUTE;
  return [
    lastFor(pick(random, GRAY)(random), at, untilMs - at),
    lastFor({ fault: "planned-stuck", ...database }, 0, untilMs),
    ...drawAnswers(random, 0.4),
  ];
}

/** Storage that fails first, and an instance that is gone a minute later. */
function failingStorage(random: Random): readonly Move[] {
  const failing = loss(random, [() => ({ fault: "write-error", on: "home", number: 823 })]);
  const gone = loss(random, [instanceDown]);
  return random.next() < 0.5 || gone.kind !== "fault"
    ? [failing]
    : [failing, { ...gone, fault: { ...gone.fault, at: gone.fault.at + MINUTE } }];
}

/** Outages that come and go. */
function flapping(random: Random): readonly Move[] {
  const forMs = Math.round(random.between(40, 100)) * SECOND;
  return [0, 1, 2, 3].map((times) =>
    lastFor(instanceDown(), SETTLED_MS + times * 130 * SECOND, times === 3 ? 2 * forMs : forMs),
  );
}

/**
 * A short outage, since without one nobody asks the others what they see; and lies: two against one that sees it come
 * back, one that speaks for all, or one that tells what was so two minutes ago.
 */
function lies(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS + 10 * SECOND, 2 * MINUTE));
  const from = (begin: number, fault: ReturnType<Draw>): Move =>
    lastFor(fault, begin, CALM_FROM_MS - begin);
  const lie = (begin: number, site: string, how: "down" | "for-others" | "stale"): Move =>
    from(begin, { fault: "peer-lies", site, how });
  const silent = from(at, { fault: "site-stopped", site: "weu" });
  const cut = from(at, { fault: "partition", from: "northeurope", to: "westeurope" });
  // A site without its reference does not vote down, whatever it sees.
  const blind = from(at, { fault: "reference-down", site: "neu" });
  const tell = pick(random, [
    (backAt: number) => [lie(backAt, "sec", "down"), lie(backAt, "weu", "down")],
    () => [lie(at, "sec", "for-others"), silent, cut, blind],
    () => [lie(at, "sec", "stale"), silent, cut],
  ]);
  const lostMs = Math.round(random.between(35, 60)) * SECOND;
  return [
    lastFor(instanceDown(), at, lostMs),
    ...tell(at + lostMs),
    // What still arrives would show that the primary lives: from a little before, or the loss is not known.
    from(at - 8 * SECOND, { fault: "replication-suspended" }),
    // Where its region answers a person is asked.
    from(at, { fault: "region-reference-down", region: "westeurope" }),
  ];
}

function lasting(random: Random, from: readonly Draw[]): Move {
  const sinceStart = random.next() < 0.75;
  const at = sinceStart ? 0 : Math.round(random.between(0, 4 * MINUTE));
  return lastFor(pick(random, from)(random), at, CALM_FROM_MS - at);
}

/** The leading site cannot reach the primary, which is well: what the others tell it decides. */
function cutPaths(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const forMs = Math.round(random.between(5 * MINUTE, CALM_FROM_MS - at));
  const lasts = (fault: ReturnType<Draw>): Move => lastFor(fault, at, forMs);
  const cut = (from: string): Move => lasts({ fault: "partition", from, to: "westeurope" });
  const lie = (): Move =>
    lasts({
      fault: "peer-lies",
      site: "sec",
      how: pick(random, ["down", "stale", "for-others"] as const),
    });
  const both = random.next() < 0.4;
  return [
    cut("northeurope"),
    both ? cut("swedencentral") : lie(),
    // Else what still arrives at the secondary shows that the primary lives.
    ...(random.next() < 0.7 ? [lasts({ fault: "replication-suspended" })] : []),
    ...(random.next() < 0.3 ? [lasts({ fault: "site-stopped", site: "weu" })] : []),
  ];
}

/** The request is answered late, never, or with a refusal; it has arrived all the same, or never will. */
function unheardAnswer(random: Random): readonly Move[] {
  const unheard: readonly Draw[] = [
    ...Array.from({ length: 6 }, (): Draw => () => ({ fault: "arm-answer-lost" })),
    (r) => ({ fault: "arm-late", seconds: Math.round(r.between(5, 90)) }),
    () => ({ fault: "arm-down" }),
    () => ({
      fault: "arm-refuses",
      region: "northeurope",
      code: "AuthorizationFailed",
      status: 403,
    }),
    () => ({ fault: "arm-refuses", region: "northeurope", code: "NeverSeenBefore", status: 409 }),
  ];
  const forMs = Math.round(random.between(5, 90)) * SECOND;
  // The last reading has been answered by then.
  return [lastFor(pick(random, unheard)(random), -50, forMs)];
}

function slowFailover(random: Random): readonly Move[] {
  if (random.next() < 0.3) return [];
  const seconds = Math.round(random.between(30, 420));
  return [lastFor({ fault: "failover-slow", seconds }, 0, CALM_FROM_MS)];
}

function slowAzure(random: Random): readonly Move[] {
  if (random.next() < 0.7) return [];
  const ms = Math.round(random.between(1_000, 5_000));
  return [lastFor({ fault: "arm-slow", ms }, 4 * MINUTE, 4 * MINUTE)];
}

/** Whoever tells people before the request, and waits for it, reads the roles again after it. */
function others(random: Random): readonly Move[] {
  return [
    loss(random, random.next() < 0.8 ? LOSSES : GRAY),
    lastFor({ fault: "notifier-down" }, 4 * MINUTE, 3 * MINUTE),
  ];
}

/** Another tool fails over, often so that it ends just when our own request would leave. */
function otherTool(random: Random): readonly Move[] {
  const justThen = random.next() < 0.7;
  const at = Math.round(justThen ? random.between(-20, -2) : random.between(-180, 60)) * SECOND;
  const kind = justThen ? "forced" : pick(random, ["forced", "planned"]);
  return [lastFor({ fault: "other-failover", kind }, at, SECOND)];
}

/** A person calls, in peace or in the middle of a loss, to go or, where another tool was quicker, to come back. */
function called(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS, 3 * MINUTE));
  const inTheWay = pick(random, [
    { fault: "policy-automatic" },
    { fault: "policy-automatic" },
    { fault: "seeding" },
    { fault: "operation-running", on: "partner", name: "UPDATE" },
  ]);
  const away = (from: number): Move =>
    lastFor({ fault: "other-failover", kind: "forced" }, from, SECOND);
  // A site in the primary's own region may not act, whoever asks it to.
  const atHome = { ...drawCall(random, "failover", at), site: "weu" };
  const homeAt = Math.round(random.between(7, 9) * MINUTE);
  const later = random.next() < 0.5 ? loss(random, LOSSES) : away(4 * MINUTE);
  return [
    ...(random.next() < 0.5 ? [away(SETTLED_MS)] : [atHome, later]),
    ...(random.next() < 0.4 ? [lastFor(inTheWay, 0, CALM_FROM_MS)] : []),
    drawCall(random, "failover", at + MINUTE),
    { ...drawCall(random, "failback", homeAt), site: "neu" },
    drawCall(random, "failback", homeAt + MINUTE / 2),
  ];
}

function calledIn(random: Random): ReturnType<NonNullable<Story["config"]>> {
  return random.next() < 0.35 ? { mode: "observe" } : { mode: "automatic" };
}

/** What may be in the way of going home, from some time on; another tool may take its time over it. */
const HURDLES: readonly ((random: Random, at: number) => readonly Move[])[] = [
  (r, at) => [
    lastFor({ fault: "replication-lag", seconds: Math.round(r.between(40, 120)) }, at, 2 * MINUTE),
  ],
  (_, at) => [lastFor({ fault: "writes-hang", on: "partner" }, at, 2 * MINUTE)],
  (_, at) => [lastFor({ fault: "instance-down", on: "home" }, at, 2 * MINUTE)],
  // No proof from before stands.
  () => [lastFor({ fault: "key-check-silent", on: "home" }, 0, CALM_FROM_MS + 2 * MINUTE)],
  (_, at) => [
    lastFor({ fault: "failover-slow", seconds: 150 }, at, MINUTE),
    lastFor({ fault: "other-failover", kind: "planned" }, at, SECOND),
  ],
  (_, at) => [lastFor({ fault: "operation-running", on: "home", name: "UPDATE" }, at, 3 * MINUTE)],
];

/** Away, and home again: what may come in between comes while the way home is waited for. */
function wayHome(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const forMs = Math.round(random.between(240, 280)) * SECOND;
  const hurdleAt = Math.round(random.between(7.5, 9.5) * MINUTE);
  const hurdle = pick(random, HURDLES)(random, hurdleAt);
  const callAt = Math.round(random.between(8, 10) * MINUTE);
  return [
    lastFor(pick(random, LOSSES)(random), at, forMs),
    ...(random.next() < 0.8 ? hurdle : []),
    ...(random.next() < 0.5 ? [drawCall(random, "failback", callAt)] : []),
    ...drawAnswers(random, 0.4),
  ];
}

function homeBy(random: Random): ReturnType<NonNullable<Story["config"]>> {
  const home = pick(random, [
    ...(["automatic", "automatic", "automatic", "approve"] as const),
    ...(["automatic", "approve", "off", "by-night"] as const),
  ]);
  return { mode: "automatic", home };
}
