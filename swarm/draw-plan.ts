// What goes wrong in the run of a seed: a story, as incidents are told, and troubles beside it that have nothing
// to do with it. Drawn one by one they would hardly ever meet.

import { type Random, seededRandom } from "functions-host/random";
import type { Move, Plan } from "./move.ts";
import { type Draw, drawTrouble, lastFor, MINUTE, pick, SECOND, SITES } from "./troubles.ts";

/** By now every site has looked, read the roles and had its key path proven. */
export const SETTLED_MS = 90 * SECOND;
/** By now every fault has ended. */
const CALM_FROM_MS = 10 * MINUTE;

interface Story {
  readonly name: string;
  /** In how many of a hundred seeds. */
  readonly share: number;
  readonly goesHome?: true;
  moves(random: Random): readonly Move[];
}

const LOSSES: readonly Draw[] = [
  () => ({ fault: "region-dark", region: "westeurope" }),
  () => ({ fault: "region-isolated", region: "westeurope" }),
  () => ({ fault: "instance-down", on: "home" }),
];

const GRAY: readonly Draw[] = [
  () => ({ fault: "writes-hang", on: "home" }),
  () => ({ fault: "sql-error", on: "home", number: 40613 }),
];

/** What speaks, and so is not lost: a login refused, and a number that nobody has seen. */
const ALIVE: readonly Draw[] = [
  () => ({ fault: "sql-error", on: "home", number: 18456 }),
  () => ({ fault: "sql-error", on: "home", number: 99_999 }),
  () => ({ fault: "write-error", on: "home", number: 99_998 }),
];

/** What keeps the hand still, so that a person is orders. */
const OBSTACLES: readonly Draw[] = [
  (r) => ({ fault: "replication-lag", seconds: Math.round(r.between(40, 120)) }),
  () => ({ fault: "key-denied", on: "partner" }),
  () => ({ fault: "key-unreachable", on: "partner" }),
  () => ({ fault: "key-check-silent", on: "partner" }),
  () => ({ fault: "policy-automatic" }),
  () => ({ fault: "seeding" }),
  () => ({ fault: "replication-suspended" }),
  () => ({ fault: "operation-running", on: "partner", name: "UPDATE" }),
  () => ({ fault: "instance-size", on: "partner", vCores: 4 }),
];

const STORIES: readonly Story[] = [
  { name: "loss", share: 18, moves: (r) => [loss(r, LOSSES)] },
  { name: "gray", share: 9, moves: (r) => [loss(r, GRAY), ...slowFailover(r)] },
  { name: "stuck", share: 4, moves: stuckPlanned },
  { name: "storage", share: 4, moves: failingStorage },
  { name: "flapping", share: 3, moves: flapping },
  { name: "alive", share: 5, moves: (r) => [loss(r, ALIVE)] },
  { name: "cut", share: 12, moves: cutPaths },
  { name: "lies", share: 5, moves: lies },
  { name: "peace", share: 4, moves: () => [] },
  {
    name: "obstacle",
    share: 13,
    // From the start, so that no proof from before stands.
    moves: (r) => [lasting(r, OBSTACLES), loss(r, LOSSES), ...drawAnswers(r, 0.6)],
  },
  { name: "doubt", share: 12, moves: unheardRequest },
  { name: "paused", share: 6, moves: pausedInTheAct },
  { name: "others", share: 6, moves: others },
  { name: "way-home", share: 9, goesHome: true, moves: wayHome },
];

export function drawPlan(seed: number): Plan {
  const random = seededRandom(seed).fork("swarm");
  const story = drawStory(random);
  const modes = random.next();
  const mode = modes < 0.05 ? "observe" : modes < 0.14 ? "approve" : "automatic";
  const told = story.moves(random);
  const troubles = Math.floor(6 * random.next() ** 2);
  const moves = [
    ...told,
    ...Array.from({ length: troubles }, () => drawTrouble(random, SETTLED_MS, CALM_FROM_MS)),
    ...drawDeaths(random, actingAt(told)),
    ...(random.next() < 0.12 ? drawPauses(random, SETTLED_MS, 7 * MINUTE) : []),
    ...(mode === "approve" ? drawAnswers(random, 0.8) : []),
    ...drawCalls(random),
  ];
  return { seed, story: story.name, mode, goesHome: story.goesHome ?? false, moves };
}

function drawStory(random: Random): Story {
  let left = random.next() * STORIES.reduce((sum, { share }) => sum + share, 0);
  const found = STORIES.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  if (found === undefined) throw new Error("Cannot draw a story: nothing to draw from");
  return found;
}

