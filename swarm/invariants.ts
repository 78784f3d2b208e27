// What must never happen (docs/spec.md), each read from the world's ledger by one small function that gives a line
// for every breach. What a person has consented to is left to the tests of people. Times that the world and a site
// may see differently are left out: a breach that is found is one.

import type { Invariant } from "./breach.ts";
import type { Chronicle } from "./chronicle.ts";
import {
  findCooldown,
  findSecondFailover,
  findSilence,
  findTooMuch,
  findUnasked,
  findUnaudited,
  findUnbooked,
  findUnended,
  findUnpaused,
  findUntoldRefusal,
  measureLoss,
} from "./judge-ends.ts";
import {
  countBlind,
  countClaims,
  countLies,
  countVotes,
  findBusy,
  findForbidden,
  findForcedBesidePlanned,
  findForcedHome,
  findIgnoredLife,
  findLateRequests,
  findRepeats,
  findUnprovenKey,
  findUnseen,
  tellStorage,
} from "./judge-requests.ts";

/** By the ids of docs/spec.md, and two that have none there. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  I1: tellStorage,
  I2: (run) => [...findSecondFailover(run), ...findLateRequests(run), ...countClaims(run)],
  I3: findIgnoredLife,
  I4: countVotes,
  I5: findBusy,
  I6: findUnprovenKey,
  I7: measureLoss,
  I8: findForbidden,
  I9: findRepeats,
  I10: findForcedHome,
  I11: countBlind,
  I12: findUnaudited,
  I13: findCooldown,
  I14: countLies,
  I15: findUnpaused,
  I16: (run) => [...findUnbooked(run), ...findForcedBesidePlanned(run)],
  I19: findUnseen,
  L2: findUnasked,
  L3: findUnended,
  L6: findTooMuch,
  silence: (run) => [...findSilence(run), ...findUntoldRefusal(run)],
};

/** Every breach, with the id of what was broken. */
export function judge(run: Chronicle): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([id, breaches]) =>
    breaches(run).map((breach) => `${id}: ${breach}`),
  );
}
