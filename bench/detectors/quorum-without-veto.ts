import { PLACES } from "../../judge/sources.ts";
import type { Detector } from "./detector.ts";

const PING_MS = 1_000;
const DOWN_AFTER_MS = 30_000;
const QUORUM = 2;

/** k of n vantages have had no answer for so long; whoever still has one is outvoted. */
export const quorumWithoutVeto: Detector = {
  name: "2 of 3 vantages, no veto",
  defaults: "Redis Sentinel: quorum 2, down-after-milliseconds 30000, a ping every second",
  decide: (looks, endMs) => {
    const answeredAt = new Map(PLACES.map((place) => [place, 0]));
    for (let atMs = 0; atMs < endMs; atMs += PING_MS) {
      let down = 0;
      for (const place of PLACES) {
        const answered = looks.answered(place, atMs);
        if (answered !== false) answeredAt.set(place, atMs);
        else if (atMs - (answeredAt.get(place) ?? 0) >= DOWN_AFTER_MS) down++;
      }
      if (down >= QUORUM) return atMs;
    }
    return null;
  },
};