/** Most of the losses last longer than the grace. */
function loss(random: Random, from: readonly Draw[]): Move {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const forMs = Math.round(MINUTE * random.between(1.5, 8.5));
  return lastFor(pick(random, from)(random), at, Math.min(forMs, CALM_FROM_MS - at));
}

/** When the grace of the first loss is over, and something is about to be sent. */
function actingAt(moves: readonly Move[]): number {
  const [lost] = moves.filter((move) => move.kind === "fault" && move.fault.at >= SETTLED_MS);
  if (lost?.kind !== "fault") return SETTLED_MS + 3 * MINUTE;
  const gray = GRAY.some((draw) => draw(seededRandom(0)).fault === lost.fault.fault);
  return lost.fault.at + (gray ? 4 : 3) * MINUTE;
}

/** Away, and home again: what may come in between comes while the way home is waited for. */
function wayHome(random: Random): readonly Move[] {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  const lost = lastFor(
    pick(random, LOSSES)(random),
    at,
    Math.round(random.between(240, 280)) * SECOND,
  );
  const hurdles: readonly Draw[] = [
    (r) => ({ fault: "replication-lag", seconds: Math.round(r.between(40, 120)) }),
    () => ({ fault: "writes-hang", on: "partner" }),
    () => ({ fault: "instance-down", on: "home" }),
    () => ({ fault: "key-denied", on: "home" }),
    () => ({ fault: "other-failover", kind: "planned" }),
    () => ({ fault: "seeding" }),
  ];
  const hurdle = (): Move =>
    lastFor(pick(random, hurdles)(random), Math.round(random.between(6, 9) * MINUTE), 2 * MINUTE);
  const called: Move = {
    kind: "call",
    at: Math.round(random.between(7, 12) * MINUTE),
    site: pick(random, SITES),
    what: "failback",
    failover: random.next() < 0.8 ? "planned" : "forced",
    accepts: random.next() < 0.5 ? [] : ["cooldown"],
  };
  return [
    lost,
    ...(random.next() < 0.6 ? [hurdle()] : []),
    ...(random.next() < 0.5 ? [called] : []),
    ...drawAnswers(random, 0.4),
  ];
}

/** A planned failover that cannot end, because of one database or of all. */
function stuckPlanned(random: Random): readonly Move[] {
  const database = random.next() < 0.4 ? { database: "reports" } : {};
  return [
    loss(random, GRAY),
    lastFor({ fault: "planned-stuck", ...database }, 0, CALM_FROM_MS),
    ...drawAnswers(random, 0.4),
  ];
}

/** Storage that fails first, and an instance that is gone a minute later. */
function failingStorage(random: Random): readonly Move[] {
  const failing = loss(random, [() => ({ fault: "write-error", on: "home", number: 823 })]);
  const gone = loss(random, [() => ({ fault: "instance-down", on: "home" })]);
  return random.next() < 0.5 || gone.kind !== "fault"
    ? [failing]
    : [failing, { ...gone, fault: { ...gone.fault, at: gone.fault.at + MINUTE } }];
}

/** Outages that come and go. */
function flapping(random: Random): readonly Move[] {
  const forMs = Math.round(random.between(40, 100)) * SECOND;
  return [0, 1, 2, 3].map((times) =>
    lastFor(
      { fault: "instance-down", on: "home" },
      SETTLED_MS + times * 130 * SECOND,
      times === 3 ? 2 * forMs : forMs,
    ),
  );
}

/** One that speaks for all, or two against one that sees what is so. */
function lies(random: Random): readonly Move[] {
  const lie = (site: string, how: "down" | "for-others"): Move =>
    lastFor({ fault: "peer-lies", site, how }, SETTLED_MS, CALM_FROM_MS - SETTLED_MS);
  const quiet = lastFor({ fault: "replication-suspended" }, SETTLED_MS, CALM_FROM_MS - SETTLED_MS);
  return random.next() < 0.5
    ? [lie("sec", "for-others"), quiet]
    : [lie("sec", "down"), lie("weu", "down"), quiet];
}

/** Somebody pauses while the request is on its way, and Azure takes its time. */
function pausedInTheAct(random: Random): readonly Move[] {
  const lost = loss(random, LOSSES);
  const at = actingAt([lost]);
  const slow = lastFor(
    { fault: "arm-slow", ms: Math.round(random.between(3_000, 7_000)) },
    at - MINUTE,
    4 * MINUTE,
  );
  return [lost, slow, ...drawPauses(random, at + 5 * SECOND, at + 40 * SECOND)];
}

