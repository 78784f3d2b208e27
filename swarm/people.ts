// What people do in a run: pause, answer, call.

import type { Random } from "functions-host/random";
import type { Move } from "./move.ts";
import { MINUTE, pick, SECOND, SITES } from "./troubles.ts";

/** By now every site has looked, read the roles and had its key path proven. */
export const SETTLED_MS = 90 * SECOND;
/** By now every fault has ended. */
export const CALM_FROM_MS = 10 * MINUTE;

export function drawPauses(random: Random, from: number, to: number): readonly Move[] {
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
export function drawAnswers(random: Random, share: number): readonly Move[] {
  if (random.next() > share) return [];
  const sites = random.next() < 0.5 ? [pick(random, SITES)] : ["neu", pick(random, SITES)];
  const afterMs = Math.round(random.between(2, 60)) * SECOND;
  return [{ kind: "answer", says: random.next() < 0.8 ? "approve" : "deny", sites, afterMs }];
}

export function drawCall(
  random: Random,
  what: "failover" | "failback",
  at: number,
): Extract<Move, { kind: "call" }> {
  const all = ["sign-of-life", "no-majority", "cooldown", "unprotected", "key-unknown"] as const;
  return {
    kind: "call",
    at,
    site: pick(random, SITES),
    what,
    // Going home is never forced.
    failover: what === "failover" && random.next() < 0.5 ? "forced" : "planned",
    accepts: random.next() < 0.4 ? [] : all,
  };
}
