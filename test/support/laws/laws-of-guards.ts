import type { GuardFinding } from "../../../shared/domain/decision.ts";
import { GuardId } from "../../../shared/domain/guard.ts";
import { MINUTE } from "../facts.ts";
import { WINDOW_OPEN_NOW } from "../freeze.ts";
import {
  canJudge,
  changedByPerson,
  coolsDown,
  isPaused,
  keyUnproven,
  linkUnclear,
  neverFollowed,
  primaryAtWork,
  targetUndoes,
} from "./laws-of-acting.ts";
import { acts, type Law, type Seen } from "./seen.ts";

/** When each guard must be closed, read once more. Those of forcing are told of only where it is meant. */
const CLOSED_WHEN: Readonly<Record<GuardId, (seen: Seen) => boolean>> = {
  quorum: (seen) => !canJudge(seen),
  "no-token": ({ facts }) => (facts.tokenGoodForMs ?? 0) < 5 * MINUTE,
  "fresh-evidence": ({ tally }) => tally.fresh === 0,
  "claim-open": ({ facts }) => facts.claim.kind === "open",
  "claim-store": ({ facts }) => facts.claim.kind === "unknown",
  "roles-known": ({ facts: { primary, groupState: g } }) =>
    primary === null || g.kind !== "read" || g.targetRole !== "secondary",
  "operation-in-progress": ({ facts }) => facts.operation.kind === "running",
  seeding: ({ facts: { groupState: g } }) => g.kind === "read" && g.replication.kind === "seeding",
  moving: ({ facts: { groupState: g } }) => g.kind === "read" && g.replication.kind === "moving",
  "secondary-silent": ({ facts }) => facts.secondary.sql !== "answers",
  "secondary-not-ready": ({ facts }) => facts.secondary.state.kind === "not-ready",
  paused: isPaused,
  frozen: ({ policy }) => policy.freeze.includes(WINDOW_OPEN_NOW),
  "sign-of-life": ({ tally }) => tally.life,
  "no-majority": ({ tally }) => !tally.downMajority,
  "microsoft-managed": ({ facts: { groupState: g } }) =>
    g.kind === "read" && g.failoverPolicy === "automatic",
  "replication-unclear": linkUnclear,
  "secondary-unfit": ({ facts }) => facts.secondary.fitness.kind === "unfit",
  "capacity-at-target": ({ facts, policy }) =>
    policy.capacityRequired && facts.capacityAtTarget !== "ready",
  "key-unknown": keyUnproven,
  "key-denied": ({ facts }) => facts.keyPath.kind === "denied",
  "loss-unknown": ({ facts }) => facts.loss.kind === "unknown",
  "loss-over-budget": ({ facts: { loss }, policy }) =>
    loss.kind === "bounded" && loss.atMostMs > policy.lossBudgetMs,
  cooldown: coolsDown,
  unprotected: neverFollowed,
  "changed-by-person": changedByPerson,
  "operation-on-primary": primaryAtWork,
  "target-in-undo": targetUndoes,
  denied: ({ facts }) => facts.deniedAt !== null,
};

const OF_FORCING: readonly GuardId[] = [
  "sign-of-life",
  "no-majority",
  "loss-unknown",
  "loss-over-budget",
];

/** Whoever reads a decision finds every guard in it, shut for what is so and for nothing else. */
export const LAWS_OF_GUARDS: readonly Law[] = [
  {
    id: "P4",
    says: "every guard is shut when it must be, and open when it may be",
    broken: (seen) =>
      seen.decision.guards.some((found) => isShut(found) !== CLOSED_WHEN[found.guard](seen)),
  },
  {
    id: "P4",
    says: "no guard is left out",
    broken: ({ decision: { guards, kind } }) => {
      const expected = GuardId.options.length - (kind === "forced" ? 0 : OF_FORCING.length);
      return guards.length < expected || (guards.length > expected && kind === "planned");
    },
  },
  {
    id: "P3",
    says: "acts past no closed guard",
    broken: (s) => acts(s) && s.decision.guards.some(({ state }) => state === "closed"),
  },
];

function isShut({ state, because }: GuardFinding): boolean {
  return state !== "open" && because !== null;
}