function lasting(random: Random, from: readonly Draw[]): Move {
  const sinceStart = random.next() < 0.6;
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

/** A loss, and a request that is answered late, never, or after it has taken effect long ago. */
function unheardRequest(random: Random): readonly Move[] {
  const lost = loss(random, random.next() < 0.6 ? LOSSES : GRAY);
  const unheard: readonly Draw[] = [
    () => ({ fault: "arm-answer-lost" }),
    () => ({ fault: "arm-answer-lost" }),
    (r) => ({ fault: "arm-late", seconds: Math.round(r.between(5, 90)) }),
    () => ({ fault: "arm-down" }),
    (r) => ({ fault: "arm-slow", ms: Math.round(r.between(4_000, 15_000)) }),
    () => ({
      fault: "arm-refuses",
      region: "northeurope",
      code: "AuthorizationFailed",
      status: 403,
    }),
    () => ({ fault: "arm-refuses", region: "northeurope", code: "NeverSeenBefore", status: 409 }),
  ];
  const at = actingAt([lost]) + Math.round(random.between(0, 25)) * SECOND;
  const forMs = Math.round(random.between(15, 150)) * SECOND;
  return [lost, lastFor(pick(random, unheard)(random), at, forMs), ...slowFailover(random)];
}

function slowFailover(random: Random): readonly Move[] {
  if (random.next() < 0.4) return [];
  const seconds = Math.round(random.between(30, 420));
  return [lastFor({ fault: "failover-slow", seconds }, 0, CALM_FROM_MS)];
}

/** Another tool fails over, often so that it ends just when our own request would leave. */
function others(random: Random): readonly Move[] {
  const lost = loss(random, random.next() < 0.8 ? LOSSES : GRAY);
  const crossing = random.next() < 0.7;
  const at = crossing
    ? actingAt([lost]) - Math.round(random.between(2, 20)) * SECOND
    : Math.round(random.between(SETTLED_MS, 6 * MINUTE));
  const kind = crossing ? "forced" : pick(random, ["forced", "planned"]);
  // Whoever tells people before the request, and waits for it, reads the roles again after it.
  const slow = lastFor({ fault: "notifier-down" }, at - MINUTE, 4 * MINUTE);
  return [
    lost,
    lastFor({ fault: "other-failover", kind }, at, SECOND),
    ...(crossing ? [slow] : []),
  ];
}

/** Half of them while a request is under way, if there is one. */
function drawDeaths(random: Random, acting: number): readonly Move[] {
  return Array.from({ length: Math.floor(5 * random.next() ** 2) }, () => ({
    kind: "death" as const,
    at: Math.round(
      random.next() < 0.5
        ? random.between(acting + 5 * SECOND, acting + MINUTE)
        : random.between(SETTLED_MS, CALM_FROM_MS),
    ),
    site: random.next() < 0.6 ? "neu" : pick(random, SITES),
    how: pick(random, ["crash", "kill", "stop"] as const),
  }));
}

function drawPauses(random: Random, from: number, to: number): readonly Move[] {
  return Array.from({ length: 1 + Math.floor(2 * random.next()) }, (_, index) => {
    const at = Math.round(random.between(from, to));
    return {
      kind: "pause" as const,
      at,
      site: pick(random, SITES),
      owner: `owner-${index}`,
      liftedAt: random.next() < 0.8 ? Math.round(at + random.between(5, 180) * SECOND) : null,
    };
  });
}

/** One person, or two who know nothing of each other, or one who presses twice. */
function drawAnswers(random: Random, share: number): readonly Move[] {
  if (random.next() > share) return [];
  const sites = random.next() < 0.5 ? [pick(random, SITES)] : ["neu", pick(random, SITES)];
  const afterMs = Math.round(random.between(2, 60)) * SECOND;
  return [{ kind: "answer", says: random.next() < 0.8 ? "approve" : "deny", sites, afterMs }];
}

function drawCalls(random: Random): readonly Move[] {
  if (random.next() > 0.15) return [];
  return [
    {
      kind: "call",
      at: Math.round(random.between(SETTLED_MS, CALM_FROM_MS)),
      site: pick(random, SITES),
      what: random.next() < 0.2 ? "failback" : "failover",
      failover: pick(random, ["planned", "forced"]),
      accepts: random.next() < 0.6 ? [] : ["sign-of-life", "no-majority", "cooldown"],
    },
  ];
}
