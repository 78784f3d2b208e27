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
  () => ({ fault: "operation-running", on: "partner", name: "UPDATE" }),
  () => ({ fault: "instance-size", on: "partner", vCores: 4 }),
];

const STORIES: readonly Story[] = [
  { name: "loss", share: 26, moves: (r) => [loss(r, LOSSES)] },
  { name: "gray", share: 12, moves: (r) => [loss(r, GRAY), ...slowFailover(r)] },
  {
    name: "storage",
    share: 4,
    moves: (r) => [loss(r, [() => ({ fault: "write-error", on: "home", number: 823 })])],
  },
  { name: "alive", share: 5, moves: (r) => [loss(r, ALIVE)] },
  { name: "cut", share: 14, moves: cutPaths },
  { name: "peace", share: 5, moves: () => [] },
  {
    name: "obstacle",
    share: 14,
    // From the start, so that no proof from before stands.
    moves: (r) => [lasting(r, OBSTACLES), loss(r, LOSSES), ...drawAnswers(r, 0.8)],
  },
  { name: "doubt", share: 10, moves: unheardRequest },
  { name: "others", share: 4, moves: (r) => [others(r), loss(r, [...LOSSES, ...GRAY])] },
  {
    name: "way-home",
    share: 6,
    goesHome: true,
    moves: (r) => [shortLoss(r), ...drawAnswers(r, 0.5)],
  },
];

export function drawPlan(seed: number): Plan {
  const random = seededRandom(seed).fork("swarm");
  const story = drawStory(random);
  const modes = random.next();
  const mode = modes < 0.04 ? "observe" : modes < 0.14 ? "approve" : "automatic";
  const troubles = Math.floor(5 * random.next() ** 2);
  const moves = [
    ...story.moves(random),
    ...Array.from({ length: troubles }, () => drawTrouble(random, SETTLED_MS, CALM_FROM_MS)),
    ...drawDeaths(random),
    ...drawPauses(random),
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

function shortLoss(random: Random): Move {
  const at = Math.round(random.between(SETTLED_MS, 2 * MINUTE));
  return lastFor(pick(random, LOSSES)(random), at, Math.round(random.between(240, 280)) * SECOND);
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
  const lost = loss(random, [...LOSSES, ...GRAY]);
  const at = Math.round(random.between(4, 5) * MINUTE);
  const unheard: readonly Draw[] = [
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
  const forMs = Math.round(random.between(20, 200)) * SECOND;
  return [lost, lastFor(pick(random, unheard)(random), at, forMs), ...slowFailover(random)];
}

function slowFailover(random: Random): readonly Move[] {
  if (random.next() < 0.5) return [];
  const seconds = Math.round(random.between(30, 420));
  return [lastFor({ fault: "failover-slow", seconds }, 0, CALM_FROM_MS)];
}

function others(random: Random): Move {
  const at = Math.round(random.between(SETTLED_MS, 6 * MINUTE));
  return lastFor(
    { fault: "other-failover", kind: pick(random, ["forced", "planned"]) },
    at,
    SECOND,
  );
}

/** Half of them in the minutes in which a failover is under way, if there is one. */
function drawDeaths(random: Random): readonly Move[] {
  const acting = SETTLED_MS + 3 * MINUTE;
  return Array.from({ length: Math.floor(5 * random.next() ** 2) }, () => ({
    kind: "death" as const,
    at: Math.round(
      random.next() < 0.5
        ? random.between(acting, acting + 3 * MINUTE)
        : random.between(SETTLED_MS, CALM_FROM_MS),
    ),
    site: random.next() < 0.6 ? "neu" : pick(random, SITES),
    how: pick(random, ["crash", "kill", "stop"] as const),
  }));
}

function drawPauses(random: Random): readonly Move[] {
  if (random.next() > 0.18) return [];
  return Array.from({ length: 1 + Math.floor(2 * random.next()) }, (_, index) => {
    const at = Math.round(random.between(SETTLED_MS, 7 * MINUTE));
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
  if (random.next() > 0.12) return [];
  const home = random.next() < 0.3;
  return [
    {
      kind: "call",
      at: Math.round(random.between(SETTLED_MS, CALM_FROM_MS)),
      site: pick(random, SITES),
      what: home ? "failback" : "failover",
      failover: pick(random, ["planned", "forced"]),
      accepts: random.next() < 0.5 ? [] : ["sign-of-life", "no-majority", "cooldown"],
    },
  ];
}
