// What goes wrong in the run of a seed: a story, as incidents are told, and troubles beside it that have nothing
// to do with it. Drawn one by one they would hardly ever meet.

import { type Random, seededRandom } from "functions-host/random";
import type { Move, Plan } from "./move.ts";
import { CALM_FROM_MS, drawAnswers, drawCall, drawPauses, SETTLED_MS } from "./people.ts";
import { STORIES, type Story } from "./stories.ts";
import { drawTrouble, MINUTE, pick, SECOND, SITES } from "./troubles.ts";

export function drawPlan(seed: number): Plan {
  const random = seededRandom(seed).fork("swarm");
  const story = drawStory(random);
  const modes = random.next();
  const mode = modes < 0.05 ? "observe" : modes < 0.14 ? "approve" : "automatic";
  const config = { mode, home: "stays", ...story.config?.(random) } as const;
  const told = story.moves(random);
  const troubles = Math.floor(6 * random.next() ** 2);
  const moves = [
    ...told,
    ...Array.from({ length: troubles }, () => drawTrouble(random, SETTLED_MS, CALM_FROM_MS)),
    ...drawDeaths(random, SETTLED_MS, CALM_FROM_MS),
    ...(random.next() < 0.12 ? drawPauses(random, SETTLED_MS, 7 * MINUTE) : []),
    ...(config.mode === "approve" ? drawAnswers(random, 0.8) : []),
    ...drawCalls(random),
  ];
  // A host that dies with the request under way: half of it is done.
  const crossing = [
    ...(story.crossing?.(random) ?? []),
    ...drawDeaths(random, -SECOND, MINUTE / 2),
  ];
  return { seed, story: story.name, ...config, moves, crossing };
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

function drawDeaths(random: Random, from: number, to: number): readonly Move[] {
  return Array.from({ length: Math.floor(3 * random.next() ** 2) }, () => ({
    kind: "death" as const,
    at: Math.round(random.between(from, to)),
    site: random.next() < 0.6 ? "neu" : pick(random, SITES),
    how: pick(random, ["crash", "kill", "stop"] as const),
  }));
}

function drawCalls(random: Random): readonly Move[] {
  if (random.next() > 0.1) return [];
  const at = Math.round(random.between(SETTLED_MS, CALM_FROM_MS));
  return [drawCall(random, random.next() < 0.2 ? "failback" : "failover", at)];
}
